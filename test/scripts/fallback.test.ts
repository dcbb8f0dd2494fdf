/**
 * Targets whose sshd forwards nothing: the gated shell asks over a bridge on a second channel, and what is done to the
 * bridge from inside ends the session. On a real sshd, typed into real terminals.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import { descendants } from '../support/processes.ts'
import type { TestTerminal } from '../support/terminal.ts'

let bastion: TestBastion
let key: string

beforeAll(async () => {
  bastion = await startTestBastion({
    sshdConfig: ['DisableForwarding yes'],
    moreLogins: [
      { name: 'zoe', shell: '/usr/bin/zsh' },
      { name: 'finn', shell: '/usr/bin/fish' },
      { name: 'ruth', shell: '/bin/bash' },
    ],
    // Root by another name: a bridge of root's could be opened by root's other processes, so there is none.
    targetSetup: [
      "sed 's/^ruth:x:[0-9]*:/ruth:x:0:/' /run/sallyport/passwd > /run/sallyport/with-ruth",
      'cat /run/sallyport/with-ruth > /run/sallyport/passwd',
    ],
  })
  key = await bastion.boundKey('alice')
})

afterAll(() => bastion?.close())

async function open(destination: string, prompt: string | RegExp = '$ '): Promise<TestTerminal> {
  const terminal = bastion.ssh(destination, '-i', key)
  await terminal.shows(prompt)
  return terminal
}

/** The bridges of open sessions, as ids outside of the targets. */
const bridges = () => descendants('PF_INET')

/** Types a line, expects that it is held as `what`, and takes it back. */
async function expectHeld(terminal: TestTerminal, line: string, what: string): Promise<void> {
  terminal.type(`${line}\r`)
  await terminal.shows(`held: ${what}`)
  terminal.type('\x03')
  await terminal.shows('withdrawn')
}

async function leave(terminal: TestTerminal): Promise<void> {
  terminal.type('exit\r')
  await terminal.exited
}

describe('a stepped bash where sshd forwards nothing', () => {
  it('says in the audit log which way it asks', async () => {
    const terminal = await open('web-1')
    const [released] = await bastion.audit('command.released')
    expect(released?.detail).toMatchObject({ gate: 'stepped', way: 'bridge' })
    await leave(terminal)
  })

  it('runs what is allowed, holds what is not, and asks for each member of a pipeline', async () => {
    const terminal = await open('web-1')
    terminal.mark()
    terminal.type('echo a   b | tr a-z A-Z\r')
    await terminal.shows('A B')
    await expectHeld(terminal, 'echo one | tee /nonexistent/x | cat', 'tee /nonexistent/x')
    await terminal.shows(/\$ $/)
    await leave(terminal)
  })

  it('answers many subshells that ask at once, and questions longer than a pipe takes in one piece', async () => {
    const terminal = await open('web-1')
    terminal.mark()
    terminal.type('for i in $(seq 40); do (echo n$i; : in $i) & done 2>/dev/null; wait; echo all of them\r')
    await terminal.shows('\nall of them', 60_000)
    for (let index = 1; index <= 40; index++) expect(terminal.shown()).toMatch(new RegExp(`^n${index}$`, 'm'))
    terminal.mark()
    terminal.type(`x=$(printf '%07000d' 0); eval ": $x; echo it was \${#x} long"\r`)
    // A prompt that is still to come would be taken for the one behind the Ctrl-C.
    await terminal.shows(/held|it was 7000 long\n[^\n]*\$ $/)
    // A Ctrl-C at the terminal takes what was typed after it along: the next line waits for the prompt that follows it.
    terminal.mark()
    terminal.type('\x03')
    await terminal.shows(/\$ $/)
    await leave(terminal)
  })
})

describe('a bridge', () => {
  it('is gone with its session', async () => {
    await until(() => bridges().length === 0)
    const terminal = await open('web-1')
    expect(bridges()).toHaveLength(1)
    await leave(terminal)
    await until(() => bridges().length === 0)
  })

  it('that is killed ends its session, with a reason, and the shell with it', async () => {
    const terminal = await open('web-1')
    const [bridge] = bridges()
    terminal.type('while true; do (true); done\r')
    await terminal.shows('done')
    process.kill(bridge!, 'SIGKILL')
    await terminal.shows('was cut or silenced on the target')
    await terminal.exited
    const failed = await bastion.audit('gate.failed')
    expect(failed.at(-1)?.detail).toMatchObject({
      why: 'the way on which its shell asks was cut or silenced on the target',
    })
    const reasons = async () => (await bastion.audit('session.closed')).map(({ detail }) => detail?.reason)
    await until(async () => (await reasons()).some((reason) => String(reason).includes('cut or silenced')))
    await until(() => descendants('--rcfile').length === 0)
  })

  // It takes the 15 seconds that a bridge has to answer; side-watch.test.ts has the same on a clock of its own.
  it.runIf(process.env.SALLYPORT_LONG === '1')('that is stopped ends its session, with a reason', async () => {
    const terminal = await open('web-1')
    const [bridge] = bridges()
    process.kill(bridge!, 'SIGSTOP')
    await terminal.shows('was cut or silenced on the target', 30_000)
    await terminal.exited
    process.kill(bridge!, 'SIGCONT')
    await until(() => bridges().length === 0)
  })
})

describe('other shells where sshd forwards nothing', () => {
  it('are stepped in zsh too', async () => {
    const terminal = await open('zoe@web-1', '% ')
    terminal.mark()
    terminal.type('for i in 1 2; do echo n$i | tr a-z A-Z; done\r')
    await terminal.shows('N2')
    await expectHeld(terminal, 'echo x > /tmp/held', '')
    await leave(terminal)
  })

  it('report their lines in fish too', async () => {
    const terminal = await open('finn@web-1', '> ')
    terminal.mark()
    terminal.type('echo a   b | tr a-z A-Z\r')
    await terminal.shows('A B')
    await expectHeld(terminal, 'rm -rf /srv/data/old', 'rm -rf /srv/data/old')
    await leave(terminal)
  })
})

describe('a bash that has no way to ask beside the terminal', () => {
  it('is not asked over the terminal but graded inferred, and the person is told', async () => {
    const terminal = await open('ruth@web-1', /# $/)
    expect(terminal.text()).toContain('no way to ask beside the terminal')
    const [released] = await bastion.audit('command.released')
    expect(released?.detail).toMatchObject({ login: 'ruth', gate: 'inferred', way: 'none' })
    expect(bridges()).toHaveLength(0)
    await expectHeld(terminal, 'rm -rf /srv/data/old', 'rm -rf /srv/data/old')
    const hold = (await bastion.audit('command.held')).find(({ detail }) => detail?.login === 'ruth')
    expect(hold?.detail).toMatchObject({ assurance: 'inferred' })
    // `exit` would be held too.
    terminal.kill()
    await terminal.exited
  })
})

// A bastion of its own, for one case.
describe.runIf(process.env.SALLYPORT_LONG === '1')('a zsh that has no sockets', () => {
  it('is behind the Enter gate, and lives', async () => {
    const other = await startTestBastion({
      moreLogins: [{ name: 'zoe', shell: '/usr/bin/zsh' }],
      targetSetup: [
        'for module in /usr/lib/*/zsh/*/zsh/net/tcp.so; do mount --bind /dev/null "$module"; done',
        'touch /home/zoe/.zshrc',
      ],
    })
    try {
      const mine = await other.boundKey('alice')
      const terminal = other.ssh('zoe@web-1', '-i', mine)
      await terminal.shows('% ')
      const released = await other.audit('command.released')
      expect(released.map(({ detail }) => detail?.gate)).toContain('inferred')
      terminal.type('echo here\r')
      await terminal.shows(/held: echo here|\nhere/)
    } finally {
      await other.close()
    }
  })
})
