/** Programs and shells inside a stepped bash: what is seen of them, on a real sshd, typed into a real terminal. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'

let bastion: TestBastion
let bob: Person
let terminal: TestTerminal

beforeAll(async () => {
  bastion = await startTestBastion()
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
    await terminal.shows('one 42')
    terminal.type('read -rsp "Word: " word; echo thanks\r')
    // What the program prints, not the echo of the line that asks for it.
    await terminal.shows(/\nWord: $/)
    terminal.mark()
    terminal.type('hunter2\r')
    await terminal.shows('thanks')
    terminal.type('exit\r')
    await terminal.shows(/\$ $/)
    await until(async () => (await ungatedNow()) === undefined)
    expect(await entered()).toEqual(['echo one $((40 + 2))', 'read -rsp "Word: " word; echo thanks', null, 'exit'])
    const events = await bastion.audit('gate.left', 'gate.returned', 'line.entered')
    expect(JSON.stringify(events)).not.toContain('hunter2')
  })
})
