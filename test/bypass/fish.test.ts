/** Lives in a gated fish on a real sshd: what is allowed works, what is held waits, and no trick touches its canary. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBastion, type TestBastion } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'
import type { Trick } from './corpus.ts'
import { FISH_TRICKS } from './tricks/fish.ts'

const LOGIN = 'fin'
const AT_ONCE = 8
const LINE_LIMIT_MS = 1_500
/** Not a trick: what the policy of staging allows does change a canary, so the check can fail. */
const ALLOWED: Trick = { id: 'fish-control/mv-over', lines: ['echo x >> ~/x$I', 'mv -f ~/x$I $C'] }
const ALL = [...FISH_TRICKS, ALLOWED]
const PROMPT = /fin@web-\d [^\n]*> $/

let bastion: TestBastion
let key: string

const canary = (index: number) => `/home/${LOGIN}/canary-${index}`

beforeAll(async () => {
  bastion = await startTestBastion({ moreLogins: [{ name: LOGIN, shell: '/usr/bin/fish' }] })
  key = await bastion.boundKey('alice')
})

afterAll(() => bastion?.close())

async function settles(terminal: TestTerminal): Promise<void> {
  const outcome = await Promise.race([
    terminal.shows(/held: /, LINE_LIMIT_MS).then(
      () => 'held',
      () => 'stuck',
    ),
    terminal.shows(/\n[^\n]*> $/, LINE_LIMIT_MS).then(
      () => 'prompt',
      () => 'stuck',
    ),
    terminal.exited.then(() => 'gone'),
  ])
  if (outcome !== 'held' && outcome !== 'stuck') return
  terminal.mark()
  terminal.type('\x03')
  await Promise.race([terminal.shows(/> $/, LINE_LIMIT_MS).catch(() => {}), terminal.exited])
}

async function attempt(trick: Trick, index: number): Promise<string> {
  const terminal = bastion.ssh(`${LOGIN}@web-2`, '-i', key)
  try {
    await terminal.shows(PROMPT)
    for (const line of trick.lines) {
      terminal.mark()
      terminal.type(`${line.replaceAll('$C', canary(index)).replaceAll('$I', String(index))}\r`)
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
    await terminal.shows(PROMPT)

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

  it('lets no trick touch its canary, and would have noticed', async () => {
    const files = ALL.map((_, index) => canary(index)).join(' ')
    const made = await bastion.run(`${LOGIN}@web-2`, `echo canary | tee -a ${files}`, { key })
    expect(made.status).toBe(0)
    const seen = new Map<string, string>()
    const numbers = ALL.keys()
    const worker = async () => {
      for (const index of numbers) seen.set(ALL[index]!.id, await attempt(ALL[index]!, index))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    expect(seen.size).toBe(ALL.length)
    const left = await bastion.run(`${LOGIN}@web-2`, `grep -c canary ${files}`, { key })
    const counts = left.stdout.toString().split('\n')
    const changed = ALL.filter((_, index) => !counts.includes(`${canary(index)}:1`)).map(({ id }) => id)
    expect(changed.filter((id) => id !== ALLOWED.id).map((id) => `${id}\n${seen.get(id)}`)).toEqual([])
    expect(changed).toContain(ALLOWED.id)
  }, 240_000)
})
