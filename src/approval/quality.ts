/**
 * Quality of review: how long decisions take, how many are given faster than anybody reads, who only ever approves whom, and
 * what becomes of what each rule holds. Figures for people to ask about, not verdicts on anybody.
 */
import type { Hold } from '../core/hold.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'

/** Faster than this nobody has read a command and thought about it. */
export const FAST_MS = 3000
/** Two approvals each way may be chance. */
export const LEAST_OF_A_PAIR = 3

export interface Figures {
  readonly decided: number
  /** From the moment it was held to a person's word; undefined where there is none. */
  readonly p50Ms: number | undefined
  readonly p95Ms: number | undefined
  readonly approved: number
  readonly rejected: number
  /** Approvals given within FAST_MS. */
  readonly fast: number
}

export interface ReviewerQuality extends Figures {
  readonly person: Principal
}

/** Two who have approved for each other, decided nothing for anybody else and rejected nothing. */
export interface Pair {
  readonly one: Principal
  readonly other: Principal
  readonly approvals: number
}

export interface RuleQuality {
  readonly rule: string
  readonly held: number
  readonly pending: number
  readonly approved: number
  readonly rejected: number
  readonly expired: number
  readonly withdrawn: number
  readonly brokenGlass: number
}

export interface Quality extends Figures {
  readonly reviewers: readonly ReviewerQuality[]
  readonly pairs: readonly Pair[]
  readonly rules: readonly RuleQuality[]
}

interface Word {
  readonly kind: 'approve' | 'reject'
  readonly by: Principal
  readonly asker: Principal
  readonly tookMs: number
}

export function qualityOf(holds: readonly Hold[]): Quality {
  const words = holds.flatMap(wordsOf)
  const byReviewer = Map.groupBy(words, ({ by }) => by.id)
  const reviewers = [...byReviewer.values()].map((theirs) => ({ person: theirs[0]!.by, ...figuresOf(theirs) }))
  return {
    ...figuresOf(words),
    reviewers: reviewers.toSorted((one, other) => other.decided - one.decided),
    pairs: pairsOf(byReviewer),
    rules: rulesOf(holds),
  }
}

/** The requester's own word, where they broke the glass, is no review. */
function wordsOf({ decisions, action, createdAt }: Hold): readonly Word[] {
  return decisions.flatMap(({ kind, by, at }) =>
    kind === 'break-glass'
      ? []
      : [{ kind, by, asker: action.principal, tookMs: Math.max(0, at.getTime() - createdAt.getTime()) }],
  )
}

function figuresOf(words: readonly Word[]): Figures {
  const took = words.map(({ tookMs }) => tookMs).sort((one, other) => one - other)
  const approvals = words.filter(({ kind }) => kind === 'approve')
  return {
    decided: words.length,
    p50Ms: quantile(took, 0.5),
    p95Ms: quantile(took, 0.95),
    approved: approvals.length,
    rejected: words.length - approvals.length,
    fast: approvals.filter(({ tookMs }) => tookMs < FAST_MS).length,
  }
}

/** The smallest value that at least the share `q` of them does not exceed (the nearest rank). */
export function quantile(sorted: readonly number[], q: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]
}

function pairsOf(byReviewer: ReadonlyMap<PrincipalId, readonly Word[]>): readonly Pair[] {
  const pairs: Pair[] = []
  for (const [id, words] of byReviewer) {
    const { by, asker } = words[0]!
    // Each pair once.
    if (asker.id <= id) continue
    const theirs = byReviewer.get(asker.id)
    if (theirs === undefined || !approvesOnly(words, asker.id) || !approvesOnly(theirs, id)) continue
    pairs.push({ one: by, other: asker, approvals: words.length + theirs.length })
  }
  return pairs.toSorted((one, other) => other.approvals - one.approvals)
}

function approvesOnly(words: readonly Word[], asker: PrincipalId): boolean {
  return words.length >= LEAST_OF_A_PAIR && words.every((word) => word.kind === 'approve' && word.asker.id === asker)
}

function rulesOf(holds: readonly Hold[]): readonly RuleQuality[] {
  return [...Map.groupBy(holds, ({ because }) => because.name)]
    .map(([rule, of]) => {
      const count = (isSuch: (hold: Hold) => boolean) => of.filter(isSuch).length
      const isBroken = ({ decisions }: Hold) => decisions.some(({ kind }) => kind === 'break-glass')
      const became = (kind: Hold['state']['kind']) => count(({ state }) => state.kind === kind)
      const brokenGlass = count(isBroken)
      const [pending, rejected, expired, withdrawn] = [
        became('pending'),
        became('rejected'),
        became('expired'),
        became('withdrawn'),
      ]
      const approved = of.length - pending - rejected - expired - withdrawn - brokenGlass
      return { rule, held: of.length, pending, approved, rejected, expired, withdrawn, brokenGlass }
    })
    .toSorted((one, other) => other.held - one.held)
}
