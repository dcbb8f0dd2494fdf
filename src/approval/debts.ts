/**
 * Debts: what breaking the glass leaves for somebody else to look at. Each is closed once, by a person who may, with a
 * word; one that is overdue is told of once, and keeps its person from breaking the glass.
 *
 * INVARIANT: whoever broke the glass never closes the debt, whatever their roles; nor does whoever may be the same person, or
 * an agent.
 */
import type { Clock } from '../core/clock.ts'
import type { Debt } from '../core/debt.ts'
import { BastionError } from '../core/errors.ts'
import type { Hold } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { Log, Store } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { HoldEvents } from './hold-events.ts'
import { Listeners } from './listeners.ts'
import { isSamePerson, type MayDecide, type RolesOf } from './reviewers.ts'
import { reasonOf } from './word.ts'

export interface DebtsParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly rolesOf: RolesOf
  readonly events: HoldEvents
  /** Rejects with `not-found`. */
  readonly find: (id: HoldId) => Promise<Hold>
}

export type DebtStep = 'incurred' | 'overdue' | 'closed'
type Listener = (debt: Debt, step: DebtStep, hold: Hold) => void

const MOST_LISTED = 10_000

export class Debts {
  readonly #parts: DebtsParts
  readonly #listeners: Listeners<Parameters<Listener>>
  readonly #timers = new Map<HoldId, () => void>()
  /** Those that somebody is closing at this moment: two at once would put two words on record. */
  readonly #closing = new Set<HoldId>()

  constructor(parts: DebtsParts) {
    this.#parts = parts
    this.#listeners = new Listeners(parts.log, 'debts')
  }

  /** Those that nobody has closed, newest first. */
  open(): Promise<readonly Debt[]> {
    return this.#parts.store.debts.list({ open: true, limit: MOST_LISTED })
  }

  /** Newest first. */
  list(limit: number): Promise<readonly Debt[]> {
    return this.#parts.store.debts.list({ limit })
  }

  async find(hold: HoldId): Promise<Debt> {
    const debt = await this.#parts.store.debts.find(hold)
    if (debt === undefined) throw new BastionError('not-found', 'No glass was broken for this request.')
    return debt
  }

  isOverdue({ closed, dueAt }: Debt): boolean {
    return closed === undefined && dueAt.getTime() <= this.#parts.clock.now().getTime()
  }

  /** To be called with each new one. */
  incurred(debt: Debt, hold: Hold): void {
    this.#watch(debt)
    this.#listeners.tell({ hold: debt.hold }, debt, 'incurred', hold)
  }

  mayClose(debt: Debt, person: Principal): MayDecide {
    if (isSamePerson(debt.principal, person))
      return { kind: 'may-not', message: 'You broke the glass yourself; somebody else has to look at it.' }
    if (person.owner !== undefined)
      return { kind: 'may-not', message: 'An agent closes nothing; a person has to look at it.' }
    if (this.#parts.rolesOf(person).some((role) => debt.reviewers.includes(role))) return { kind: 'may' }
    return { kind: 'may-not', message: `Only people with the role ${debt.reviewers.join(' or ')} close this.` }
  }

  /** Was this person to be told of it? Roles are asked for as they are now. */
  isAlerted(debt: Debt, person: Principal): boolean {
    return this.#parts.rolesOf(person).some((role) => debt.alert.includes(role))
  }

  /** Throws `not-found`, `forbidden` (an audit event), `invalid` (no word) or `conflict` (closed before). */
  async close(id: HoldId, by: Principal, said: string): Promise<Debt> {
    const { store, clock, events, find } = this.#parts
    const debt = await this.find(id)
    const hold = await find(id)
    const may = this.mayClose(debt, by)
    if (may.kind === 'may-not') {
      await events.ofDecision('decision.refused', hold, by, { decision: 'close-debt', why: may.message })
      throw new BastionError('forbidden', may.message)
    }
    const word = reasonOf(said, 'Say what you found.')
    const closing = { at: clock.now(), by, word }
    if (debt.closed !== undefined || this.#closing.has(id)) throw closedBefore()
    this.#closing.add(id)
    try {
      await events.ofDecision('debt.closed', hold, by, { word, overdue: this.isOverdue(debt) })
      if (!(await store.debts.close(id, closing))) throw closedBefore()
    } finally {
      this.#closing.delete(id)
    }
    this.#stop(id)
    const closed = { ...debt, closed: closing }
    this.#listeners.tell({ hold: closed.hold }, closed, 'closed', hold)
    return closed
  }

  /** Calls `listener` with each that is new, overdue or closed; the returned function stops that. */
  subscribe(listener: Listener): () => void {
    return this.#listeners.add(listener)
  }

  /** After a start: what became overdue meanwhile is told of, the rest is watched. */
  async recover(): Promise<void> {
    for (const debt of await this.open()) this.#watch(debt)
  }

  stop(): void {
    for (const id of [...this.#timers.keys()]) this.#stop(id)
  }

  #watch({ hold, dueAt }: Debt): void {
    this.#stop(hold)
    const { clock, log } = this.#parts
    const inMs = Math.max(0, dueAt.getTime() - clock.now().getTime())
    this.#timers.set(
      hold,
      clock.after(inMs, () => {
        this.#timers.delete(hold)
        this.#tellOverdue(hold).catch((error: unknown) =>
          log.error({ hold, err: error }, 'that a review is overdue could not be told'),
        )
      }),
    )
  }

  async #tellOverdue(id: HoldId): Promise<void> {
    const { store, events, find } = this.#parts
    const debt = await this.find(id)
    if (debt.closed !== undefined) return
    if (!this.isOverdue(debt)) return this.#watch(debt)
    // Once, also over restarts.
    if ((await store.audit.list({ types: ['debt.overdue'], hold: id, limit: 1 })).length > 0) return
    const hold = await find(id)
    await events.ofAction('debt.overdue', hold.action, id, { reviewers: debt.reviewers, due: debt.dueAt })
    this.#listeners.tell({ hold: debt.hold }, debt, 'overdue', hold)
  }

  #stop(id: HoldId): void {
    this.#timers.get(id)?.()
    this.#timers.delete(id)
  }
}

function closedBefore(): BastionError {
  return new BastionError('conflict', 'Somebody has closed this already.')
}
