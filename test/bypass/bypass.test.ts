/**
 * Plays the corpus against our own bastion on real sshd: nothing may escape. Here a fixed share of it, since two cores
 * have other tests to run; all of it with SALLYPORT_LONG=1, or by `npm run bypass`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBastionDriver } from './bastion-driver.ts'
import type { Driver } from './driver.ts'
import { OPEN } from './open.ts'
import { type Run, runCorpus } from './run.ts'
import { on, SHELLS, type Shell, share, trick } from './trick.ts'
import { TRICKS } from './tricks/index.ts'

const isLong = process.env.SALLYPORT_LONG === '1'
/** Every how many-th trick of a shell's groups is played; those of bash, which have the most ways in, more often. */
const EVERY: Readonly<Record<Shell, number>> = isLong
  ? { bash: 1, zsh: 1, fish: 1, dash: 1, busybox: 1 }
  : { bash: 48, zsh: 120, fish: 120, dash: 120, busybox: 120 }
const AT_ONCE = 8
/** Tricks that got through once, and are closed: played every time. */
const ONCE_ESCAPED = [
  'dotfiles/profile-group-next-login',
  'dotfiles/login-prompt-command',
  'off/readonly-text',
  'off/function-nesting',
  'off/hidden-sysparams',
  'off/hidden-options',
  'bindings/shell-expand-line-group',
  'commands/find-fprintf',
  'editing/clear-screen',
  'editing/end-of-file',
  'escapes/typed-alternate',
]

/** Not a trick: what the policy of staging allows does change a canary, so the check can fail. */
const CONTROL = on(['bash'], [trick('commands', 'control-mv-over', 'echo x >> /tmp/$I; mv -f /tmp/$I $C')])

const openOn = (shell: Shell): string[] => Object.keys(OPEN[shell] ?? {})

let driver: Driver
let run: Run

beforeAll(async () => {
  driver = await startBastionDriver({ shells: SHELLS, jobs: AT_ONCE })
  const chosen = SHELLS.flatMap((shell) => {
    const shared = share(TRICKS, shell, EVERY[shell])
    const again = share(TRICKS, shell, 1).filter(({ id }) => [...ONCE_ESCAPED, ...openOn(shell)].includes(id))
    return [...shared, ...again.filter(({ id }) => !shared.some((found) => found.id === id))]
  })
  run = await runCorpus(driver, [...CONTROL, ...chosen], { shells: SHELLS })
}, 3_600_000)

afterAll(() => driver?.close())

describe('a gated shell (fault 31)', () => {
  it('lets no trick run a command that nobody judged', () => {
    const escaped = run.results.filter(({ shell, id, outcome }) => outcome === 'escaped' && !openOn(shell).includes(id))
    expect(escaped.map(({ shell, id, reason }) => `${shell} ${id}: ${reason}`)).toEqual([])
  })

  it('lets through what is known to get through, until that is mended', () => {
    for (const shell of SHELLS) {
      const ids = openOn(shell)
      const escaped = run.results.filter((result) => result.shell === shell && result.outcome === 'escaped')
      expect(escaped.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
    }
  })

  it('would have noticed: what is allowed does change its canary, and is seen', () => {
    expect(run.results.find((result) => result.id === CONTROL[0]!.id)?.outcome).toBe('seen')
  })

  it('asked or refused on every shell', () => {
    for (const shell of SHELLS) {
      const outcomes = new Set(run.results.filter((result) => result.shell === shell).map((result) => result.outcome))
      expect(outcomes).toContain('held')
    }
  })
})
