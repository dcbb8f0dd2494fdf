/** What the duties of a session make of a verdict on something in it. */
import type { Action } from '../core/action.ts'
import type { Mask, RecordLevel, RuleRef, SessionDuties, Verdict } from '../core/verdict.ts'

/** Returns duties that keep what both ask for, as with the verdicts of two rules of which either may apply. */
export function bothDuties(one: SessionDuties, other: SessionDuties): SessionDuties {
  return {
    idleTimeoutMs: shorter(one.idleTimeoutMs, other.idleTimeoutMs),
    maxDurationMs: shorter(one.maxDurationMs, other.maxDurationMs),
    readOnly: one.readOnly || other.readOnly,
    masks: bothMasks(one.masks, other.masks),
    record: fuller(one.record, other.record),
  }
}

function shorter(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

/** A name means one pattern in the whole policy (see names.ts), so masks of one name differ by what they keep. */
function bothMasks(some: readonly Mask[], others: readonly Mask[]): readonly Mask[] {
  const byName = new Map<string, Mask>()
  for (const mask of [...some, ...others]) {
    const before = byName.get(mask.name)
    if (before === undefined || mask.keep < before.keep) byName.set(mask.name, mask)
  }
  return [...byName.values()]
}

function fuller(one: RecordLevel, other: RecordLevel): RecordLevel {
  if (one.kind === 'output' || other.kind === 'output') return { kind: 'output' }
  return one.bytes >= other.bytes ? one : other
}

/**
 * Returns the stricter of the verdict and what the session's duties say. In a read-only session whatever does more than
 * read, or hides what it does, is denied and never held: nobody can approve it away. `because` is the rule that let the
 * session open.
 */
export function underDuties(duties: SessionDuties, because: RuleRef, action: Action, verdict: Verdict): Verdict {
  if (!duties.readOnly || verdict.kind === 'deny') return verdict
  const more = action.effects.filter((effect) => effect !== 'read')
  if (more.length === 0) return verdict
  return {
    kind: 'deny',
    because,
    message: `this session is read-only, and what this does is ${more.join(', ')}. Open a session that may change things.`,
  }
}
