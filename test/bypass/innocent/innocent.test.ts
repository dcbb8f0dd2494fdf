/**
 * An operator's work through the bastion, beside the same work over a direct ssh to the same account of the same target:
 * nothing that the policy allows is held, and the two screens are alike, cell by cell.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBastion, type TestBastion } from '../../support/bastion.ts'
import { openTerminal, type TestTerminal } from '../../support/terminal.ts'
import { directOptions } from '../bastion-driver.ts'
import type { Step } from '../trick.ts'
import { SESSIONS } from './sessions.ts'

/** Each takes some seconds; all of them with SALLYPORT_LONG=1. */
const PLAYED = SESSIONS.filter((_, index) => process.env.SALLYPORT_LONG === '1' || index % 4 === 0)
const LOGIN = 'operator'
const TARGET = 'web-2'
/** As Debian's ssh_config has it: characters of several bytes need a locale that knows them. */
const LANGUAGE = ['-o', 'SendEnv=LANG']
const PROMPT = /\$ $/
/** A line that is not over by then is a fault; the slowest takes a second on two busy cores. */
const LIMIT_MS = 10_000

let bastion: TestBastion
let key: string
let direct: string

beforeAll(async () => {
  const keys = `/tmp/sallyport-innocent-${process.pid}`
  direct = `${keys}-direct`
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', direct])
  bastion = await startTestBastion({
    policyFile: join(import.meta.dirname, 'policy.yaml'),
    moreLogins: [{ name: LOGIN, shell: '/bin/bash' }],
    moreKeys: [readFileSync(`${direct}.pub`, 'utf8').trim()],
  })
  key = await bastion.boundKey('alice')
})

afterAll(() => bastion?.close())

describe('an innocent session', () => {
  it.each(PLAYED)('$name', async ({ steps }) => {
    const beside = await open(() =>
      openTerminal('ssh', [...directOptions(bastion, TARGET, direct), ...LANGUAGE, `${LOGIN}@127.0.0.1`], {
        answers: true,
      }),
    )
    for (const step of steps) await take(step, beside)
    const expected = beside.cells()
    await end(beside)

    const before = (await bastion.audit())[0]?.seq ?? 0
    const args = bastion.sshArgs(`${LOGIN}+${TARGET}`, '-i', key, '-o', 'LogLevel=ERROR', ...LANGUAGE)
    const through = await open(() => openTerminal('ssh', args, { answers: true }))
    for (const step of steps) await take(step, through)
    await through.until(() => through.cells().join('\n') === expected.join('\n'), 2_000)
    const shown = through.cells()
    await end(through)

    expect(await objections(before)).toEqual([])
    expect(shown).toEqual(expected)
  })
})

async function objections(since: number): Promise<readonly unknown[]> {
  const events = await bastion.audit('command.held', 'command.denied', 'gate.failed')
  return events.filter(({ seq }) => seq > since).map(({ detail }) => detail)
}

/** Opens a terminal in an empty home, and clears its screen: the bastion's greeting is the one thing that may differ. */
async function open(start: () => TestTerminal): Promise<TestTerminal> {
  const reset = spawnSync('ssh', [
    ...directOptions(bastion, TARGET, direct),
    `${LOGIN}@127.0.0.1`,
    'find . -mindepth 1 -maxdepth 1 -exec rm -rf {} + ; cp /etc/skel/.bashrc /etc/skel/.profile .',
  ])
  expect([reset.status, String(reset.stderr)]).toEqual([0, ''])
  const terminal = start()
  await atPrompt(terminal, -1)
  terminal.mark()
  terminal.type('\x0c')
  await shown(terminal, () => PROMPT.test(terminal.cursor().before) && terminal.cells()[0] !== '' && isOnTop(terminal))
  return terminal
}

/** The prompt stands on the first row in view. */
function isOnTop(terminal: TestTerminal): boolean {
  return terminal.cells().at(-1)!.split(' ')[1]!.endsWith(',0')
}

async function end(terminal: TestTerminal): Promise<void> {
  terminal.kill('SIGHUP')
  await terminal.exited
}

async function take(step: Step, terminal: TestTerminal): Promise<void> {
  if (typeof step === 'string') {
    const { y } = terminal.cursor()
    const rows = step.match(/[\r\n]/g)?.length ?? 0
    terminal.mark()
    terminal.type(`${step}\r`)
    return atPrompt(terminal, y + rows)
  }
  if ('line' in step || 'keys' in step) {
    terminal.mark()
    terminal.type('line' in step ? `${step.line}\r` : step.keys)
    const { shows } = step
    if (shows !== undefined) await shown(terminal, () => terminal.shown().includes(shows))
    return
  }
  if ('resize' in step) return terminal.resize(...step.resize)
  throw new Error('An innocent session has no such step.')
}

/** Waits for a prompt, also one of a line that goes on (`> `), in a row below `y`. */
function atPrompt(terminal: TestTerminal, y: number): Promise<void> {
  return shown(terminal, () => {
    const cursor = terminal.cursor()
    return cursor.y > y && /(?:\$|^>) $/.test(cursor.before)
  })
}

async function shown(terminal: TestTerminal, isShown: () => boolean): Promise<void> {
  if (!(await terminal.until(isShown, LIMIT_MS))) throw new Error(`It was not shown:\n${terminal.text()}`)
}
