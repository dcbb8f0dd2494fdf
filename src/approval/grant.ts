/**
 * A grant: a reviewer's word that one person may run one command on one target until a time, without asking again. What
 * may be given, and what a grant answers; pure. Who may give and revoke one, and where it is kept: grants.ts.
 *
 * INVARIANT: a grant answers in place of one rule's hold and of nothing else. It fits one text, letter by letter, that
 * arrives as it did then, and it is not wider than the rule: another rule's hold, a changed policy, a rule that would
 * not let it be granted now, and any deny go past it.
 */
import { type Action, ASSURANCES } from '../core/action.ts'
import type { Grant } from '../core/grant.ts'
import type { Hold } from '../core/hold.ts'
import { newGrantId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { GrantScope, Verdict } from '../core/verdict.ts'

/** What a reviewer asks for beside the approval. */
export interface GrantWish {
  readonly minutes: number
  readonly scope: GrantScope
}

export type GrantResult =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly message: string }

export interface GrantTerms extends GrantWish {
  readonly by: Principal
  readonly reason: string
  /** Digest of the policy in force. */
  readonly policy: string
}

const MINUTE_MS = 60_000

/** Makes a grant of a held action. Whether `by` may decide the hold is the caller's question. */
export function grantFrom(hold: Hold, terms: GrantTerms, now: Date): GrantResult {
  const { action, quorum, because } = hold
  const { minutes, scope, by, reason, policy } = terms
  const refused = (message: string): GrantResult => ({ kind: 'refused', message })
  if (action.kind === 'shell') return refused('Opening a shell cannot be granted for longer; only a command can.')
  if (action.assurance === 'inferred')
    return refused('This text was read off a screen and is not sure enough to be granted for longer.')
  if (quorum.count > 1)
    return refused(`This needs ${quorum.count} approvals each time; one person cannot grant it for longer.`)
  const limit = quorum.grant
  if (limit === undefined)
    return refused(`The rule “${because.name}” lets this command be approved once, each time, and not for longer.`)
  if (limit.policy !== policy)
    return refused('The policy changed since this was asked, so it can be approved once and not for longer.')
  if (scope === 'person' && limit.scope !== 'person')
    return refused(`The rule “${because.name}” lets this be granted in the session that asked, and not beyond it.`)
  const longest = Math.floor(limit.longestMs / MINUTE_MS)
  if (!(Number.isSafeInteger(minutes) && minutes > 0 && minutes <= longest))
    return refused(`The rule “${because.name}” lets this be granted for 1 to ${longest} minutes.`)
  if (quorum.reasonRequired && reason.trim() === '') return refused('The rule asks for a written reason.')
  return {
    kind: 'granted',
    grant: {
      id: newGrantId(),
      hold: hold.id,
      principal: action.principal,
      text: action.text,
      kind: action.kind,
      assurance: action.assurance,
      target: action.target.name,
      login: action.login,
      scope,
      session: action.session,
      givenAt: now,
      until: new Date(now.getTime() + minutes * MINUTE_MS),
      because,
      policy,
      reviewers: quorum.reviewers,
      by,
      reason,
      uses: 0,
      lastUsedAt: undefined,
      ended: undefined,
    },
  }
}

export function isInForce(grant: Grant, now: Date): boolean {
  return grant.ended === undefined && now.getTime() < grant.until.getTime()
}

/** Reports whether the grant speaks of this action at this time. Whether that is enough, `answersHold` says. */
export function coveredByGrant(grant: Grant, action: Action, now: Date): boolean {
  return (
    isInForce(grant, now) &&
    grant.text === action.text &&
    // The same words are another thing as a line, whose steps are asked for by themselves, than as a whole command.
    grant.kind === action.kind &&
    ASSURANCES.indexOf(action.assurance) <= ASSURANCES.indexOf(grant.assurance) &&
    grant.target === action.target.name &&
    grant.login === action.login &&
    grant.principal.id === action.principal.id &&
    (grant.scope === 'person' || grant.session === action.session) &&
    // A line that was read off a screen may not be what would run.
    action.assurance !== 'inferred' &&
    // Opening a shell is not one command, and what runs in it is asked for by itself.
    action.kind !== 'shell'
  )
}

/** Reports whether the grant stands for the approval that this verdict asks for. */
export function answersHold(grant: Grant, action: Action, verdict: Verdict, now: Date): boolean {
  if (verdict.kind !== 'hold' || verdict.quorum.count > 1) return false
  const limit = verdict.quorum.grant
  return (
    limit !== undefined &&
    limit.policy === grant.policy &&
    verdict.because.name === grant.because.name &&
    (grant.scope === 'session' || limit.scope === 'person') &&
    grant.until.getTime() - grant.givenAt.getTime() <= limit.longestMs &&
    coveredByGrant(grant, action, now)
  )
}
