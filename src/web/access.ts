/**
 * Who may see what. Everybody sees their own; reviewers see what was theirs to decide; auditors see everything. Asked
 * anew each time, by the roles in force at that moment, for pages and for live streams alike. (faults 36 and 37)
 */
import { isReviewerOf, looksAtGlass } from '../approval/reviewers.ts'
import type { Debt } from '../core/debt.ts'
import { BastionError } from '../core/errors.ts'
import type { Grant } from '../core/grant.ts'
import type { Hold } from '../core/hold.ts'
import type { HoldId, SessionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { SessionRecord } from '../core/session.ts'
import type { WebServices } from './services.ts'

/** How many of the newest holds are looked through for what was somebody's to decide. */
export const HOLDS_LOOKED_THROUGH = 1000

export function isAuditor(services: WebServices, person: Principal): boolean {
  const { watchAllRecordings, readAudit } = services.permissionsOf(person)
  return watchAllRecordings || readAudit
}

/** Theirs to decide, or to look at after its requester broke the glass. */
export function isReviewing(services: WebServices, person: Principal, hold: Hold): boolean {
  return isReviewerOf(hold, person, services.rolesOf) || looksAtGlass(hold, person, services.rolesOf)
}

export function maySeeHold(services: WebServices, person: Principal, hold: Hold): boolean {
  return (
    // The same account, not merely perhaps the same person: that doubt counts against approving, not for seeing.
    hold.action.principal.id === person.id ||
    isReviewing(services, person, hold) ||
    looksAtGlass(hold, person, services.rolesOf, true) ||
    isAuditor(services, person)
  )
}

/** Throws `not-found`, or `forbidden` for who may not see it. */
export async function findHold(services: WebServices, person: Principal, id: string): Promise<Hold> {
  const hold = await services.desk.find(id as HoldId)
  if (maySeeHold(services, person, hold)) return hold
  throw new BastionError(
    'forbidden',
    'This request is not yours to see: only its requester, its reviewers and auditors are shown it.',
  )
}

export function maySeeGrant(services: WebServices, person: Principal, grant: Grant): boolean {
  return mayRevoke(services, person, grant) || grant.by.id === person.id || isAuditor(services, person)
}

export function maySeeDebt(services: WebServices, person: Principal, debt: Debt): boolean {
  const { debts } = services.desk
  return (
    debt.principal.id === person.id ||
    debts.mayClose(debt, person).kind === 'may' ||
    debts.isAlerted(debt, person) ||
    isAuditor(services, person)
  )
}

export function mayRevoke(services: WebServices, person: Principal, grant: Grant): boolean {
  return services.desk.grants.mayRevoke(grant, person, services.permissionsOf(person).administer)
}

/** `reviewed`: the sessions that held something which was this person's to decide. */
export function maySeeSession(
  services: WebServices,
  person: Principal,
  record: SessionRecord,
  reviewed: ReadonlySet<SessionId>,
): boolean {
  return (
    record.principal.id === person.id ||
    reviewed.has(record.id) ||
    isAuditor(services, person) ||
    services.permissionsOf(person).killSessions
  )
}

/** Watching is less widely allowed than seeing that a session exists: who may end sessions need not see their screens. */
export function mayWatch(
  services: WebServices,
  person: Principal,
  record: SessionRecord,
  reviewed: ReadonlySet<SessionId>,
): boolean {
  return (
    record.principal.id === person.id || reviewed.has(record.id) || services.permissionsOf(person).watchAllRecordings
  )
}

export function mayEnd(services: WebServices, person: Principal, record: SessionRecord): boolean {
  return record.principal.id === person.id || services.permissionsOf(person).killSessions
}

/** Resolves to the sessions, or the one given, with a hold that was this person's to decide. */
export async function reviewedSessions(
  services: WebServices,
  person: Principal,
  session?: SessionId,
): Promise<ReadonlySet<SessionId>> {
  if (services.rolesOf(person).length === 0) return new Set()
  const holds = await services.store.holds.list({ limit: HOLDS_LOOKED_THROUGH, ...(session && { session }) })
  return new Set(holds.filter((hold) => isReviewing(services, person, hold)).map((hold) => hold.action.session))
}

export async function findSession(services: WebServices, id: string): Promise<SessionRecord> {
  const record = await services.store.sessions.find(id as SessionId)
  if (record === undefined) throw new BastionError('not-found', 'There is no such session.')
  return record
}
