/**
 * Proposals: an administrator's wish to change the bastion itself, which another one has to approve. What is proposed,
 * and how it is put into effect, is each kind's own (a `ChangeMaker`).
 *
 * INVARIANT: nobody approves their own, under whichever account, nor does an agent; a proposal leaves `pending` once; that it is
 * approved is in the audit log before anything is changed; and where what it was made from has changed since, nothing is.
 */
import type { AuditType } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import { BastionError, messageFor } from '../core/errors.ts'
import { newProposalId, type ProposalId } from '../core/ids.ts'
import type { Log, Store } from '../core/ports.ts'
import type { Authentication, Principal } from '../core/principal.ts'
import type { Change, Proposal, ProposalDecision, ProposalState } from '../core/proposal.ts'
import type { StepUp } from '../core/verdict.ts'
import { Listeners } from './listeners.ts'
import { isSamePerson, type MayDecide } from './reviewers.ts'
import { demandStepUp } from './step-up.ts'
import { reasonOf } from './word.ts'

/** How changes of one kind are put into effect. */
export interface ChangeMaker {
  /** Why it cannot be made any more, as a sentence; undefined where what it was made from is still so. */
  staleness(change: Change): Promise<string | undefined>
  /** Puts it into effect, whole or not at all. Asks about staleness itself, at the last moment. */
  make(proposal: Proposal & { readonly decision: ProposalDecision }): Promise<void>
  /** Whether it is in effect: for one that was approved when the bastion died. */
  isMade(proposal: Proposal): Promise<boolean>
}

export interface ProposalsParts {
  readonly store: Pick<Store, 'proposals' | 'audit'>
  readonly clock: Clock
  readonly log: Log
  readonly mayAdminister: (person: Principal) => boolean
  /** How lately whoever approves must have proved who they are, by the policy in force. */
  readonly stepUp: () => StepUp | undefined
  readonly makers: Readonly<Record<Change['kind'], ChangeMaker>>
}

export interface ProposalWord {
  readonly kind: 'approve' | 'reject'
  readonly reason: string
  readonly authentication?: Authentication | undefined
}

const LIFE_MS = 7 * 86_400_000
const MOST_PENDING = 100
const MOST_PENDING_OF_ONE = 10

export class Proposals {
  readonly #parts: ProposalsParts
  readonly #timers = new Map<ProposalId, () => void>()
  readonly #listeners: Listeners<readonly [proposal: Proposal]>
  /** One change at a time: the next is looked at when the one before is in effect. */
  #making: Promise<unknown> = Promise.resolve()

  constructor(parts: ProposalsParts) {
    this.#parts = parts
    this.#listeners = new Listeners(parts.log, 'proposals')
  }

  /** `sealed` makes what must stay secret until then, for the id that the proposal gets. */
  async propose(
    change: Change,
    by: Principal,
    { reason: said, sealed }: { readonly reason: string; readonly sealed?: (id: ProposalId) => string },
  ): Promise<Proposal> {
    const { store, clock } = this.#parts
    const reason = reasonOf(said, 'Say why it should change.')
    this.#demandAdministrator(by)
    const why = await this.#makerOf(change).staleness(change)
    if (why !== undefined) throw new BastionError('conflict', why)
    const waiting = await this.pending()
    if (waiting.length >= MOST_PENDING || waiting.filter((each) => each.by.id === by.id).length >= MOST_PENDING_OF_ONE)
      throw new BastionError('too-many', 'Too many proposals wait already; have some of them decided first.')
    const id = newProposalId()
    const madeAt = clock.now()
    const proposal: Proposal = {
      ...{ id, change, by, reason, madeAt, expiresAt: new Date(madeAt.getTime() + LIFE_MS) },
      ...{ decision: undefined, state: { kind: 'pending' }, sealed: sealed?.(id) },
    }
    await this.#record('proposal.made', proposal, by, { reason })
    await store.proposals.insert(proposal)
    this.#watch(proposal)
    this.#listeners.tell({ proposal: proposal.id }, proposal)
    return proposal
  }

  mayDecide(proposal: Proposal, person: Principal): MayDecide {
    if (isSamePerson(proposal.by, person))
      return { kind: 'may-not', message: 'You proposed this yourself; another administrator has to decide it.' }
    if (person.owner !== undefined) return { kind: 'may-not', message: 'An agent decides nothing; a person has to.' }
    if (this.#parts.mayAdminister(person)) return { kind: 'may' }
    return { kind: 'may-not', message: 'Only administrators decide this.' }
  }

  /**
   * Throws `not-found`, `forbidden` (an audit event), `invalid` (no reason), `unauthenticated` (a step-up is needed) or
   * `conflict` (decided before, or stale), and what went wrong where an approved change could not be made.
   */
  async decide(id: ProposalId, by: Principal, word: ProposalWord): Promise<Proposal> {
    const proposal = await this.find(id)
    const may = this.mayDecide(proposal, by)
    if (may.kind === 'may-not') {
      await this.#record('decision.refused', proposal, by, { decision: word.kind, why: may.message })
      throw new BastionError('forbidden', may.message)
    }
    const reason = reasonOf(word.reason, word.kind === 'reject' ? 'Say why you reject it.' : undefined)
    const decision: ProposalDecision = { kind: word.kind, by, at: this.#parts.clock.now(), reason }
    if (word.kind === 'approve') {
      demandStepUp(this.#parts.stepUp(), { authentication: word.authentication, isSigned: false }, decision.at)
      return this.#alone(() => this.#approve(id, decision))
    }
    const rejected = await this.#move(proposal, 'pending', { kind: 'rejected', at: decision.at }, decision)
    await this.#record('proposal.rejected', rejected, by, { reason })
    this.#listeners.tell({ proposal: rejected.id }, rejected)
    return rejected
  }

  /** Its author's, and nobody else's: others reject. */
  async withdraw(id: ProposalId, by: Principal): Promise<Proposal> {
    const proposal = await this.find(id)
    if (proposal.by.id !== by.id)
      throw new BastionError('forbidden', 'Only who proposed it takes it back; reject it if it should not come.')
    return this.#settle(proposal, { kind: 'withdrawn', at: this.#parts.clock.now() }, by)
  }

  async find(id: ProposalId): Promise<Proposal> {
    const proposal = await this.#parts.store.proposals.find(id)
    if (proposal === undefined) throw new BastionError('not-found', 'There is no such proposal.')
    return proposal
  }

  /** Newest first. */
  list(limit: number): Promise<readonly Proposal[]> {
    return this.#parts.store.proposals.list({ limit })
  }

  pending(): Promise<readonly Proposal[]> {
    return this.#parts.store.proposals.list({ state: 'pending', limit: MOST_PENDING + MOST_PENDING_OF_ONE })
  }

  /** Looks at what waits after something has changed: what was made from something else is stale. */
  async changed(): Promise<void> {
    for (const proposal of await this.pending()) {
      const reason = await this.#makerOf(proposal.change).staleness(proposal.change)
      if (reason !== undefined)
        await this.#settleQuietly(proposal, { kind: 'stale', at: this.#parts.clock.now(), reason })
    }
  }

  /** Calls `listener` with each that is new or has changed; the returned function ends it. */
  subscribe(listener: (proposal: Proposal) => void): () => void {
    return this.#listeners.add(listener)
  }

  /** After a start: what was approved and not finished is looked at, what waits is watched. */
  async recover(): Promise<void> {
    const { store, clock } = this.#parts
    for (const proposal of await store.proposals.list({ state: 'approved', limit: MOST_PENDING })) {
      const isMade = await this.#makerOf(proposal.change).isMade(proposal)
      await this.#finish(
        proposal,
        isMade
          ? { kind: 'applied', at: clock.now() }
          : {
              kind: 'failed',
              at: clock.now(),
              reason: 'The bastion stopped before it was in effect; propose it again.',
            },
      )
    }
    for (const proposal of await this.pending()) this.#watch(proposal)
    await this.changed()
  }

  stop(): void {
    for (const stop of this.#timers.values()) stop()
    this.#timers.clear()
  }

  async #approve(id: ProposalId, decision: ProposalDecision): Promise<Proposal> {
    const { clock } = this.#parts
    const proposal = await this.find(id)
    // A timer may be late (a suspended machine).
    if (proposal.state.kind === 'pending' && clock.now().getTime() >= proposal.expiresAt.getTime())
      await this.#settle(proposal, { kind: 'expired', at: clock.now() })
    const reason = proposal.state.kind === 'pending' ? await this.#whyNot(proposal) : undefined
    if (reason !== undefined) {
      await this.#settle(proposal, { kind: 'stale', at: clock.now(), reason })
      throw new BastionError('conflict', reason)
    }
    const approved = await this.#move(proposal, 'pending', { kind: 'approved', at: decision.at }, decision)
    try {
      await this.#record('proposal.approved', approved, decision.by, { reason: decision.reason })
      await this.#makerOf(approved.change).make({ ...approved, decision })
    } catch (error) {
      await this.#finish(approved, { kind: 'failed', at: clock.now(), reason: messageFor(error) }).catch((failure) =>
        this.#parts.log.error({ proposal: id, err: failure }, 'a change failed, and that could not be kept'),
      )
      throw error
    }
    return this.#finish(approved, { kind: 'applied', at: clock.now() })
  }

  /** It takes two administrators: one whose role was taken away since counts as much as one who never had it. */
  async #whyNot({ by, change }: Proposal): Promise<string | undefined> {
    if (!this.#parts.mayAdminister(by)) return `${by.name}, who proposed this, is no administrator any more.`
    return this.#makerOf(change).staleness(change)
  }

  async #finish(proposal: Proposal, state: Extract<ProposalState, { kind: 'applied' | 'failed' }>): Promise<Proposal> {
    const finished = await this.#move(proposal, 'approved', state)
    const detail = state.kind === 'failed' ? { why: state.reason } : {}
    await this.#record(`proposal.${state.kind}`, finished, undefined, detail)
    this.#listeners.tell({ proposal: finished.id }, finished)
    return finished
  }

  async #settle(
    proposal: Proposal,
    state: Extract<ProposalState, { kind: 'withdrawn' | 'expired' | 'stale' }>,
    by?: Principal,
  ): Promise<Proposal> {
    const settled = await this.#move(proposal, 'pending', state)
    await this.#record(`proposal.${state.kind}`, settled, by, state.kind === 'stale' ? { why: state.reason } : {})
    this.#listeners.tell({ proposal: settled.id }, settled)
    return settled
  }

  async #settleQuietly(
    proposal: Proposal,
    state: Extract<ProposalState, { kind: 'expired' | 'stale' }>,
  ): Promise<void> {
    await this.#settle(proposal, state).catch((error) => {
      if (error instanceof BastionError && error.code === 'conflict') return
      this.#parts.log.error({ proposal: proposal.id, err: error }, 'a proposal could not be settled')
    })
  }

  async #move(
    proposal: Proposal,
    from: 'pending' | 'approved',
    to: ProposalState,
    decision?: ProposalDecision,
  ): Promise<Proposal> {
    const moved = await this.#parts.store.proposals.move(proposal.id, from, to, decision)
    if (moved !== undefined) {
      this.#timers.get(proposal.id)?.()
      this.#timers.delete(proposal.id)
      return moved
    }
    const { state } = await this.find(proposal.id)
    throw new BastionError('conflict', `This proposal is no longer waiting: ${state.kind}.`)
  }

  #demandAdministrator(by: Principal): void {
    if (by.owner !== undefined) throw new BastionError('forbidden', 'An agent changes nothing here; a person has to.')
    if (!this.#parts.mayAdminister(by)) throw new BastionError('forbidden', 'Only administrators propose changes.')
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#making.then(task)
    this.#making = done.catch(() => {})
    return done
  }

  #makerOf(change: Change): ChangeMaker {
    return this.#parts.makers[change.kind]
  }

  #watch(proposal: Proposal): void {
    const { clock } = this.#parts
    const inMs = Math.max(0, proposal.expiresAt.getTime() - clock.now().getTime())
    this.#timers.set(
      proposal.id,
      clock.after(inMs, () => void this.#settleQuietly(proposal, { kind: 'expired', at: clock.now() })),
    )
  }

  #record(
    type: AuditType,
    { id, change, by: author }: Proposal,
    by: Principal | undefined,
    detail: Record<string, unknown>,
  ): Promise<unknown> {
    const about =
      change.kind === 'policy'
        ? { file: change.file, before: change.base, digest: change.digest }
        : { secret: change.name, trials: change.trials }
    return this.#parts.store.audit.append({
      ...{ type, at: this.#parts.clock.now(), actor: by?.id, actorName: by?.name, session: undefined, hold: undefined },
      detail: { proposal: id, change: change.kind, author: author.id, ...about, ...detail },
    })
  }
}
