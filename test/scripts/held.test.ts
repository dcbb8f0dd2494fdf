/**
 * What a person at a terminal sees and can do while a command of theirs is held: the system's ssh, a real sshd, and the
 * same keys in a session in which nothing is held, to compare the screens.
 */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Person, runProgram, startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'

let bastion: TestBastion
let bob: Person
let key: string
const opened: TestTerminal[] = []

beforeAll(async () => {
  bastion = await startTestBastion()
  bob = await bastion.person('bob')
  key = await bastion.boundKey('alice')
})

afterEach(() => {
  for (const terminal of opened.splice(0)) terminal.kill()
})

afterAll(() => bastion?.close())

async function shell(target = 'web-1', ...more: readonly string[]): Promise<TestTerminal> {
  const terminal = bastion.ssh(target, '-i', key, ...more)
  opened.push(terminal)
  await terminal.shows('$ ')
  terminal.mark()
  return terminal
}

const LEFT = /(\d+):(\d\d) left/g

/** The times that the status line has told so far, in seconds. */
function timesLeft(terminal: TestTerminal): readonly number[] {
  return [...terminal.shown().matchAll(LEFT)].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds))
}

const stateOf = async (hold: string) => (await bob.json<{ state: { kind: string } }>(`holds/${hold}`)).state.kind

describe('the line that says what is held', () => {
  it('stands on the row of the command, counts down, survives a resize, and is gone after a rejection', async () => {
    const terminal = await shell()
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows(/\d left/)
    expect(terminal.text()).toMatch(/■ held: rm -rf \/srv\/data\/old.*asked sre.*left/)
    await terminal.until(() => new Set(timesLeft(terminal)).size >= 3, 10_000)
    const times = timesLeft(terminal)
    expect(times.at(-1)).toBeLessThan(times[0]!)
    expect(terminal.text().match(/■ held/g)).toHaveLength(1)

    terminal.mark()
    terminal.resize(70, 20)
    await terminal.shows('■ held: rm')
    await terminal.until(() => new Set(timesLeft(terminal)).size >= 2, 10_000)
    expect(terminal.text().match(/■ held/g)).toHaveLength(1)

    const hold = await bob.hold('rm -rf /srv/data/old')
    expect(JSON.stringify(await bob.json(`holds/${hold}`))).not.toContain('■ held')
    expect((await bob.decide(hold, 'reject', 'not today')).status).toBe(201)
    await terminal.shows('✗ not run: rejected by bob: not today')
    await terminal.shows('$ ')
    expect(terminal.text()).not.toContain('■ held')

    terminal.mark()
    terminal.type('\x1b[A')
    await terminal.shows('rm -rf /srv/data/old')
    terminal.type('\x15')
  })

  it('is gone after an approval, and the screen is that of a session in which nothing was held', async () => {
    const held = await shell()
    held.type('mkdir -p /tmp/held/a && ls /tmp/held\r')
    await held.shows('■ held: mkdir')
    held.resize(90, 25)
    await bob.decide(await bob.hold('mkdir -p /tmp/held/a'), 'approve', 'go')
    // The word of the approval stays for a moment over the command that runs; a key takes it away.
    await held.shows('✓ approved by bob')
    expect(await held.until(() => /^a\n\S+\$/m.test(held.text()), 20_000)).toBe(true)
    // The shell has the size that the window was given while its command was held.
    held.type('echo $LINES-$COLUMNS\r')
    await held.until(() => /^25-90\n\S+\$$/m.test(held.text()), 10_000)

    // /tmp/held is there by now, so that it reads alone: the same keys and the same output.
    const plain = await shell()
    plain.resize(90, 25)
    plain.type('echo -p /tmp/held/a && ls /tmp/held\r')
    expect(await plain.until(() => /^a\n\S+\$/m.test(plain.text()), 20_000)).toBe(true)
    plain.type('echo $LINES-$COLUMNS\r')
    await plain.until(() => /^25-90\n\S+\$$/m.test(plain.text()), 10_000)
    const session = (terminal: TestTerminal) => {
      const text = terminal.text()
      return text
        .slice(text.indexOf('deploy@web-1:'))
        .replace('mkdir -p', 'echo -p')
        .replace('\n-p /tmp/held/a\n', '\n')
    }
    expect(session(held)).toBe(session(plain))
  })

  it('takes a reason with r, which the reviewer reads, and goes on waiting', async () => {
    const terminal = await shell()
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('r adds a reason')
    const hold = await bob.hold('rm -rf /srv/data/old')
    terminal.type('r')
    await terminal.shows('■ why: ')
    terminal.type('left\x03')
    terminal.mark()
    await terminal.shows('■ held: rm')
    terminal.type('rticket 4712\x7f1')
    await terminal.shows('■ why: ticket 4711')
    terminal.type('\r')
    await terminal.shows('your reason was added')
    const { explanations } = await bob.json<{ explanations: readonly { text: string }[] }>(`holds/${hold}`)
    expect(explanations.map(({ text }) => text)).toEqual(['ticket 4711'])
    expect(await stateOf(hold)).toBe('pending')
    terminal.type('\x03')
    await terminal.shows('✗ not run: withdrawn')
    expect(terminal.text()).not.toContain('■')
  })

  it('shows what a reviewer asks, and r answers', async () => {
    const terminal = await shell()
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('r adds a reason')
    const hold = await bob.hold('rm -rf /srv/data/old')
    const said = await bob.api(`holds/${hold}/words`, { method: 'POST', body: { text: 'which ticket?' } })
    expect(said.status).toBe(201)
    await terminal.shows('? bob asks: which ticket?')
    // The line that says what is held is still there, once.
    await terminal.until(() => terminal.text().match(/■ held/g)?.length === 1, 5_000)
    terminal.type('r4711\r')
    await terminal.shows('your reason was added')
    const { explanations } = await bob.json<{ explanations: readonly { text: string; askedBy: unknown }[] }>(
      `holds/${hold}`,
    )
    expect(explanations.map(({ text, askedBy }) => [text, askedBy !== null])).toEqual([
      ['which ticket?', true],
      ['4711', false],
    ])
    terminal.type('\x03')
    await terminal.shows('✗ not run: withdrawn')
    expect(terminal.text()).not.toContain('■')
    expect(terminal.text()).toContain('? bob asks: which ticket?')
  })

  it('lets the output of background jobs flow', async () => {
    const terminal = await shell()
    terminal.type('(sleep 2; echo tick-1; sleep 2; echo tick-2) &\r')
    await terminal.shows(/\[1\] \d+/)
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('■ held: rm')
    terminal.mark()
    await terminal.shows('tick-2')
    await terminal.until(() => terminal.text().includes('■ held'), 5_000)
    const lines = terminal.text().split('\n')
    expect(lines.filter((line) => line.includes('■ held'))).toHaveLength(1)
    expect(lines.find((line) => line.startsWith('tick-2'))).toMatch(/tick-2$/)
    terminal.type('\x03')
    await terminal.shows('✗ not run: withdrawn')
    expect(terminal.text()).not.toContain('■ held')
  })
})

describe('while a command is held', () => {
  it('other channels of the same connection go on', async () => {
    const socket = join(bastion.folder, 'held-mux')
    const terminal = await shell('web-1', '-M', '-S', socket)
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('■ held: rm')
    const other = await runProgram('ssh', ['-F', 'none', '-S', socket, 'x', 'ls /srv'])
    expect(other.stdout.toString()).toBe('data\n')
    terminal.type('\x03')
    await terminal.shows('✗ not run: withdrawn')
  })

  it('a lost connection takes the request back', async () => {
    const terminal = await shell()
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('■ held: rm')
    const hold = await bob.hold('rm -rf /srv/data/old')
    terminal.kill('SIGKILL')
    await until(async () => (await stateOf(hold)) === 'withdrawn')
    expect((await bob.decide(hold, 'approve', 'too late')).status).toBe(409)
  })

  it('the loss of the reviewer’s page changes nothing', async () => {
    const terminal = await shell()
    const page = new AbortController()
    const events = await fetch(`${bastion.web}/api/v1/events`, {
      headers: { cookie: bob.browser.cookiesFor(bastion.web) },
      signal: page.signal,
    })
    expect(events.status).toBe(200)
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('■ held: rm')
    const hold = await bob.hold('rm -rf /srv/data/old')
    page.abort()
    await terminal.until(() => new Set(timesLeft(terminal)).size >= 3, 10_000)
    expect(await stateOf(hold)).toBe('pending')
    terminal.type('\x03')
    await terminal.shows('✗ not run: withdrawn')
    expect(await stateOf(hold)).toBe('withdrawn')
  })
})
