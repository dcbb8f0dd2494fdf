/** Which roles a person has, and what those may do besides opening sessions. */
import type { Principal } from '../core/principal.ts'
import type { Policy } from './rule.ts'

export interface Permissions {
  readonly watchAllRecordings: boolean
  readonly readAudit: boolean
  readonly killSessions: boolean
  readonly administer: boolean
  /** Some rule names one of their roles among its reviewers. Whether they may decide a hold depends on the hold. */
  readonly review: boolean
}

/** Groups are compared letter by letter: the identity provider's word, not a likeness of it. */
export function rolesOf(policy: Policy, principal: Principal): readonly string[] {
  return [...policy.roles]
    .filter(([, role]) => role.groups.some((group) => principal.groups.includes(group)))
    .map(([name]) => name)
}

export function permissionsOf(policy: Policy, principal: Principal): Permissions {
  const roles = rolesOf(policy, principal)
  const hasOne = (allowed: readonly string[]) => roles.some((role) => allowed.includes(role))
  const { recordings, audit, sessions, administration } = policy.permissions
  return {
    watchAllRecordings: hasOne(recordings),
    readAudit: hasOne(audit),
    killSessions: hasOne(sessions),
    administer: hasOne(administration),
    review: policy.rules.some(({ then }) => then.kind === 'hold' && hasOne(then.quorum.reviewers)),
  }
}

/** Says whom to ask for something that the policy does not give, as the end of a sentence. */
export function whomToAsk(policy: Policy): string {
  const { administration } = policy.permissions
  return administration.length === 0
    ? 'ask whoever keeps the policy'
    : `ask somebody with the role ${administration.join(' or ')}`
}
