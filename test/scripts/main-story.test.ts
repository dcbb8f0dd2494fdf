/**
 * The main story, as a person lives it: the system's ssh on a real pseudo-terminal, a real identity provider, a real
 * sshd, a second person in a browser, and what is left of it all in the recording and the audit log.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyBundle } from '../../src/bundle/verify.ts'
import { castV2 } from '../../src/recording/asciicast-reader.ts'
import { consent, invitationIn, type Person, startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'

let bastion: TestBastion
let alice: Person
let bob: Person
let key: string
let terminal: TestTerminal

beforeAll(async () => {
  bastion = await startTestBastion()
  ;[alice, bob] = await Promise.all([bastion.person('alice'), bastion.person('bob')])
  key = bastion.newKey('alice')
})

afterAll(async () => {
  terminal?.kill()
  await bastion?.close()
})

describe('signing in', () => {
  it('shows a link, a code and two words, and goes on within 300 ms of the click, without Enter', async () => {
    terminal = bastion.ssh('web-1', '-i', key)
    await terminal.shows('this terminal then goes on by itself')
    const { code, words, link } = invitationIn(terminal.text())
    expect(link).toBe(`${bastion.web}/d/${code}`)
    expect(words).toMatch(/^[a-z]+ [a-z]+$/)

    const view = await alice.json<Record<string, unknown>>(`logins/${code}`)
    const print = spawnSync('ssh-keygen', ['-lf', `${key}.pub`], { encoding: 'utf8' }).stdout.split(' ')[1]
    expect(view).toMatchObject({
      target: 'web-1',
      address: '127.0.0.1',
      fingerprint: print,
      waitsFor: 'identity',
      choices: [],
    })
    expect(view.clientVersion).toMatch(/^OpenSSH_/)

    const shown = terminal.shows('alice · deploy@web-1 · recorded')
    const { response } = await consent(alice, code, words)
    expect(response.status).toBe(204)
    await shown
    await terminal.shows('deploy@web-1:~$ ')
  })

  it('refuses a second use of the code', async () => {
    const { code } = invitationIn(terminal.text())
    const again = await alice.api(`logins/${code}`)
    expect(again.status).toBe(404)
    expect(await again.text()).toContain('Connect again for a new one')
  })

  it('bound the key that the client proved, so the next ssh goes straight in', async () => {
    const next = await bastion.run('web-1', 'echo straight in', { key })
    expect(next).toMatchObject({ status: 0, stderr: '' })
    expect(next.stdout.toString()).toBe('straight in\n')
    const events = await bastion.audit('key.bound', 'key.used')
    expect(events.map((event) => event.type)).toEqual(['key.used', 'key.bound'])
  })
})

describe('signing in without a key', () => {
  it('works as well; nothing is bound, so the next time asks again', async () => {
    const bare = bastion.ssh('web-1')
    await bastion.signIn(bare, alice)
    await bare.shows('alice · deploy@web-1 · recorded · no key bound')
    await bare.shows('$ ')
    bare.type('exit 5\r')
    expect(await bare.exited).toBe(5)
    const again = bastion.ssh('web-1')
    await again.shows('Sign in to reach web-1')
    again.kill()
  })
})

describe('a normal shell', () => {
  it('runs what only reads at once', async () => {
    terminal.mark()
    terminal.type('ls /srv/data\r')
    await terminal.shows(/old\s+reports/)
  })

  it('completes, recalls history, resizes, and tells exit statuses', async () => {
    terminal.mark()
    terminal.type('ls /srv/data/rep\t')
    await terminal.shows('ls /srv/data/reports/')
    terminal.type('\r')
    await terminal.shows('2026-q3.csv')
    terminal.mark()
    terminal.type('\x1b[A')
    await terminal.shows('ls /srv/data/reports/')
    terminal.type('\x15')
    terminal.resize(72, 20)
    terminal.mark()
    terminal.type('stty size\r')
    await terminal.shows('20 72')
    terminal.resize(100, 30)
    terminal.mark()
    terminal.type('false\r')
    terminal.type('echo status $?\r')
    await terminal.shows('status 1')
  })

  it('takes Ctrl-C to the program', async () => {
    terminal.mark()
    terminal.type('sleep 100\r')
    await terminal.shows('sleep 100')
    await until(() => spawnSync('pgrep', ['-f', '^sleep 100$']).status === 0)
    terminal.type('\x03')
    await terminal.shows('$ ')
    terminal.mark()
    terminal.type('echo back $?\r')
    await terminal.shows('back 130')
  })
})

describe('a held line', () => {
  it('says why, under which rule, who was asked and how long it waits; Ctrl-C withdraws', async () => {
    terminal.resize(130, 30)
    terminal.mark()
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('■ held: rm -rf /srv/data/old')
    await terminal.shows(/· rule “ask before change” · asked sre.* · 1[45]:\d\d left · Ctrl-C takes it back/)
    const hold = await bob.hold('rm -rf /srv/data/old')
    terminal.type('\x03')
    await terminal.shows('✗ not run: withdrawn')
    await terminal.shows('$ ')
    terminal.resize(100, 30)
    expect((await bob.decide(hold, 'approve', 'too late')).status).toBe(409)
    await expectExists('/srv/data/old')
  })

  it('shows the reviewer the exact text, its effects, the target, the requester and the screen', async () => {
    terminal.mark()
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('■ held')
    const id = await bob.hold('rm -rf /srv/data/old')
    const hold = await bob.json<Record<string, unknown>>(`holds/${id}`)
    expect(hold).toMatchObject({ text: 'rm -rf /srv/data/old', effects: ['destroy'], assurance: 'stepped' })
    const page = JSON.stringify(hold)
    expect(page).toContain('web-1')
    expect(page).toContain('alice')
    expect(page).toContain('$ rm -rf /srv/data/old')
  })

  it('cannot be approved by the one who asked, and the attempt is an audit event (fault 43)', async () => {
    const id = await bob.hold('rm -rf /srv/data/old')
    const answer = await alice.decide(id, 'approve', 'it is only me')
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('You asked for this command yourself')
    const [event] = await bastion.audit('decision.refused')
    expect(event).toMatchObject({ actorName: 'alice', hold: id })
  })

  it('keeps what is typed meanwhile, and forwards none of it', async () => {
    terminal.mark()
    terminal.type('echo kept for later\r')
    await terminal.shows(/typed ahead: \d+/)
    const id = await bob.hold('rm -rf /srv/data/old')
    expect((await bob.json<{ state: { kind: string } }>(`holds/${id}`)).state.kind).toBe('pending')
    expect(terminal.text()).not.toContain('kept for later')
  })

  it('is rejected with a reason: nothing runs, the reason is shown, the session goes on', async () => {
    const id = await bob.hold('rm -rf /srv/data/old')
    expect((await bob.decide(id, 'reject')).status).toBe(400)
    expect((await bob.decide(id, 'reject', 'not before the backup')).status).toBe(201)
    await terminal.shows('✗ not run: rejected by bob: not before the backup')
    await terminal.shows('\nkept for later\n')
    await expectExists('/srv/data/old')
  })

  it('runs with the approval, and only what was approved', async () => {
    terminal.mark()
    terminal.type('rm -rf /srv/data/old && echo gone\r')
    await terminal.shows('■ held: rm -rf /srv/data/old')
    const id = await bob.hold('rm -rf /srv/data/old')
    const ran = terminal.until(() => /^gone$/m.test(terminal.text()), 20_000)
    expect((await bob.decide(id, 'approve', 'backup is done')).status).toBe(201)
    await ran
    await terminal.shows('✓ approved by bob')
    await until(
      async () =>
        (await bob.json<{ state: { kind: string; exitStatus?: number } }>(`holds/${id}`)).state.kind === 'done',
    )
    terminal.mark()
    terminal.type('ls /srv/data\r')
    await terminal.shows('reports')
    expect(terminal.text().split('\n').slice(-3).join('\n')).not.toContain('old')
  })
})

describe('a refusal', () => {
  it('leaves the shell as it was: not in POSIX mode, functions still seen through', async () => {
    terminal.mark()
    terminal.type('rm /srv/data/reports/2026-q3.csv\r')
    await terminal.shows('held: rm')
    terminal.type('\x03')
    await terminal.shows('withdrawn')
    await terminal.shows('$ ')
    terminal.mark()
    terminal.type('set -o | grep posix\r')
    await terminal.shows(/posix\s+off/)
    terminal.mark()
    terminal.type('look() { ls -d /srv; }; look\r')
    await terminal.shows('\n/srv\n')
  })
})

describe('an editor', () => {
  it('is held as an escape; once approved, its keys pass and its screen is recorded', async () => {
    terminal.mark()
    terminal.type('vim /tmp/note\r')
    await terminal.shows('held: vim /tmp/note')
    await bob.decide(await bob.hold('vim /tmp/note'), 'approve', 'look at it together')
    await terminal.shows('"/tmp/note" [New]')
    terminal.mark()
    terminal.type('ihello from vim\x1b')
    await terminal.shows('hello from vim')
    terminal.mark()
    terminal.type(':q!\r')
    await terminal.shows('$ ')
    terminal.mark()
    terminal.type('echo back again\r')
    await terminal.shows('\nback again')
  })
})

describe('a command given to ssh', () => {
  const command = 'rm -rf /srv/data/reports && echo removed && exit 3'

  it('waits with its message on stderr, runs after approval and returns its exit status', async () => {
    const running = bastion.run('web-1', command, {
      key,
      onStderr: [
        'request',
        () => void bob.hold('rm -rf /srv/data/reports').then((id) => bob.decide(id, 'approve', 'go')),
      ],
    })
    const result = await running
    expect(result.stderr).toContain('■ held')
    expect(result.stderr).toContain('✓ approved by bob')
    expect(result.stdout.toString()).toBe('removed\n')
    expect(result.status).toBe(3)
  })

  it('ends with status 77 and the reason when it is rejected', async () => {
    const result = await bastion.run('web-1', 'rm -rf /srv/data', {
      key,
      onStderr: ['request', () => void bob.hold('rm -rf /srv/data').then((id) => bob.decide(id, 'reject', 'never'))],
    })
    expect(result.status).toBe(77)
    expect(result.stderr).toContain('rejected by bob: never')
    expect(result.stdout.toString()).toBe('')
  })
})

describe('the recording', () => {
  let session: string
  let cast: string

  it('is an asciicast v3 with markers for hold and decision, and nothing of the gate’s own traffic', async () => {
    terminal.mark()
    terminal.type('exit\r')
    expect(await terminal.exited).toBe(0)
    const carol = await bastion.person('carol')
    const { sessions } = await carol.json<{ sessions: { id: string; kind: string }[] }>('sessions')
    session = sessions.findLast((each) => each.kind === 'shell')!.id
    const response = await carol.api(`recordings/${session}/cast`)
    expect(response.status).toBe(200)
    cast = await response.text()
    const lines = cast.trim().split('\n')
    expect(JSON.parse(lines[0]!)).toMatchObject({ version: 3, term: { cols: 100, rows: 30 } })
    const events = lines.slice(1).map((line) => JSON.parse(line) as [number, string, string])
    const markers = events.filter(([, code]) => code === 'm').map(([, , label]) => label)
    expect(markers.some((label) => label.startsWith('held ') && label.includes('rm -rf /srv/data/old'))).toBe(true)
    expect(markers.some((label) => label.startsWith('approved by bob'))).toBe(true)
    expect(markers.some((label) => label.startsWith('rejected'))).toBe(true)
    expect(cast).not.toMatch(/[0-9a-f]{32} (?:step|line|prompt)/)
    expect(events.some(([, code, data]) => code === 'x' && data === '0')).toBe(true)
  })

  it('shows what the terminal showed, in the same order', () => {
    const shown = cast
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line) as [number, string, string])
      .filter(([, code]) => code === 'o')
      .map(([, , data]) => data)
      .join('')
    // What came before the session, the invitation, was said by the sign-in and not by the target.
    // The last sentence is ssh's own.
    const raw = terminal.raw()
    const fromTerminal = raw.slice(
      raw.indexOf('\u001b[1msallyport: alice'),
      raw.indexOf('Connection to 127.0.0.1 closed.'),
    )
    expect(shown).toBe(fromTerminal)
  })

  it('plays with Debian’s asciinema', async () => {
    const file = join(bastion.folder, 'exported.cast')
    const version = /asciinema (\d+)/.exec(spawnSync('asciinema', ['--version'], { encoding: 'utf8' }).stdout)?.[1]
    let text = cast
    if (Number(version) < 3) {
      // Debian 12 ships asciinema 2.x, which reads v2; `sallyport recordings export --format v2` writes this.
      text = (
        await Array.fromAsync(
          castV2(
            (async function* () {
              yield Buffer.from(cast)
            })(),
          ),
        )
      ).join('')
    }
    writeFileSync(file, text)
    const played = spawnSync('asciinema', ['play', '-i', '0.01', '-s', '1000', file], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(played.status).toBe(0)
    expect(played.stdout).toContain('held: rm -rf /srv/data/old')
  })

  it('may be opened by the auditor, its own person and a reviewer of its holds; by nobody else (fault 36)', async () => {
    const statusFor = async (name: string) =>
      (await (await bastion.person(name)).api(`recordings/${session}/cast`)).status
    expect(await statusFor('carol')).toBe(200)
    expect(await statusFor('alice')).toBe(200)
    expect(await statusFor('erin')).toBe(200)
    expect(await statusFor('dave')).toBe(403)
    expect((await fetch(`${bastion.web}/api/v1/recordings/${session}/cast`)).status).toBe(401)
    const bundle = await (await bastion.person('carol')).api(`recordings/${session}/bundle`)
    const report = await verifyBundle(new Blob([await bundle.arrayBuffer()]))
    expect(report).toMatchObject({ findings: [], sessions: 1, untoldBytes: 0 })
    const views = await bastion.audit('recording.viewed', 'recording.refused')
    expect(views.some((event) => event.type === 'recording.refused' && event.actorName === 'dave')).toBe(true)
  })
})

describe('the audit log', () => {
  it('has every step, each before its effect', async () => {
    const events = [...(await bastion.audit())].reverse()
    const order = [
      'login.started',
      'login.approved',
      'key.bound',
      'recording.started',
      'session.opened',
      'upstream.opened',
      'command.held',
      'hold.withdrawn',
      'hold.rejected',
      'hold.approved',
      'command.released',
      'command.finished',
    ]
    let at = -1
    for (const type of order) {
      const next = events.findIndex((event, index) => index > at && event.type === type)
      expect(next, `${type} after ${events[at]?.type}`).toBeGreaterThan(at)
      at = next
    }
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => events[0]!.seq + index))
  })

  it('holds no secret, and neither does the log', async () => {
    const text = JSON.stringify(await bastion.audit()) + bastion.log()
    expect(text).not.toContain('PRIVATE KEY')
    expect(text).not.toContain(readFileSync(join(bastion.folder, 'client-secret'), 'utf8'))
  })
})

describe('revoking a key', () => {
  it('ends the connections that came in by it, and the key is asked to sign in again', async () => {
    const live = bastion.ssh('web-1', '-i', key)
    await live.shows('deploy@web-1:~$ ')
    const { keys } = await alice.json<{ keys: { id: string }[] }>('keys')
    expect((await alice.api(`keys/${keys[0]!.id}`, { method: 'DELETE' })).status).toBeLessThan(300)
    await live.shows('The key of this connection was revoked.')
    await live.exited
    const next = bastion.ssh('web-1', '-i', key)
    await next.shows('Sign in to reach web-1')
    next.kill()
  })
})

/** Looks on the target through the bastion itself. */
async function expectExists(path: string): Promise<void> {
  const result = await bastion.run('web-1', `ls -d ${path}`, { key })
  expect(result.stdout.toString().trim()).toBe(path)
}
