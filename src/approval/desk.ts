/**
 * The desk: where an action waits for its verdict to become a clearance or a refusal. It keeps the hold in the store,
 * announces it, takes the reviewers' decisions, lets it expire, and hands the outcome to the gate that waits.
 *
 * INVARIANT: a hold leaves `pending` once (the store's compare-and-set decides races), and the audit event of that
 * step is stored before the gate hears of it. If it cannot be stored, the gate hears a refusal. A gate that waits is
 * always told something in the end, even where the store does not answer.
 */
import type { Action } from '../core/action.ts'
import { assertNever, BastionError, messageFor } from '../core/errors.ts'
import type { Grant } from '../core/grant.ts'
import type { Decision, Hold, HoldState } from '../core/hold.ts'
import { type HoldId, newHoldId } from '../core/ids.ts'
import type { Log } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { Verdict } from '../core/verdict.ts'
import { Approvals } from './approvals.ts'
import { type Clearance, clearAllowed, clearApproved, clearGranted } from './clearance.ts'
import { Conversation } from './conversation.ts'
import { Debts } from './debts.ts'
import { Escalations } from './escalations.ts'
import { Glass } from './glass.ts'
import { Grants } from './grants.ts'
import { HoldEvents } from './hold-events.ts'
import { Listeners } from './listeners.ts'
import { type Outcome, outcomeOf, refusal } from './outcome.ts'
import { Presence } from './presence.ts'
import { isQuorumReached, mayDecide, type RolesOf } from './reviewers.ts'
import { Signing, type SigningParts, type SigningRequest } from './signing.ts'
import { demandStepUp } from './step-up.ts'
import { takeReceipt } from './take-receipt.ts'
import { reasonMissing, reasonOf, type Word } from './word.ts'

export type { Outcome, Refusal } from './outcome.ts'
export type { Word } from './word.ts'

/** A hold that a gate waits on. `outcome` never rejects. */
export interface Waiting {
  readonly kind: 'waiting'
  readonly hold: Hold
  readonly outcome: Promise<Outcome>
  /** Whether its requester may run it without waiting, on its page. */
  readonly mayBreakGlass: boolean
  /** Takes the request back; no effect once it is decided. */
  withdraw(reason: string): void
  /** Adds to why it is asked. Throws `invalid` (empty, too long, control characters) or `conflict` (no longer waiting, or enough said). */
  explain(text: string): Promise<void>
}

export interface DeskParts extends SigningParts {
  readonly log: Log
  /** The roles a person has now, by the policy in force. */
  readonly rolesOf: RolesOf
}

interface Pending {
  readonly hold: Hold
  readonly outcome: Promise<Outcome>
  readonly settle: (outcome: Outcome) => void
  readonly stopTimer: () => void
}

export class Desk {
  readonly grants: Grants
  readonly approvals: Approvals
  readonly conversation: Conversation
  readonly debts: Debts
  readonly glass: Glass
  readonly escalations: Escalations
  readonly #parts: DeskParts
  readonly #events: HoldEvents
  readonly #pending = new Map<HoldId, Pending>()
  readonly #listeners: Listeners<readonly [hold: Hold]>
  /** Holds whose gate was refused because of a fault, while the store may still show them as pending. */
  readonly #orphans = new Set<HoldId>()
  #isClosed = false
  readonly presence: Presence
  readonly signing: Signing

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#listeners = new Listeners(parts.log, 'holds')
    this.#events = new HoldEvents(parts)
    this.approvals = new Approvals({
      ...parts,
      events: this.#events,
      find: (id) => this.find(id),
      announce: (hold) => this.#announce(hold),
    })
    this.grants = new Grants(parts)
    this.presence = new Presence(parts.rolesOf)
    this.signing = new Signing(parts)
    this.conversation = new Conversation({
      ...parts,
      events: this.#events,
      findWaiting: (id) => this.#findWaiting(id),
      announce: (hold) => this.#announce(hold),
    })
    this.escalations = new Escalations({
      ...parts,
      events: this.#events,
      announce: (hold) => this.#announce(hold),
    })
    this.debts = new Debts({ ...parts, events: this.#events, find: (id) => this.find(id) })
    this.glass = new Glass({
      ...parts,
      events: this.#events,
      signing: this.signing,
      debts: this.debts,
      findWaiting: (id) => this.#findWaiting(id),
      follow: (hold, record) => this.#follow(hold, record),
    })
  }

  /** Turns a verdict into a clearance, a refusal or a wait. `screen` is what the reviewer gets to see. */
  async submit(action: Action, verdict: Verdict, screen: readonly string[]): Promise<Outcome | Waiting> {
    switch (verdict.kind) {
      case 'allow':
        await this.#events.ofAction('command.allowed', action, undefined, { rule: verdict.because })
        return { kind: 'cleared', clearance: clearAllowed(action, verdict), hold: undefined, grant: undefined }
      case 'deny':
        await this.#events.ofAction('command.denied', action, undefined, {
          rule: verdict.because,
          message: verdict.message,
        })
        return { kind: 'refused', how: 'denied', message: verdict.message, because: verdict.because, hold: undefined }
      case 'hold':
        return (await this.#granted(action, verdict)) ?? this.#hold(action, verdict, screen)
      default:
        return assertNever(verdict)
    }
  }

  /**
   * Takes actions whose time has not come yet, and returns a clearance for each that the policy allows outright; the
   * others leave no trace, they will be submitted when they come. What is cleared may still never run (`false && ls`).
   */
  async allowAhead(
    judged: readonly { readonly action: Action; readonly verdict: Verdict }[],
  ): Promise<readonly Clearance[]> {
    const allowed = judged.flatMap(({ action, verdict }) => (verdict.kind === 'allow' ? [{ action, verdict }] : []))
    // Asked for in one go, so that the log stores them in one.
    await Promise.all(
      allowed.map(({ action, verdict }) =>
        this.#events.ofAction('command.allowed', action, undefined, { rule: verdict.because, ahead: true }),
      ),
    )
    return allowed.map(({ action, verdict }) => clearAllowed(action, verdict))
  }

  /**
   * Takes a person's word. Throws `not-found`, `forbidden` (it is not theirs to decide: an audit event), `invalid` (no
   * reason given, or not to be granted as asked) or `conflict` (decided, expired or withdrawn before).
   */
  async decide(id: HoldId, by: Principal, word: Word): Promise<Hold> {
    const hold = await this.find(id)
    const may = mayDecide(hold, by, this.#parts.rolesOf)
    if (may.kind === 'may-not') {
      await this.#events.ofDecision('decision.refused', hold, by, { decision: word.kind, why: may.message })
      throw new BastionError('forbidden', may.message)
    }
    const reason = reasonOf(word.reason, reasonMissing(word.kind, hold))
    const at = this.#parts.clock.now()
    await this.#demandWaiting(hold)
    const grant = word.grant === undefined ? undefined : await this.#grantWith(hold, by, { ...word, reason })
    const said: Decision = { kind: word.kind, by, at, reason }
    const receipt = await takeReceipt({ signing: this.signing, events: this.#events }, hold, said, word)
    if (word.kind === 'approve') {
      const proof = { authentication: word.authentication, isSigned: receipt !== undefined }
      demandStepUp(hold.quorum.stepUp, proof, at)
    }
    const decided = await this.#parts.store.holds.addDecision(
      id,
      { ...said, ...(receipt !== undefined && { receipt }) },
      (held): HoldState | undefined => {
        if (word.kind === 'reject') return { kind: 'rejected', at, by, reason }
        return isQuorumReached(held, this.#parts.rolesOf) ? { kind: 'approved', at } : undefined
      },
    )
    if (decided === undefined) throw await this.#noLongerWaiting(id)
    const type = word.kind === 'reject' ? 'hold.rejected' : 'hold.approved'
    let failure: unknown
    await this.#follow(
      decided,
      () =>
        this.#events.ofDecision(
          type,
          decided,
          by,
          { reason, complete: decided.state.kind !== 'pending', receipt: receipt ?? null },
          at,
        ),
      async () => {
        if (grant === undefined || decided.state.kind !== 'approved') return undefined
        // The approval stands whatever becomes of the grant.
        return this.grants.give(grant).then(
          () => grant,
          (error) => {
            failure = error
            return undefined
          },
        )
      },
    )
    if (failure !== undefined) throw failure
    return decided
  }

  /**
   * Asks for this person's signature under a word of theirs. Throws `not-found`, `forbidden`, `conflict` (nothing waits any
   * more), `invalid` (they have no passkey) or `unavailable` (there can be none here).
   */
  async askToSign(id: HoldId, by: Principal, word: Word): Promise<SigningRequest> {
    const hold = await this.find(id)
    const may = mayDecide(hold, by, this.#parts.rolesOf)
    if (may.kind === 'may-not') throw new BastionError('forbidden', may.message)
    if (hold.state.kind !== 'pending') throw await this.#noLongerWaiting(id)
    return this.signing.ask(hold, by, word)
  }

  async find(id: HoldId): Promise<Hold> {
    const hold = await this.#parts.store.holds.find(id)
    if (hold === undefined) throw new BastionError('not-found', 'There is no such request.')
    return hold
  }

  /** Calls `listener` with each hold that is new or has changed; the returned function ends it. */
  subscribe(listener: (hold: Hold) => void): () => void {
    return this.#listeners.add(listener)
  }

  /** Settles what a bastion that died left behind: nobody waits for these holds any more. */
  async recover(): Promise<void> {
    for (const hold of await this.#parts.store.holds.list({ state: 'pending', limit: 10_000 })) {
      await this.#expire(hold, 'the bastion was restarted while this waited')
    }
    await this.approvals.recover()
    await this.grants.recover()
    await this.debts.recover()
  }

  /** Takes no more holds and ends every wait as expired; resolves when each gate has been told. */
  async close(reason: string): Promise<void> {
    this.#isClosed = true
    this.debts.stop()
    const waits = [...this.#pending.values()]
    for (const { hold } of waits) await this.#expire(hold, reason)
    await Promise.all(waits.map(({ outcome }) => outcome))
  }

  async #granted(action: Action, verdict: Verdict): Promise<Outcome | undefined> {
    const grant = await this.grants.use(action, verdict)
    if (grant === undefined) return undefined
    const clearance = clearGranted(action, verdict, { grant, now: grant.lastUsedAt ?? this.#parts.clock.now() })
    return { kind: 'cleared', clearance, hold: undefined, grant }
  }

  /** Rejects with `conflict` where it does not, or should not, wait any more. */
  async #demandWaiting(hold: Hold): Promise<void> {
    // A timer may be late (a suspended machine), and a fault may have kept it from being told to the store.
    const isOver = this.#parts.clock.now().getTime() >= hold.expiresAt.getTime()
    if (!isOver && !this.#orphans.has(hold.id)) return
    await this.#expire(hold, isOver ? 'nobody decided in time' : 'a fault ended the wait for it')
    throw await this.#noLongerWaiting(hold.id)
  }

  async #findWaiting(id: HoldId): Promise<Hold> {
    const hold = await this.find(id)
    if (hold.state.kind !== 'pending') throw await this.#noLongerWaiting(id)
    await this.#demandWaiting(hold)
    return hold
  }

  #grantWith(hold: Hold, by: Principal, { kind, grant, reason }: Word): Promise<Grant> {
    if (kind === 'reject' || grant === undefined) throw new BastionError('invalid', 'A rejection grants nothing.')
    return this.grants.prepare(hold, by, grant, reason)
  }

  async #hold(
    action: Action,
    verdict: Extract<Verdict, { kind: 'hold' }>,
    screen: readonly string[],
  ): Promise<Waiting> {
    const { clock, store } = this.#parts
    if (this.#isClosed) throw new BastionError('unavailable', 'The bastion is shutting down, so nothing can be held.')
    const now = clock.now()
    const hold: Hold = {
      id: newHoldId(),
      action,
      because: verdict.because,
      quorum: verdict.quorum,
      message: verdict.message,
      createdAt: now,
      expiresAt: new Date(now.getTime() + verdict.quorum.expiresAfterMs),
      screen,
      explanations: [],
      decisions: [],
      state: { kind: 'pending' },
    }
    await this.#events.ofHold(hold)
    // The wait stands before the hold can be seen, so that no decision comes too early to be heard.
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const stopTimer = clock.after(
      verdict.quorum.expiresAfterMs,
      () => void this.#expire(hold, 'nobody decided in time'),
    )
    this.#pending.set(hold.id, { hold, outcome: promise, settle: resolve, stopTimer })
    try {
      await store.holds.insert(hold)
    } catch (error) {
      this.#pending.delete(hold.id)
      stopTimer()
      throw error
    }
    // Unless somebody was faster, and it waits no more.
    if (this.#pending.has(hold.id)) this.escalations.watch(hold)
    // The bastion may have begun to shut down meanwhile, and then this wait is in nobody's list any more.
    if (this.#isClosed) void this.#expire(hold, 'the bastion is shutting down')
    this.#announce(hold)
    return {
      kind: 'waiting',
      hold,
      outcome: promise,
      mayBreakGlass: this.glass.termsFor(hold, action.principal) !== undefined,
      withdraw: (reason) => void this.#withdraw(hold, reason),
      explain: async (text) => void (await this.conversation.explain(hold, text)),
    }
  }

  async #expire(hold: Hold, reason: string): Promise<void> {
    const state: HoldState = { kind: 'expired', at: this.#parts.clock.now(), reason }
    await this.#settle(hold, state, () =>
      this.#events.ofAction('hold.expired', hold.action, hold.id, { reason }),
    ).catch(this.#giveUp(hold))
  }

  async #withdraw(hold: Hold, reason: string): Promise<void> {
    const state: HoldState = { kind: 'withdrawn', at: this.#parts.clock.now(), reason }
    await this.#settle(hold, state, () =>
      this.#events.ofAction('hold.withdrawn', hold.action, hold.id, { reason }),
    ).catch(this.#giveUp(hold))
  }

  /** Moves the hold out of `pending`; rejects with `conflict` where somebody was faster. */
  async #settle(hold: Hold, state: HoldState, record: () => Promise<unknown>): Promise<void> {
    if (!(await this.#parts.store.holds.transition(hold.id, 'pending', state))) {
      throw await this.#noLongerWaiting(hold.id)
    }
    await this.#follow(await this.find(hold.id), record)
  }

  /** Stores the audit event of a step that a hold has taken, and only then lets the gate and the pages hear of it. */
  async #follow(
    hold: Hold,
    record: () => Promise<unknown>,
    more: () => Promise<Grant | undefined> = async () => undefined,
  ): Promise<void> {
    try {
      await record()
    } catch (error) {
      this.#tell(hold, { ...refusal(hold, 'broken'), message: messageFor(error) })
      // An approval that is in no audit log must not be counted together with a later one.
      if (hold.state.kind === 'pending') {
        this.#orphans.add(hold.id)
        await this.#expire(hold, 'a decision on it could not be recorded')
      }
      if (hold.state.kind === 'approved')
        await this.approvals.revokeQuietly(hold.id, 'approved', 'the approval could not be recorded')
      throw error
    }
    if (hold.state.kind !== 'pending')
      this.#tell(
        hold,
        outcomeOf(hold, await more(), () => clearApproved(hold)),
      )
    this.#announce(hold)
  }

  #tell(hold: Hold, outcome: Outcome): void {
    const pending = this.#pending.get(hold.id)
    this.#pending.delete(hold.id)
    if (hold.state.kind !== 'pending') this.#orphans.delete(hold.id)
    pending?.stopTimer()
    this.escalations.stop(hold.id)
    pending?.settle(outcome)
  }

  async #noLongerWaiting(id: HoldId): Promise<BastionError> {
    const { state } = await this.find(id)
    if (state.kind === 'pending') {
      return new BastionError(
        'conflict',
        'Your word on this command was taken already, or it cannot be decided any more.',
      )
    }
    const standing = state.kind === 'rejected' ? `rejected by ${state.by.name}` : state.kind
    return new BastionError('conflict', `This command is no longer waiting: ${standing}.`)
  }

  #announce(hold: Hold): void {
    this.#listeners.tell({ hold: hold.id }, hold)
  }

  /** What to do when a hold could not be ended: a conflict means that somebody else did; else its gate is refused. */
  #giveUp(hold: Hold): (error: unknown) => void {
    return (error) => {
      if (error instanceof BastionError && error.code === 'conflict') return
      this.#parts.log.error({ hold: hold.id, err: error }, 'a hold could not be settled')
      if (!this.#pending.has(hold.id)) return
      this.#orphans.add(hold.id)
      this.#tell(hold, { ...refusal(hold, 'broken'), message: messageFor(error) })
    }
  }
}
