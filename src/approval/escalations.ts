/**
 * Escalation: where a hold's rule names further roles, and nobody has decided it after a while, their members may decide it too.
 *
 * INVARIANT: nobody is asked whom the rule does not name, and once for each hold. The event is stored before it counts; where
 * it cannot be stored, nobody further is asked, and the hold expires as it would have.
 */
import type { Clock } from '../core/clock.ts'
import type { Hold } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { Log, Store } from '../core/ports.ts'
import type { HoldEvents } from './hold-events.ts'
import { Listeners } from './listeners.ts'

export interface EscalationsParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly events: HoldEvents
  readonly announce: (hold: Hold) => void
}

export class Escalations {
  readonly #parts: EscalationsParts
  readonly #listeners: Listeners<readonly [hold: Hold]>
  readonly #timers = new Map<HoldId, () => void>()

  constructor(parts: EscalationsParts) {
    this.#parts = parts
    this.#listeners = new Listeners(parts.log, 'escalations')
  }

  /** To be called with each hold that waits. */
  watch({ id, quorum }: Hold): void {
    const { clock, log } = this.#parts
    if (quorum.escalation === undefined) return
    const escalate = () => {
      this.#timers.delete(id)
      this.#escalate(id).catch((error: unknown) => log.error({ hold: id, err: error }, 'a hold could not be escalated'))
    }
    this.#timers.set(id, clock.after(quorum.escalation.afterMs, escalate))
  }

  /** Calls `listener` with each hold that further roles were asked to decide; the returned function ends it. */
  subscribe(listener: (hold: Hold) => void): () => void {
    return this.#listeners.add(listener)
  }

  /** To be called when it waits no more. */
  stop(id: HoldId): void {
    this.#timers.get(id)?.()
    this.#timers.delete(id)
  }

  async #escalate(id: HoldId): Promise<void> {
    const { store, clock, events, announce } = this.#parts
    const hold = await store.holds.find(id)
    const escalation = hold?.quorum.escalation
    if (hold?.state.kind !== 'pending' || escalation === undefined) return
    await events.ofAction('hold.escalated', hold.action, id, { asked: hold.quorum.reviewers, to: escalation.to })
    const escalated = await store.holds.escalate(id, clock.now())
    // Somebody decided it in the meantime.
    if (escalated === undefined) return
    announce(escalated)
    this.#listeners.tell({ hold: id }, escalated)
  }
}
