/** Types every trick of the corpus into a gated bash on a real sshd; none may touch its canary. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBastion, type TestBastion } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'
import { ALLOWED, TRICKS, type Trick } from './corpus.ts'

const ALL = [...TRICKS, ALLOWED]
const AT_ONCE = 8
/** How long a line may take to come to a prompt, a hold or an end; afterwards Ctrl-C is pressed. */
const LINE_LIMIT_MS = 1_500

let bastion: TestBastion
let key: string
const changed = new Set<string>()
const seen = new Map<string, string>()

const canary = (index: number) => `/srv/data/canary-${index}`

beforeAll(async () => {
  bastion = await startTestBastion()
  key = await bastion.boundKey('alice')
  const files = ALL.map((_, index) => canary(index)).join(' ')
  // Appending is a write, which staging allows; what the tricks want to do is not.
  const made = await bastion.run('web-2', `for f in ${files}; do echo canary >> $f; done`, { key })
  expect(made.status).toBe(0)
  const numbers = ALL.keys()
  const worker = async () => {
    for (const index of numbers) seen.set(ALL[index]!.id, await attempt(ALL[index]!, index))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const left = await bastion.run('web-2', `grep -c canary ${files}`, { key })
  const whole = new Set(
    left.stdout
      .toString()
      .split('\n')
      .filter((line) => line.endsWith(':1'))
      .map((line) => line.split(':')[0]),
  )
  for (const index of ALL.keys()) if (!whole.has(canary(index))) changed.add(ALL[index]!.id)
}, 240_000)

afterAll(() => bastion?.close())

/** Plays one trick in a session of its own; returns what its terminal showed. */
async function attempt(trick: Trick, index: number): Promise<string> {
  const terminal = bastion.ssh('web-2', '-i', key)
  try {
    await terminal.shows('$ ')
    for (const line of trick.lines) {
      terminal.mark()
      terminal.type(line.replaceAll('$C', canary(index)).replaceAll('$I', String(index)))
      // The echo first: what is typed before it may still belong to the line before.
      terminal.type('\r')
      await settles(terminal)
    }
    terminal.mark()
    terminal.type('\x03exit\r')
    await Promise.race([terminal.exited, terminal.shows(/held|not run/, LINE_LIMIT_MS).catch(() => {})])
  } finally {
    terminal.kill()
  }
  return terminal.text()
}

async function settles(terminal: TestTerminal): Promise<void> {
  const outcome = await Promise.race([
    terminal.shows(/held: /, LINE_LIMIT_MS).then(
      () => 'held',
      () => 'stuck',
    ),
    terminal.shows(/\n[^\n]*[$#>] $/, LINE_LIMIT_MS).then(
      () => 'prompt',
      () => 'stuck',
    ),
    terminal.exited.then(() => 'gone'),
  ])
  if (outcome !== 'held' && outcome !== 'stuck') return
  terminal.mark()
  terminal.type('\x03')
  await Promise.race([terminal.shows(/[$#>] $/, LINE_LIMIT_MS).catch(() => {}), terminal.exited])
}

describe('a gated bash (fault 31)', () => {
  it('lets no trick touch its canary', () => {
    const escaped = [...changed].filter((id) => id !== ALLOWED.id).map((id) => `${id}\n${seen.get(id)}`)
    expect(escaped).toEqual([])
  })

  it('would have noticed: a command that is allowed does change its canary', () => {
    expect(changed).toContain(ALLOWED.id)
  })

  it('was shown every trick', () => {
    expect(seen.size).toBe(ALL.length)
  })
})
