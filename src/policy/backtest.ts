/**
 * What another policy would have answered to what people really asked for. Each recorded request is judged again, at its
 * own time, and compared with the answer it got. Nothing is asked of people: whether a hold would have been approved,
 * nobody knows.
 */
import type { Action } from '../core/action.ts'
import type { Verdict } from '../core/verdict.ts'
import { evaluate } from './evaluate.ts'
import type { Policy } from './rule.ts'

/** A verdict as far as the audit log keeps it. */
export interface RecordedVerdict {
  readonly kind: Verdict['kind']
  readonly rule: string
  /** Roles that could have decided it; of a hold only. */
  readonly reviewers: readonly string[]
}

/** A request as the audit log tells of it, analysed again. */
export interface Replayed {
  readonly at: Date
  readonly action: Action
  readonly verdict: RecordedVerdict
  /** The effects it was judged by then. */
  readonly effects: readonly string[]
}

/** Requests that were alike and would all be answered differently, in the same way. */
export interface Change {
  readonly before: RecordedVerdict
  readonly after: RecordedVerdict
  readonly text: string
  readonly target: string
  /** Names of those who asked. */
  readonly people: readonly string[]
  readonly count: number
  /** Then and now; where they differ, the catalogue has changed since. */
  readonly effects: { readonly before: readonly string[]; readonly after: readonly string[] }
}

export interface HoldLoad {
  readonly holds: number
  /** How many of them each role could decide; a hold that two roles may decide counts for both. */
  readonly byRole: Readonly<Record<string, number>>
}

export interface BacktestReport {
  readonly judged: number
  /** The most frequent first. */
  readonly changes: readonly Change[]
  readonly before: HoldLoad
  readonly after: HoldLoad
}

/** Takes one request after the other, so that whoever has many can let others have their turn in between. */
export class Backtest {
  readonly #policy: Policy
  readonly #changes = new Map<string, Change>()
  readonly #before = new LoadCounter()
  readonly #after = new LoadCounter()
  #judged = 0

  constructor(policy: Policy) {
    this.#policy = policy
  }

  add({ action, at, verdict, effects }: Replayed): void {
    const now = asRecorded(evaluate(this.#policy, action, { now: at }))
    this.#judged += 1
    this.#before.add(verdict)
    this.#after.add(now)
    if (isSame(verdict, now)) return
    const key = JSON.stringify([verdict, now, action.text, action.target.name])
    const known = this.#changes.get(key)
    this.#changes.set(key, {
      before: verdict,
      after: now,
      text: action.text,
      target: action.target.name,
      people: [...new Set([...(known?.people ?? []), action.principal.name])],
      count: (known?.count ?? 0) + 1,
      effects: { before: effects, after: action.effects },
    })
  }

  get report(): BacktestReport {
    return {
      judged: this.#judged,
      changes: [...this.#changes.values()].toSorted((one, other) => other.count - one.count),
      before: this.#before.load,
      after: this.#after.load,
    }
  }
}

function asRecorded(verdict: Verdict): RecordedVerdict {
  return {
    kind: verdict.kind,
    rule: verdict.because.name,
    reviewers: verdict.kind === 'hold' ? verdict.quorum.reviewers : [],
  }
}

/** A rule that was renamed, or another rule with the same answer, changes nothing for anybody. */
function isSame(one: RecordedVerdict, other: RecordedVerdict): boolean {
  return one.kind === other.kind && String(one.reviewers.toSorted()) === String(other.reviewers.toSorted())
}

class LoadCounter {
  #holds = 0
  readonly #byRole = new Map<string, number>()

  add({ kind, reviewers }: RecordedVerdict): void {
    if (kind !== 'hold') return
    this.#holds++
    for (const role of reviewers) this.#byRole.set(role, (this.#byRole.get(role) ?? 0) + 1)
  }

  get load(): HoldLoad {
    return { holds: this.#holds, byRole: Object.fromEntries(this.#byRole) }
  }
}
