/**
 * What becomes of a hold after its approval: its command runs and ends, or it is revoked because nobody will use it.
 *
 * INVARIANT: a command that may run is in the audit log before its gate hears of it; an approval that will not be used, or
 * could not be recorded, does not stay in force.
 */
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import type { Hold, HoldState } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { Log, Store } from '../core/ports.ts'
import type { HoldEvents } from './hold-events.ts'

export interface ApprovalsParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly events: HoldEvents
  /** Rejects with `not-found`. */
  readonly find: (id: HoldId) => Promise<Hold>
  /** Tells the pages of a hold that has changed. */
  readonly announce: (hold: Hold) => void
}

export class Approvals {
  readonly #parts: ApprovalsParts

  constructor(parts: ApprovalsParts) {
    this.#parts = parts
  }

  /**
   * Called by the gate when the command of an approved hold is about to run; what it may run is in the audit log when this
   * resolves. Throws `conflict` where it is not approved.
   */
  async running(id: HoldId): Promise<void> {
    const hold = await this.#move(id, 'approved', { kind: 'running', at: this.#parts.clock.now() })
    if (hold === undefined) throw new BastionError('conflict', 'This approval is no longer in force; ask again.')
    try {
      const detail = { hold: id, login: hold.action.login }
      await this.#parts.events.ofAction('command.released', hold.action, id, detail)
    } catch (error) {
      await this.revokeQuietly(id, 'running', 'that it would run could not be recorded')
      throw error
    }
  }

  /** Called when it has run. `exitStatus` undefined: nobody knows how it ended. */
  async finished(id: HoldId, exitStatus: number | undefined): Promise<void> {
    const { action } = await this.#parts.find(id)
    const at = this.#parts.clock.now()
    const detail = { hold: id, login: action.login, exitStatus: exitStatus ?? null }
    try {
      await this.#parts.events.ofAction('command.finished', action, id, detail)
    } finally {
      const state: HoldState = exitStatus === undefined ? { kind: 'unknown', at } : { kind: 'done', at, exitStatus }
      await this.#move(id, 'running', state)
    }
  }

  /** Called by the gate when what was approved will not run after all. Nothing happens where it is no longer approved. */
  revoke(id: HoldId, reason: string): Promise<void> {
    return this.#revoke(id, 'approved', reason)
  }

  /** Where the log already failed: the state must not say that it may run, whether or not that can be recorded. */
  async revokeQuietly(id: HoldId, from: 'approved' | 'running', reason: string): Promise<void> {
    await this.#revoke(id, from, reason).catch((error: unknown) =>
      this.#parts.log.error({ hold: id, err: error }, 'an approval that ended is not told of everywhere'),
    )
  }

  /** Settles what a bastion that died left behind. */
  async recover(): Promise<void> {
    const { holds } = this.#parts.store
    for (const { id } of await holds.list({ state: 'approved', limit: 10_000 }))
      await this.revoke(id, 'the bastion was restarted before it ran')
    for (const { id } of await holds.list({ state: 'running', limit: 10_000 })) await this.finished(id, undefined)
  }

  async #revoke(id: HoldId, from: 'approved' | 'running', reason: string): Promise<void> {
    const hold = await this.#move(id, from, { kind: 'revoked', at: this.#parts.clock.now(), reason })
    if (hold !== undefined) await this.#parts.events.ofAction('hold.revoked', hold.action, id, { reason })
  }

  /** Resolves to the hold as it then stands; to undefined where it was not in `from`. */
  async #move(id: HoldId, from: 'approved' | 'running', to: HoldState): Promise<Hold | undefined> {
    const { store, find, announce } = this.#parts
    if (!(await store.holds.transition(id, from, to))) return undefined
    const hold = await find(id)
    announce(hold)
    return hold
  }
}
