/**
 * What is said about a hold while it waits: by its requester why it is asked, by a reviewer a question. Everybody who may see
 * the hold reads both, in the order in which they were said; nothing is taken back, and each is an audit event first.
 */
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import { EXPLANATIONS_OF_A_HOLD, type Explanation, type Hold } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { Store } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import { enoughSaid, explanationOf } from './explanation.ts'
import type { HoldEvents } from './hold-events.ts'
import { mayDecide, type RolesOf } from './reviewers.ts'

export interface ConversationParts {
  readonly store: Store
  readonly clock: Clock
  readonly rolesOf: RolesOf
  readonly events: HoldEvents
  /** Resolves to the hold where it still waits; rejects with `not-found` or `conflict`. */
  readonly findWaiting: (id: HoldId) => Promise<Hold>
  readonly announce: (hold: Hold) => void
}

export class Conversation {
  readonly #parts: ConversationParts

  constructor(parts: ConversationParts) {
    this.#parts = parts
  }

  /** A person's word: their requester's is an explanation, a reviewer's a question. Throws `forbidden` for anybody else's. */
  async say(id: HoldId, by: Principal, said: string): Promise<Hold> {
    const hold = await this.#parts.findWaiting(id)
    return hold.action.principal.id === by.id ? this.explain(hold, said) : this.ask(hold, by, said)
  }

  /** The requester says why. Throws `invalid` (empty, too long, control characters) or `conflict` (decided, or enough said). */
  async explain({ id }: Hold, said: string): Promise<Hold> {
    const text = explanationOf(said)
    const hold = await this.#parts.findWaiting(id)
    demandRoom(hold, undefined)
    await this.#parts.events.ofAction('hold.explained', hold.action, id, { explanation: text })
    return this.#add(hold, { at: this.#parts.clock.now(), text })
  }

  /** Somebody who may decide the hold asks its requester something; throws as `explain`, or `forbidden`. */
  async ask({ id }: Hold, by: Principal, said: string): Promise<Hold> {
    const { clock, events, findWaiting, rolesOf } = this.#parts
    const text = explanationOf(said)
    const hold = await findWaiting(id)
    const may = mayDecide(hold, by, rolesOf)
    if (may.kind === 'may-not') {
      await events.ofDecision('decision.refused', hold, by, { decision: 'ask', why: may.message })
      throw new BastionError('forbidden', may.message)
    }
    demandRoom(hold, by)
    await events.ofDecision('hold.asked', hold, by, { question: text })
    return this.#add(hold, { at: clock.now(), text, askedBy: by })
  }

  async #add({ id }: Hold, word: Explanation): Promise<Hold> {
    const { store, findWaiting, announce } = this.#parts
    const held = await store.holds.addExplanation(id, word, EXPLANATIONS_OF_A_HOLD)
    if (held === undefined) {
      await findWaiting(id)
      throw enoughSaid()
    }
    announce(held)
    return held
  }
}

/** Each side has so many words, so that neither can use up the other's. */
function demandRoom({ explanations }: Hold, asker: Principal | undefined): void {
  const ofThatSide = explanations.filter(({ askedBy }) => (askedBy === undefined) === (asker === undefined))
  if (ofThatSide.length >= EXPLANATIONS_OF_A_HOLD) throw enoughSaid()
}
