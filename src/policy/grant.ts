/**
 * A grant: a reviewer's word that one person may run one command on one target until a time, without asking again. Pure
 * data; who may give one, and where it is kept and revoked, is decided elsewhere.
 *
 * INVARIANT: a grant answers in place of one rule's hold and of nothing else. It fits one text, letter by letter, and is
 * not wider than the rule: another rule's hold, a changed answer of that rule, and any deny go past it.
 */
import type { Action } from '../core/action.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { Verdict } from '../core/verdict.ts'
import type { Policy } from './rule.ts'

export interface Grant {
  /** Exactly what may run. */
  readonly text: string
  /** Names of the target and of the account on it. */
  readonly target: string
  readonly login: string
  readonly principal: PrincipalId
  /** The first moment at which it is over. */
  readonly until: Date
  /** Name of the rule whose hold it answers. */
  readonly rule: string
  /** Digest of the policy under which it was given: a changed policy was not what the reviewer agreed to. */
  readonly policy: string
  readonly by: Principal
  readonly reason: string
}

export type GrantResult =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly message: string }

export interface GrantTerms {
  readonly policy: Policy
  readonly action: Action
  readonly verdict: Verdict
  readonly until: Date
  readonly by: Principal
  readonly reason: string
}

/** Longer than a day is no exception any more; it belongs into the policy. */
export const MAX_GRANT_MS = 24 * 3_600_000

/** Makes a grant of a held action. Whether `by` may decide it is the caller's question (approval/). */
export function grantFrom(terms: GrantTerms, now: Date): GrantResult {
  const { policy, action, verdict, until, by, reason } = terms
  const refused = (message: string): GrantResult => ({ kind: 'refused', message })
  if (verdict.kind !== 'hold') return refused('Only a command that is held can be granted for longer.')
  if (verdict.quorum.count > 1)
    return refused(`This needs ${verdict.quorum.count} approvals each time; one person cannot grant it for longer.`)
  if (action.kind === 'shell') return refused('Opening a shell cannot be granted for longer; only a command can.')
  if (action.assurance === 'inferred')
    return refused('This text was read off a screen and is not sure enough to be granted for longer.')
  const lengthMs = until.getTime() - now.getTime()
  if (!(lengthMs > 0 && lengthMs <= MAX_GRANT_MS)) return refused('A grant ends in the future, within a day.')
  if (verdict.quorum.reasonRequired && reason.trim() === '') return refused('The rule asks for a written reason.')
  const { text, login, target, principal } = action
  return {
    kind: 'granted',
    grant: {
      text,
      login,
      target: target.name,
      principal: principal.id,
      until,
      rule: verdict.because.name,
      policy: policy.digest,
      by,
      reason,
    },
  }
}

/** Reports whether the grant speaks of this action at this time. Whether that is enough, `grantFor` says. */
export function coveredByGrant(grant: Grant, action: Action, now: Date): boolean {
  return (
    now.getTime() < grant.until.getTime() &&
    grant.text === action.text &&
    grant.target === action.target.name &&
    grant.login === action.login &&
    grant.principal === action.principal.id &&
    // A line that was read off a screen may not be what would run.
    action.assurance !== 'inferred' &&
    // Opening a shell is not one command, and what runs in it is asked for by itself.
    action.kind !== 'shell'
  )
}

/** Returns the grant that stands for the approval which this verdict asks for. */
export function grantFor(
  grants: readonly Grant[],
  judged: { readonly policy: Policy; readonly action: Action; readonly verdict: Verdict },
  now: Date,
): Grant | undefined {
  const { policy, action, verdict } = judged
  if (verdict.kind !== 'hold' || verdict.quorum.count > 1) return undefined
  return grants.find(
    (grant) =>
      grant.rule === verdict.because.name && grant.policy === policy.digest && coveredByGrant(grant, action, now),
  )
}
