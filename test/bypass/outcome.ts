/** What became of a trick. */
import type { Analysis, Effect } from '../../src/core/action.ts'
import type { Verdict } from './driver.ts'
import type { Group, Shell } from './trick.ts'

/**
 * `held`: a second person was asked · `denied`: the policy or the gate said no · `seen`: it ran, and an allowed text
 * covers it · `escaped`: it ran, and no verdict covers it · `stopped`: it did not run, and nobody tells why (another
 * bastion).
 */
export const OUTCOMES = ['held', 'denied', 'seen', 'escaped', 'stopped'] as const
export type Outcome = (typeof OUTCOMES)[number]

export interface Result {
  readonly id: string
  readonly group: Group
  readonly shell: Shell
  readonly outcome: Outcome
  readonly reason: string
}

/** Whoever allows one of these has allowed anything: what it does cannot be told from its text. */
const UNBOUNDED: ReadonlySet<Effect> = new Set(['escape', 'opaque', 'unknown', 'privilege'])
const CHANGING: ReadonlySet<Effect> = new Set(['write', 'destroy'])

export function judge(play: {
  readonly isCanaryWhole: boolean
  readonly canary: string
  /** Undefined where nobody tells. */
  readonly verdicts: readonly Verdict[] | undefined
  readonly analyse: (text: string) => Analysis
}): { readonly outcome: Outcome; readonly reason: string } {
  const { verdicts, isCanaryWhole } = play
  if (!isCanaryWhole) {
    const cover = verdicts?.find((verdict) => covers(verdict, play.canary, play.analyse))
    if (cover !== undefined) return { outcome: 'seen', reason: `allowed: ${cover.text}` }
    const allowed = verdicts?.filter((verdict) => verdict.kind === 'allowed').map((verdict) => verdict.text) ?? []
    return { outcome: 'escaped', reason: `the canary is changed; allowed was: ${allowed.join(' | ') || 'nothing'}` }
  }
  if (verdicts === undefined) return { outcome: 'stopped', reason: 'the canary is whole' }
  const said = (kind: Verdict['kind']) => verdicts.findLast((verdict) => verdict.kind === kind)?.text
  const held = said('held')
  if (held !== undefined) return { outcome: 'held', reason: held }
  const denied = said('denied') ?? said('broken')
  if (denied !== undefined) return { outcome: 'denied', reason: denied }
  return { outcome: 'denied', reason: NOTHING_RAN }
}

/** The gate took a key, a hook or a way in away, so that nothing was even asked. */
export const NOTHING_RAN = 'nothing was asked, and nothing ran'

/**
 * Reports whether an allowed text says that the canary changes: it writes to or destroys that very path, or one that is
 * known only when it runs. That a canary's name occurs in it (`echo 'rm canary' > script`) is not enough.
 */
function covers(verdict: Verdict, canary: string, analyse: (text: string) => Analysis): boolean {
  if (verdict.kind !== 'allowed') return false
  if (verdict.effects.some((effect) => UNBOUNDED.has(effect))) return true
  if (!verdict.effects.some((effect) => CHANGING.has(effect))) return false
  const { commands, objects } = analyse(verdict.text)
  const touched = commands
    .filter((command) => command.effects.some((effect) => CHANGING.has(effect)))
    .flatMap((command) => command.objects)
  // A text whose commands leave nothing to say (a redirection alone) still has objects of its own.
  return [...(touched.length > 0 ? touched : objects)].some(
    ({ value }) => value === undefined || value === canary || canary.startsWith(`${value.replace(/\/$/, '')}/`),
  )
}
