/**
 * What is typed while a command is held, in every kind of shell: it is kept, bounded, shown when its turn comes, and judged
 * in its turn. The system's ssh in a real terminal, a real sshd.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Person, startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'

let bastion: TestBastion
let bob: Person
let key: string
let terminal: TestTerminal | undefined

beforeAll(async () => {
  bastion = await startTestBastion({
    moreLogins: [
      { name: 'zoe', shell: '/usr/bin/zsh' },
      { name: 'fin', shell: '/usr/bin/fish' },
      { name: 'dan', shell: '/bin/dash' },
    ],
  })
  bob = await bastion.person('bob')
  key = await bastion.boundKey('alice')
})

afterEach(() => terminal?.kill())
afterAll(() => bastion?.close())

const pending = async () =>
  (await bob.json<{ holds: readonly { readonly text: string }[] }>('holds?state=pending')).holds.map(({ text }) => text)

/** Wide enough for the whole status line. */
async function shell(login: string, prompt: RegExp): Promise<TestTerminal> {
  const opened = bastion.ssh(`${login}@web-1`, '-i', key)
  opened.resize(180, 30)
  await opened.shows(prompt)
  return opened
}

describe.each([
  { shell: 'bash', login: 'deploy', prompt: /\$ $/ },
  { shell: 'zsh', login: 'zoe', prompt: /% $/ },
  { shell: 'fish', login: 'fin', prompt: /> $/ },
  { shell: 'dash', login: 'dan', prompt: /\$ $/ },
])('typed ahead in $shell', ({ login, prompt }) => {
  it('waits behind what is held, and is then shown and held itself', async () => {
    terminal = await shell(login, prompt)
    terminal.type('mkdir /srv/first\r')
    await terminal.shows('■ held: mkdir /srv/first')
    // In pieces and at once, two lines and the beginning of a third.
    for (const piece of ['mkdir /srv/se', 'cond\rmkdir /srv/third\r', 'mkdir /srv/fourth']) terminal.type(piece)
    await terminal.shows('typed ahead: 52')
    expect(terminal.text()).not.toMatch(/second|third|fourth/)
    expect(await pending()).toEqual(['mkdir /srv/first'])

    for (const [now, next] of [
      ['first', 'second'],
      ['second', 'third'],
    ]) {
      terminal.mark()
      await bob.decide(await bob.hold(`mkdir /srv/${now}`), 'reject', 'not this one')
      await terminal.shows(`■ held: mkdir /srv/${next}`)
      expect(await pending()).toEqual([`mkdir /srv/${next}`])
      expect(terminal.text()).not.toContain('fourth')
    }
    terminal.mark()
    await bob.decide(await bob.hold('mkdir /srv/third'), 'reject', 'nor this one')
    await terminal.shows(/mkdir \/srv\/fourth$/)
    expect(await pending()).toEqual([])
  })

  it('is refused with a bell beyond 64 KiB, and dropped by the Ctrl-C that takes the command back', async () => {
    terminal = await shell(login, prompt)
    terminal.type('mkdir /srv/first\r')
    await terminal.shows('■ held: mkdir /srv/first')
    terminal.mark()
    const heldAt = terminal.raw().length
    // 65,536 bytes and one: no bell before the last.
    for (let sent = 0; sent < 65_536; sent += 4096) terminal.type('y'.repeat(4096))
    await terminal.shows('typed ahead: 65536')
    const { length } = terminal.raw()
    terminal.type('Z')
    expect(await terminal.until(() => terminal!.raw().includes('\x07', length), 5_000)).toBe(true)
    expect(terminal.raw().slice(heldAt, length)).not.toContain('\x07')
    expect(await pending()).toEqual(['mkdir /srv/first'])
    terminal.type('\x03')
    await terminal.shows('not run: withdrawn')
    await terminal.shows(prompt)
    terminal.mark()
    terminal.type('mkdir /srv/other\r')
    await terminal.shows('■ held: mkdir /srv/other')
    expect(terminal.text()).not.toMatch(/y{8}|Z/)
    terminal.type('\x03')
    await until(async () => (await pending()).length === 0)
  })
})
