/** A day at a zsh on a real sshd: what only reads runs at once, what does more waits, whatever it is wrapped in. */
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'

let bastion: TestBastion
let bob: Person
let terminal: TestTerminal

beforeAll(async () => {
  bastion = await startTestBastion({ moreLogins: [{ name: 'zoe', shell: '/usr/bin/zsh' }] })
  bob = await bastion.person('bob')
  const key = await bastion.boundKey('alice')
  terminal = bastion.ssh('zoe@web-1', '-i', key)
  await terminal.shows(PROMPT)
})

afterAll(async () => {
  terminal?.kill()
  await bastion?.close()
})

const PROMPT = /web-1% $/

async function line(text: string, shown: string | RegExp = PROMPT): Promise<void> {
  terminal.mark()
  terminal.type(`${text}\r`)
  await terminal.shows(shown)
}

describe('a zsh', () => {
  it('is a login shell under the stepped gate, with its line editor and job control', async () => {
    await line('echo $options[login] $options[zle] $options[monitor] $ZSH_NAME', 'on on on zsh')
    const [opened] = await bastion.audit('command.released')
    expect(JSON.stringify(opened)).toContain('"gate":"stepped"')
    await terminal.shows(PROMPT)
    await line('true', PROMPT)
    expect(terminal.text()).not.toMatch(/dev\/fd|[0-9a-f]{32}/)
  })

  it('runs what only reads at once, in pipelines, loops and functions', async () => {
    await line('ls -d /srv/*', '/srv/data')
    await line('for i in 1 2; do echo loop $i | cat; done', /loop 1\nloop 2\n/)
    await line('f() { echo in f $1; }')
    await line('f 3', 'in f 3')
    await line('echo $(echo a; echo b) <(true)', /a b \/proc/)
    await line('cat <<X\rhere $((1+1))\rX', 'here 2')
  })

  it.each([
    ['plain', 'rm -rf /srv/data/old'],
    ['in a function', 'g() { rm -rf /srv/data/old; }; g'],
    ['by an alias', "alias gone='rm -rf'; eval 'gone /srv/data/old'"],
    ['in a substitution', 'echo $(rm -rf /srv/data/old)'],
    ['in a pipeline', 'true | rm -rf /srv/data/old | cat'],
    ['in the background', 'rm -rf /srv/data/old &'],
    ['behind a glob qualifier', 'echo /etc/passwd(e:"rm -rf /srv/data/old":)'],
  ])('holds a removal: %s', async (_, text) => {
    await line(text, '■ held')
    terminal.mark()
    terminal.type('\x03')
    await terminal.shows('✗ not run: withdrawn')
    await line('', PROMPT)
  })

  it('runs a removal that a reviewer approved, and only that', async () => {
    await line('rm -rf /srv/data/old', '■ held')
    const id = await bob.hold('rm -rf /srv/data/old')
    expect(await bob.json(`holds/${id}`)).toMatchObject({ assurance: 'stepped', effects: ['destroy'] })
    terminal.mark()
    expect((await bob.decide(id, 'approve', 'go on')).ok).toBe(true)
    await terminal.shows('approved by bob')
    // The folder is another account's: rm itself says so, which it can only do when it runs.
    await terminal.shows("cannot remove '/srv/data/old/export.csv'")
    // On the screen: in what was written, the word of the approval may stand behind the prompt.
    expect(await terminal.until(() => /web-1%\s*$/.test(terminal.text()), 20_000)).toBe(true)
  })

  it('asks once for each text of a loop, and judges a short line when it is entered', async () => {
    const judged = async (text: string, shown: string | RegExp) => {
      const before = (await bastion.audit('command.allowed'))[0]?.seq ?? 0
      await line(text, shown)
      await terminal.shows(PROMPT)
      const events = (await bastion.audit('command.allowed')).filter(({ seq }) => seq > before)
      return events.map(({ detail }) => detail as { text: string; ahead?: boolean })
    }
    const loop = await judged('for i in $(seq 1 1000); do echo $i; done | tail -n 1', /\n1000/)
    expect(loop.filter(({ text }) => text === 'echo $i')).toHaveLength(1)
    expect(loop.length).toBeLessThan(15)
    const short = await judged('echo one 2>/dev/null', /\none/)
    expect(short).toContainEqual(expect.objectContaining({ text: 'echo one 2> /dev/null', ahead: true }))
  })

  it('asks twice for a line that is allowed: at Enter and at the prompt, and not for the line editor’s hooks', async () => {
    // Each hook's steps are asked for once.
    await line('echo first', /\nfirst/)
    await terminal.shows(PROMPT)
    const before = (await bastion.audit('command.allowed'))[0]?.seq ?? 0
    await line('echo second', /\nsecond/)
    await terminal.shows(PROMPT)
    const events = (await bastion.audit('command.allowed')).filter(({ seq }) => seq > before)
    const texts = events.map(({ detail }) => detail.text)
    // Debian's own hooks (/etc/zsh/zshrc): they ran, and nobody was asked.
    expect(texts).toContain('echo second')
    expect(texts.filter((text) => String(text).includes('terminfo'))).not.toHaveLength(0)
    expect(events.filter(({ detail }) => detail.ahead !== true)).toEqual([])
  })

  it.runIf(process.env.SALLYPORT_LONG === '1')(
    'does not ask a hundred thousand times for a hundred thousand rounds',
    async () => {
      const before = (await bastion.audit('command.allowed'))[0]?.seq ?? 0
      await line('for i in $(seq 1 100000); do echo $i; done | tail -n 1', '')
      await terminal.shows(/\n100000\n/, 180_000)
      await terminal.shows(PROMPT, 180_000)
      const events = (await bastion.audit('command.allowed')).filter(({ seq }) => seq > before)
      // Each text at most once in half a minute.
      expect(events.length).toBeLessThan(60)
      expect(events.filter(({ detail }) => detail.text === 'echo $i').length).toBeGreaterThan(0)
    },
    400_000,
  )

  it('takes no text for known that was not judged, whatever the session makes of names', async () => {
    await line('typeset -r known=1 good=9 step=x now=1', PROMPT)
    await line('f() { echo ok; rm -rf /srv/data/old; }; for i in 1 2; do f; done', '■ held: rm -rf /srv/data/old')
    terminal.mark()
    terminal.type('\x03')
    await terminal.shows('✗ not run: withdrawn')
    await line('x=__sally; x+=port_known; typeset -fu $x', 'the gate of this session cannot be changed from inside')
    await line('', PROMPT)
  })

  // A subscript of what is no association is arithmetic, and that runs what stands in `a[$(…)]`, inside of the gate.
  it.each([
    ['sysparams', 'pid'],
    ['options', 'xtrace'],
  ])('looks nothing up in %s where a function hides it', async (table, subscript) => {
    await line(`f() { local ${table}; local ${subscript}='psvar[$( { : } > /tmp/hidden )0]'; true; }; f`, 'was changed')
    await line('ls /tmp/hidden', 'cannot access')
    await line('true', PROMPT)
  })

  it('completes, recalls, searches and pastes', async () => {
    terminal.mark()
    terminal.type('ls /srv/data/rep\t')
    await terminal.shows('ls /srv/data/reports/')
    terminal.type('\r')
    await terminal.shows('2026-q3.csv')
    await terminal.shows(PROMPT)
    terminal.mark()
    terminal.type('\x12reports')
    // The search is drawn piece by piece, so what stands on the screen counts, not what was written.
    await until(() => terminal.text().includes('bck-i-search: reports_'))
    // The first Enter ends the search, the second one runs what it found.
    terminal.type('\r')
    await until(() => !terminal.text().includes('bck-i-search'))
    terminal.type('\r')
    await terminal.shows('2026-q3.csv')
    await terminal.shows(PROMPT)
    // A terminal marks a paste only after it was asked to.
    await until(() => terminal.raw().endsWith('\x1b[?2004h'))
    await line('\x1b[200~echo one\recho two\x1b[201~', /one\ntwo\n/)
  })

  it('takes Ctrl-C to the program and tells its status', async () => {
    await line('sleep 101', 'sleep 101')
    // Ctrl-C before the answer would take the line back.
    await until(() => spawnSync('pgrep', ['-f', '^sleep 101$']).status === 0)
    terminal.mark()
    terminal.type('\x03')
    await terminal.shows(PROMPT)
    await line('echo back $?', 'back 130')
  })

  it.each([
    ['trap - DEBUG'],
    ['TRAPUSR1() { true; }'],
    ['unsetopt DEBUG_BEFORE_CMD'],
    ['unfunction TRAPDEBUG'],
    ['zmodload zsh/files'],
  ])('denies what would turn the gate off: %s', async (text) => {
    await line(text, 'the gate of this session cannot be changed from inside')
    await terminal.shows(PROMPT)
  })

  it('ends with the status of exit', async () => {
    terminal.type('exit 7\r')
    expect(await terminal.exited).toBe(7)
  })
})
