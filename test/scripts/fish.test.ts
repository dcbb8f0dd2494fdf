/** Lives in a gated fish on a real sshd: what is allowed works, what is held waits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBastion, type TestBastion } from '../support/bastion.ts'

const LOGIN = 'fin'
const PROMPT = /fin@web-\d [^\n]*> $/

let bastion: TestBastion
let key: string

beforeAll(async () => {
  bastion = await startTestBastion({ moreLogins: [{ name: LOGIN, shell: '/usr/bin/fish' }] })
  key = await bastion.boundKey('alice')
})

afterAll(() => bastion?.close())

describe('a gated fish', () => {
  it('is stepped, runs what may run, holds what may not, and runs it once approved', async () => {
    const terminal = bastion.ssh(`${LOGIN}@web-1`, '-i', key)
    await terminal.shows(PROMPT)
    const released = await bastion.audit('command.released')
    expect(released[0]?.detail).toMatchObject({ gate: 'stepped' })

    terminal.mark()
    terminal.type('echo one | string upper; ls -d /et\t\r')
    await terminal.shows(/ONE\r?\n\/etc\//)
    await terminal.shows(PROMPT)

    terminal.mark()
    terminal.type('rm -f /home/fin/gone\r')
    await terminal.shows('held: ')
    const bob = await bastion.person('bob')
    const answer = await bob.decide(await bob.hold('/home/fin/gone'), 'approve', 'it may go')
    expect(answer.status).toBeLessThan(300)
    // On the screen: in what was written, the word of the approval may stand behind the prompt.
    expect(await terminal.until(() => /fin@web-\d [^\n]*>\s*$/.test(terminal.text()), 20_000)).toBe(true)

    // Recalled from the history, it is asked for again.
    terminal.mark()
    terminal.type('rm\x1b[A\r')
    await terminal.shows('held: ')
    terminal.mark()
    terminal.type('\x03')
    await terminal.shows(PROMPT)

    terminal.mark()
    terminal.type('echo "two\rlines"\r')
    await terminal.shows(/two\r?\nlines/)
    terminal.mark()
    terminal.type('bind \\cx execute\r')
    await terminal.shows('cannot be changed from inside')
    terminal.mark()
    terminal.type('exit\r')
    expect(await terminal.exited).toBe(0)
  })
})
