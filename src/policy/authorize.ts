/**
 * Whether a person may open sessions on a target at all. Each thing they then do there is judged by itself.
 *
 * An Authorization is the proof of it, and this file is its only constructor: the symbol that marks one is not exported.
 */
import type { Principal } from '../core/principal.ts'
import type { Target } from '../core/target.ts'
import { type Circumstances, couldMatch } from './match.ts'
import { rolesOf, whomToAsk } from './roles.ts'
import type { Policy } from './rule.ts'
import { quotable } from './shape/quotable.ts'

const proof: unique symbol = Symbol('authorization')

export interface Authorization {
  readonly [proof]: true
  readonly principal: Principal
  readonly target: Target
  readonly login: string
}

export interface AuthorizationRequest {
  readonly principal: Principal
  readonly target: Target
  /** The account on the target. */
  readonly login: string
  /** The client's IP address. */
  readonly address: string
  readonly now: Date
}

export type AuthorizationResult =
  | { readonly kind: 'granted'; readonly authorization: Authorization }
  | { readonly kind: 'refused'; readonly message: string }

/** Grants when some rule could answer something else than deny; never throws. */
export function authorize(policy: Policy, request: AuthorizationRequest): AuthorizationResult {
  try {
    const message = refusal(policy, request)
    if (message !== undefined) return { kind: 'refused', message }
    const { principal, target, login } = request
    return { kind: 'granted', authorization: Object.freeze({ [proof]: true as const, principal, target, login }) }
  } catch {
    return {
      kind: 'refused',
      message: 'The policy could not be applied to this, so the answer is no; ask whoever keeps the policy.',
    }
  }
}

function refusal(policy: Policy, request: AuthorizationRequest): string | undefined {
  const { principal, target, login } = request
  const roles = rolesOf(policy, principal)
  if (roles.length === 0) {
    const groups =
      principal.groups.length === 0
        ? 'You are in no group that the identity provider tells of'
        : `None of your groups (${principal.groups.slice(0, 10).map(quotable).join(', ')}) has a role here`
    return `${groups}, so no target is open to you; ${whomToAsk(policy)} if one should be.`
  }
  if (!target.logins.includes(login))
    return `There is no account ${quotable(login)} for you on ${quotable(target.name)}.`
  const circumstances: Circumstances = { ...request, roles }
  for (const rule of policy.rules) {
    const match = couldMatch(rule, circumstances)
    // What is not known (an address that cannot be read) keeps people out, and never lets them in.
    if (rule.then.kind === 'deny') {
      if (match === 'always' || match === 'unclear') return rule.then.message
    } else if (match === 'always' || match === 'sometimes') return undefined
  }
  return `No rule opens ${quotable(target.name)} as ${quotable(login)} to ${roles.join(', ')} from where you are now; ${whomToAsk(policy)} if one should.`
}
