/**
 * How far a held action may be granted: the rule's terms, as they apply to this one action. Whoever decides the hold may
 * give that much and no more; what is undefined here is approved once, each time.
 *
 * INVARIANT: only a text that means the same every time is granted. `rm $X`, and `touch notes` in a shell that may have
 * gone to another folder, are other commands the next time, letter for letter the same as they are.
 */
import type { Action, Effect } from '../core/action.ts'
import { GRANT_SCOPES, type GrantLimit, type Quorum } from '../core/verdict.ts'
import type { Answer, Policy, SetCondition } from './rule.ts'

export function grantLimit(
  policy: Policy,
  { grant, quorum }: Extract<Answer, { kind: 'hold' }>,
  action: Action,
): GrantLimit | undefined {
  if (grant === undefined || quorum.count > 1) return undefined
  // What happens in a shell is asked for by itself; what was read off a screen may not be what would run.
  if (action.kind === 'shell' || action.assurance === 'inferred') return undefined
  if (!speaksOf(grant.effects, action.effects) || !meansTheSameAgain(action)) return undefined
  return { longestMs: grant.longestMs, scope: grant.scope, policy: policy.digest }
}

/** Returns what both of them would let be granted. */
export function bothLimits(one: Quorum, other: Quorum): GrantLimit | undefined {
  if (one.grant === undefined || other.grant === undefined || Math.max(one.count, other.count) > 1) return undefined
  const scopes = [one.grant.scope, other.grant.scope]
  return {
    longestMs: Math.min(one.grant.longestMs, other.grant.longestMs),
    scope: GRANT_SCOPES.find((scope) => scopes.includes(scope)) ?? 'session',
    policy: one.grant.policy,
  }
}

function speaksOf(condition: SetCondition<Effect> | undefined, effects: readonly Effect[]): boolean {
  const { only, any, none } = condition ?? {}
  return (
    (only === undefined || effects.every((effect) => only.includes(effect))) &&
    (any === undefined || effects.some((effect) => any.includes(effect))) &&
    (none === undefined || !effects.some((effect) => none.includes(effect)))
  )
}

function meansTheSameAgain({ kind, commands, objects }: Action): boolean {
  if (commands.some(({ name }) => name === undefined)) return false
  return objects.every(
    ({ kind: thing, value }) =>
      value !== undefined &&
      // A command that is given to ssh always starts in the same folder.
      (thing !== 'path' || kind === 'exec' || value.startsWith('/')),
  )
}
