/**
 * Who may decide a hold, and when enough of them have. Segregation of duties is an invariant here, not a rule of the
 * policy that somebody could forget.
 *
 * INVARIANT: the requester never counts; whoever shares the requester's `sub` or e-mail address never counts, whichever
 * provider vouches for them; a reviewer counts once. An agent never counts, and its owner counts for it only where the
 * rule says so.
 */
import type { Hold } from '../core/hold.ts'
import type { Principal } from '../core/principal.ts'

export type RolesOf = (principal: Principal) => readonly string[]

export type MayDecide = { readonly kind: 'may' } | { readonly kind: 'may-not'; readonly message: string }

/** Reports whether two accounts are, or may be, one person. In doubt they are: an approval needs two people. */
export function isSamePerson(one: Principal, other: Principal): boolean {
  if (one.id === other.id || one.subject === other.subject) return true
  return one.email !== undefined && other.email !== undefined && mailbox(one.email) === mailbox(other.email)
}

/** Reports whether this agent is that person's. By `sub` alone too, as above: the owner may have a second account. */
export function isOwnerOf(person: Principal, agent: Principal): boolean {
  if (agent.owner === undefined) return false
  return agent.owner === person.id || agent.owner.slice(agent.owner.indexOf('#') + 1) === person.subject
}

/** Providers write one address in several ways: only the domain's case is free (RFC 5321 §2.4), but no mail host minds. */
function mailbox(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase()
}

/** Reports whether the hold was ever this person's to decide, whatever has become of it since. */
export function isReviewerOf(hold: Hold, person: Principal, rolesOf: RolesOf): boolean {
  if (isSamePerson(hold.action.principal, person) || person.owner !== undefined) return false
  if (isOwnerOf(person, hold.action.principal) && hold.quorum.ownerMayDecide !== true) return false
  return rolesOf(person).some((role) => hold.quorum.reviewers.includes(role))
}

/**
 * Reports whether the requester broke the glass, and the rule names this person to look at it afterwards or, with `told`, to be
 * told of it.
 */
export function looksAtGlass(hold: Hold, person: Principal, rolesOf: RolesOf, told = false): boolean {
  const { glass } = hold.quorum
  if (glass === undefined || !hold.decisions.some(({ kind }) => kind === 'break-glass')) return false
  const named = told ? [...glass.reviewers, ...glass.alert] : glass.reviewers
  if (!rolesOf(person).some((role) => named.includes(role))) return false
  return told || (!isSamePerson(hold.action.principal, person) && person.owner === undefined)
}

export function mayDecide(hold: Hold, person: Principal, rolesOf: RolesOf): MayDecide {
  if (isSamePerson(hold.action.principal, person)) {
    return { kind: 'may-not', message: 'You asked for this command yourself; somebody else has to decide it.' }
  }
  if (person.owner !== undefined) {
    return { kind: 'may-not', message: 'An agent decides nothing; a person has to.' }
  }
  if (isOwnerOf(person, hold.action.principal) && hold.quorum.ownerMayDecide !== true) {
    return { kind: 'may-not', message: 'Your own agent asked for this command; somebody else has to decide it.' }
  }
  if (!isReviewerOf(hold, person, rolesOf)) {
    const roles = hold.quorum.reviewers.join(' or ')
    return { kind: 'may-not', message: `Only people with the role ${roles} decide this command.` }
  }
  if (hold.decisions.some((decision) => isSamePerson(decision.by, person))) {
    return { kind: 'may-not', message: 'You have decided this command already; your word counts once.' }
  }
  return { kind: 'may' }
}

/**
 * Reports whether the hold's approvals fill its quorum. One rejection ends a hold and never gets here. The people are
 * looked at again, because two decisions of one person's two accounts may arrive at the same moment, and because a role
 * may have been taken away since.
 */
export function isQuorumReached(hold: Hold, rolesOf: RolesOf): boolean {
  const approvers: Principal[] = []
  for (const { kind, by, receipt } of hold.decisions) {
    if (kind !== 'approve' || !isReviewerOf(hold, by, rolesOf)) continue
    if (hold.quorum.sign === 'passkey' && receipt === undefined) continue
    if (!approvers.some((other) => isSamePerson(other, by))) approvers.push(by)
  }
  if (approvers.length < hold.quorum.count) return false
  if (!hold.quorum.distinctRoles) return true
  const rolesOfApprovers = approvers.map((person) =>
    rolesOf(person).filter((role) => hold.quorum.reviewers.includes(role)),
  )
  return countDistinct(rolesOfApprovers) >= hold.quorum.count
}

/** Returns how many people can each stand for a different role (a maximum matching, by augmenting paths). */
function countDistinct(rolesOfPeople: readonly (readonly string[])[]): number {
  const personOf = new Map<string, number>()
  const place = (person: number, tried: Set<string>): boolean =>
    (rolesOfPeople[person] ?? []).some((role) => {
      if (tried.has(role)) return false
      tried.add(role)
      const holder = personOf.get(role)
      if (holder !== undefined && !place(holder, tried)) return false
      personOf.set(role, person)
      return true
    })
  return rolesOfPeople.filter((_, person) => place(person, new Set())).length
}
