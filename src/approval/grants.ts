/**
 * The grants in force: given with an approval, looked for when something is held, taken back.
 *
 * INVARIANT: each step's audit event is stored before its effect. A grant that cannot be read is one that is not there:
 * what it would have answered is held as usual.
 */
import type { Action } from '../core/action.ts'
import type { AuditType } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import { BastionError, codeOf, messageFor } from '../core/errors.ts'
import type { Grant, GrantEnd } from '../core/grant.ts'
import type { Hold } from '../core/hold.ts'
import type { GrantId, PrincipalId, SessionId } from '../core/ids.ts'
import type { Log, Store } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { Verdict } from '../core/verdict.ts'
import { answersHold, type GrantWish, grantFrom, isInForce } from './grant.ts'
import { Listeners } from './listeners.ts'
import { isSamePerson, type RolesOf } from './reviewers.ts'

export interface GrantsParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly rolesOf: RolesOf
  /** Digest of the policy in force. */
  readonly policyDigest: () => string
}

/** Who has so many needs another rule, not another grant. */
export const MAX_LIVE_PER_PERSON = 100
/** A race may let somebody have a few more than that; they are found all the same. */
const LOOKED_THROUGH = 1000
const MOST_LISTED = 10_000

export class Grants {
  readonly #parts: GrantsParts
  readonly #listeners: Listeners<readonly [grant: Grant]>

  constructor(parts: GrantsParts) {
    this.#parts = parts
    this.#listeners = new Listeners(parts.log, 'grants')
  }

  /** Makes the grant that would be given with an approval. Throws `invalid` or `too-many` where it cannot be. */
  async prepare(hold: Hold, by: Principal, wish: GrantWish, reason: string): Promise<Grant> {
    const { clock, store, policyDigest } = this.#parts
    const result = grantFrom(hold, { ...wish, by, reason, policy: policyDigest() }, clock.now())
    if (result.kind === 'refused') throw new BastionError('invalid', result.message)
    const principal = hold.action.principal.id
    const live = await store.grants.live({ now: clock.now(), principal, limit: MAX_LIVE_PER_PERSON })
    if (live.length >= MAX_LIVE_PER_PERSON)
      throw new BastionError(
        'too-many',
        `${hold.action.principal.name} has ${live.length} grants in force; revoke some, or approve this once.`,
      )
    return result.grant
  }

  /** Puts a grant in force whose hold has been approved. Rejects where it is not: then it was approved once. */
  async give(grant: Grant): Promise<void> {
    try {
      await this.#record('grant.given', grant, grant.by, { scope: grant.scope, reason: grant.reason })
      await this.#parts.store.grants.insert(grant)
    } catch (error) {
      // The log may say by now that it was given; nothing follows from that, but nobody should have to wonder.
      await this.#record('grant.ended', grant, undefined, { reason: 'it could not be kept' }).catch(() => {})
      throw new BastionError(
        codeOf(error),
        `It was approved, but once only: the grant could not be kept. ${messageFor(error)}`,
        error,
      )
    }
    this.#listeners.tell({ grant: grant.id }, grant)
  }

  /**
   * Looks for a grant that answers this hold, and counts the use. Undefined: there is none, or it could not be found out.
   * Rejects where the use cannot be put on record; then nothing may run.
   */
  async use(action: Action, verdict: Verdict): Promise<Grant | undefined> {
    const { clock, log, store } = this.#parts
    if (verdict.kind !== 'hold' || verdict.quorum.grant === undefined) return undefined
    let used: Grant | undefined
    try {
      const theirs = { now: clock.now(), principal: action.principal.id, limit: LOOKED_THROUGH }
      const fitting = (await store.grants.live(theirs)).filter((grant) => this.#answers(grant, action, verdict))
      for (const grant of fitting) {
        // It may have been revoked since it was read: the store says whether it still is in force.
        if (!(await store.grants.use(grant.id, clock.now()))) continue
        used = { ...grant, uses: grant.uses + 1, lastUsedAt: clock.now() }
        break
      }
    } catch (error) {
      log.error({ session: action.session, err: error }, 'grants could not be read; the command is held')
      return undefined
    }
    if (used === undefined) return undefined
    await this.#record('grant.used', used, action.principal, useDetail(action, verdict), action.session)
    this.#listeners.tell({ grant: used.id }, used)
    return used
  }

  async find(id: GrantId): Promise<Grant> {
    const grant = await this.#parts.store.grants.find(id)
    if (grant === undefined) throw new BastionError('not-found', 'There is no such grant.')
    return grant
  }

  /** Those in force under the policy in force, newest first. */
  async live(): Promise<readonly Grant[]> {
    const { clock, store, policyDigest } = this.#parts
    const live = await store.grants.live({ now: clock.now(), limit: MOST_LISTED })
    return live.filter((grant) => grant.policy === policyDigest())
  }

  /** Reports whether this person could have given it: a reviewer of what it covers, and not the one it was given to. */
  isReviewerOf(grant: Grant, person: Principal): boolean {
    if (isSamePerson(grant.principal, person)) return false
    return this.#parts.rolesOf(person).some((role) => grant.reviewers.includes(role))
  }

  mayRevoke(grant: Grant, person: Principal, isAdministrator: boolean): boolean {
    return grant.principal.id === person.id || isAdministrator || this.isReviewerOf(grant, person)
  }

  /** Throws `not-found`, `forbidden` (an audit event) or `conflict` (it is over or was ended before). */
  async revoke(id: GrantId, by: Principal, isAdministrator: boolean): Promise<Grant> {
    const grant = await this.find(id)
    if (!this.mayRevoke(grant, by, isAdministrator)) {
      const why = 'Only its reviewers, administrators and the person it was given to revoke a grant.'
      await this.#record('decision.refused', grant, by, { decision: 'revoke', why })
      throw new BastionError('forbidden', why)
    }
    const at = this.#parts.clock.now()
    if (!isInForce(grant, at)) throw new BastionError('conflict', 'This grant is over already.')
    await this.#record('grant.revoked', grant, by, {})
    const end = { at, by, reason: `revoked by ${by.name}` }
    if (!(await this.#end(grant, end))) throw new BastionError('conflict', 'This grant is over already.')
    return { ...grant, ended: end }
  }

  /** Ends what was given for this session alone. */
  endSession(session: SessionId, principal: PrincipalId): Promise<void> {
    const isOfIt = (grant: Grant) => grant.scope === 'session' && grant.session === session
    return this.#endWhere(isOfIt, 'its session is over', { principal })
  }

  /** Ends what was given under another policy than the one in force; it fits nothing any more, and should not be shown. */
  policyChanged(): Promise<void> {
    return this.#endWhere((grant) => grant.policy !== this.#parts.policyDigest(), 'the policy changed')
  }

  /** After a start: the sessions of before are gone, and the policy may be another. */
  async recover(): Promise<void> {
    await this.#endWhere((grant) => grant.scope === 'session', 'the bastion was restarted')
    await this.policyChanged()
  }

  /** Calls `listener` with each grant that is new, was used or has ended; the returned function stops that. */
  subscribe(listener: (grant: Grant) => void): () => void {
    return this.#listeners.add(listener)
  }

  #answers(grant: Grant, action: Action, verdict: Verdict): boolean {
    return (
      verdict.kind === 'hold' &&
      answersHold(grant, action, verdict, this.#parts.clock.now()) &&
      // Not by somebody who could not approve this very hold: rules may merge, and a role may have been taken away.
      !isSamePerson(action.principal, grant.by) &&
      this.#parts.rolesOf(grant.by).some((role) => verdict.quorum.reviewers.includes(role))
    )
  }

  async #endWhere(
    matches: (grant: Grant) => boolean,
    reason: string,
    whose: { readonly principal?: PrincipalId } = {},
  ): Promise<void> {
    const { clock, store } = this.#parts
    const at = clock.now()
    for (const grant of (await store.grants.live({ ...whose, now: at, limit: MOST_LISTED })).filter(matches)) {
      await this.#record('grant.ended', grant, undefined, { reason })
      await this.#end(grant, { at, by: undefined, reason })
    }
  }

  async #end(grant: Grant, end: GrantEnd): Promise<boolean> {
    const isEnded = await this.#parts.store.grants.end(grant.id, end)
    if (isEnded) this.#listeners.tell({ grant: grant.id }, { ...grant, ended: end })
    return isEnded
  }

  #record(
    type: AuditType,
    grant: Grant,
    actor: Principal | undefined,
    detail: Record<string, unknown>,
    session = grant.session,
  ): Promise<unknown> {
    return this.#parts.store.audit.append({
      type,
      at: this.#parts.clock.now(),
      actor: actor?.id,
      actorName: actor?.name,
      session,
      hold: grant.hold,
      detail: {
        grant: grant.id,
        text: grant.text,
        target: grant.target,
        login: grant.login,
        requester: grant.principal.id,
        by: grant.by.id,
        byName: grant.by.name,
        until: grant.until.toISOString(),
        ...detail,
      },
    })
  }
}

/** What the log tells of every other request too, so that a backtest can judge it again. */
function useDetail(action: Action, verdict: Extract<Verdict, { kind: 'hold' }>): Record<string, unknown> {
  const { id, effects, assurance } = action
  return { action: id, effects, assurance, rule: verdict.because, reviewers: verdict.quorum.reviewers }
}
