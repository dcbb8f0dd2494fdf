/** Programs and shells inside a stepped bash: what is seen of them, on a real sshd, typed into a real terminal. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'

/** An account that may become root with its password, and a home of root's that is not the machine's. */
const SETUP = [
  'hash=$(openssl passwd -6 sesame)',
  'sed -e "s|^deploy:[^:]*:|deploy:$hash:|" -e "s|^root:[^:]*:|root:$hash:|" /etc/shadow > /run/sallyport/shadow.new',
  'cat /run/sallyport/shadow.new > /etc/shadow',
  'cp /etc/sudoers /run/sallyport/sudoers',
  "echo 'deploy ALL=(ALL:ALL) ALL' >> /run/sallyport/sudoers",
  'mount --bind /run/sallyport/sudoers /etc/sudoers',
  'mount -t tmpfs -o mode=700 none /root',
  'cp /etc/skel/.bashrc /etc/skel/.profile /root',
]

let bastion: TestBastion
let bob: Person
let terminal: TestTerminal

beforeAll(async () => {
  bastion = await startTestBastion({ targetSetup: SETUP })
  bob = await bastion.person('bob')
  terminal = bastion.ssh('web-1', '-i', await bastion.boundKey('alice'))
  await terminal.shows('$ ')
})

afterAll(async () => {
  terminal?.kill()
  await bastion?.close()
})

/** Types a line that is held, and lets bob approve it. */
async function approved(line: string, heldAs = line): Promise<void> {
  terminal.mark()
  terminal.type(`${line}\r`)
  await terminal.shows('held')
  const hold = await bob.hold(heldAs)
  terminal.mark()
  await bob.decide(hold, 'approve', 'for the test')
}

interface Sessions {
  readonly sessions: readonly {
    readonly id: string
    readonly isLive: boolean
    readonly ungated: { readonly program: string } | null
  }[]
}

async function ungatedNow(): Promise<string | undefined> {
  const { sessions } = await bob.json<Sessions>('sessions')
  return sessions.find(({ isLive }) => isLive)?.ungated?.program
}

const entered = async () => (await bastion.audit('line.entered')).toReversed().map(({ detail }) => detail.text)

describe('a program that the gate does not see into', () => {
  it('is told of while it runs, its lines are recorded, and a password is not', async () => {
    await approved('bash --norc')
    await terminal.shows('bash-5.')
    expect(await ungatedNow()).toBe('bash --norc')

    terminal.mark()
    terminal.type('echo one $((40 + 2))\r')
    await terminal.shows(/one 42\s+bash-5\.\d+\$ $/)
    terminal.type('read -rsp "Word: " word; echo thanks\r')
    // What the program prints, not the echo of the line that asks for it.
    await terminal.shows(/\nWord: $/)
    terminal.mark()
    terminal.type('hunter2\r')
    await terminal.shows(/thanks\s+bash-5\.\d+\$ $/)
    terminal.type('exit\r')
    await terminal.shows(/\$ $/)
    await until(async () => (await ungatedNow()) === undefined)
    expect(await entered()).toEqual(['echo one $((40 + 2))', 'read -rsp "Word: " word; echo thanks', null, 'exit'])
    const events = await bastion.audit('gate.left', 'gate.returned', 'line.entered')
    expect(JSON.stringify(events)).not.toContain('hunter2')
  })
})

describe('a shell inside a gated one', () => {
  const pending = async () => (await bob.json<{ holds: readonly unknown[] }>('holds?state=pending')).holds

  it.each([
    { line: 'sudo -i', asks: 'password for deploy:', prompt: 'root@web-1:~# ', login: 'root' },
    { line: 'su -', asks: 'Password:', prompt: 'root@web-1:~# ', login: 'root' },
    { line: 'bash', asks: undefined, prompt: 'deploy@web-1:~$ ', login: 'deploy' },
  ])('gets a gate of its own through $line', async ({ line, asks, prompt, login }) => {
    await approved(line, '--rcfile')
    if (asks !== undefined) {
      await terminal.shows(asks)
      terminal.mark()
      terminal.type('sesame\r')
    }
    await terminal.shows(prompt)
    expect(await ungatedNow()).toBeUndefined()

    terminal.mark()
    terminal.type('id -un; echo depth $SHLVL; touch /run/canary\r')
    await terminal.shows('held: touch /run/canary')
    expect(terminal.shown()).toContain(`${login}\n`)
    expect(await pending()).toMatchObject([{ text: 'touch /run/canary', assurance: 'stepped', login }])
    terminal.type('\x03')
    await until(async () => (await pending()).length === 0)
    await terminal.shows(/[#$] $/)

    terminal.mark()
    terminal.type('exit\r')
    await terminal.shows(/\$ $/)
    terminal.mark()
    terminal.type('id -un; touch /run/canary\r')
    await terminal.shows('held: touch /run/canary')
    expect(terminal.shown()).toContain('deploy\n')
    expect(await pending()).toMatchObject([{ text: 'touch /run/canary', assurance: 'stepped', login: 'deploy' }])
    terminal.type('\x03')
    await until(async () => (await pending()).length === 0)
    await terminal.shows(/\$ $/)
  })
})
