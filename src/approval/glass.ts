/**
 * Breaking the glass: the requester runs what is held without waiting, where its rule lets them. It takes a reason and a
 * step-up, is told to everybody named, and leaves a debt (debts.ts).
 *
 * INVARIANT: nothing runs by it without a debt (the store takes both in one step), and not while a debt of the same person is
 * overdue. Only the requester breaks the glass, and never an agent.
 */
import type { Clock } from '../core/clock.ts'
import type { Debt } from '../core/debt.ts'
import { BastionError } from '../core/errors.ts'
import type { Decision, Hold } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { Store } from '../core/ports.ts'
import type { Authentication, Principal } from '../core/principal.ts'
import type { GlassTerms } from '../core/verdict.ts'
import type { Debts } from './debts.ts'
import type { HoldEvents } from './hold-events.ts'
import { isSamePerson, type RolesOf } from './reviewers.ts'
import type { Signature, Signing } from './signing.ts'
import { demandStepUp } from './step-up.ts'
import { takeReceipt } from './take-receipt.ts'
import { reasonOf } from './word.ts'

export interface GlassParts {
  readonly store: Store
  readonly clock: Clock
  readonly rolesOf: RolesOf
  readonly events: HoldEvents
  readonly signing: Signing
  readonly debts: Debts
  /** Resolves to the hold where it still waits; rejects with `not-found` or `conflict`. */
  readonly findWaiting: (id: HoldId) => Promise<Hold>
  /** Stores the event of a step that a hold has taken, and then lets its gate go on. */
  readonly follow: (hold: Hold, record: () => Promise<unknown>) => Promise<void>
}

export interface GlassWord {
  readonly reason: string
  readonly signature?: Signature | undefined
  readonly authentication?: Authentication | undefined
}

/** Who has so many to answer for has another problem than the glass. */
const MAX_OPEN_DEBTS = 100

export class Glass {
  readonly #parts: GlassParts

  constructor(parts: GlassParts) {
    this.#parts = parts
  }

  /** Returns the rule's terms where this is the person's to break; undefined where it is not. */
  termsFor({ action, quorum, state }: Hold, person: Principal): GlassTerms | undefined {
    const { glass } = quorum
    const isTheirs = action.principal.id === person.id && person.owner === undefined
    if (glass === undefined || !isTheirs || state.kind !== 'pending') return undefined
    return this.#parts.rolesOf(person).some((role) => glass.who.includes(role)) ? glass : undefined
  }

  /**
   * Throws `not-found`, `conflict` (it no longer waits), `forbidden` (it is not theirs to break, or a review of theirs is
   * overdue: an audit event), `invalid` (no reason), `too-many`, or StepUpNeeded.
   */
  async break(id: HoldId, by: Principal, word: GlassWord): Promise<Hold> {
    const { store, clock, debts, events, follow } = this.#parts
    const { hold, terms } = await this.#demand(id, by)
    const reason = reasonOf(word.reason, 'Say why it cannot wait.')
    const at = clock.now()
    const said: Decision = { kind: 'break-glass', by, at, reason }
    const receipt = await takeReceipt(this.#parts, hold, said, word)
    demandStepUp(terms.stepUp, { authentication: word.authentication, isSigned: receipt !== undefined }, at)
    const debt: Debt = {
      hold: id,
      principal: by,
      reason,
      brokenAt: at,
      dueAt: new Date(at.getTime() + terms.withinMs),
      alert: terms.alert,
      reviewers: terms.reviewers,
      closed: undefined,
    }
    const broken = await store.debts.incur(debt, { ...said, ...(receipt !== undefined && { receipt }) })
    if (broken === undefined) throw new BastionError('conflict', 'This command is no longer waiting.')
    try {
      await follow(broken, () =>
        events.ofDecision(
          'glass.broken',
          broken,
          by,
          {
            reason,
            rule: hold.because,
            alert: terms.alert,
            reviewers: terms.reviewers,
            due: debt.dueAt,
            signedInAt: word.authentication?.authTime ?? null,
            acr: word.authentication?.acr ?? null,
            receipt: receipt ?? null,
          },
          at,
        ),
      )
    } finally {
      // Whatever became of the event: the debt is there, and somebody has to hear of it.
      debts.incurred(debt, broken)
    }
    return broken
  }

  /** Asks for the requester's signature under breaking the glass. Throws as `break` does, before the reason. */
  async askToSign(id: HoldId, by: Principal, reason: string) {
    const { hold } = await this.#demand(id, by)
    return this.#parts.signing.ask(hold, by, { kind: 'break-glass', reason })
  }

  async #demand(id: HoldId, by: Principal): Promise<{ readonly hold: Hold; readonly terms: GlassTerms }> {
    const { debts, events, findWaiting } = this.#parts
    const hold = await findWaiting(id)
    const terms = this.termsFor(hold, by)
    const mine = (await debts.open()).filter(({ principal }) => isSamePerson(principal, by))
    const overdue = mine.find((debt) => debts.isOverdue(debt))
    const why =
      terms === undefined
        ? 'The glass is not yours to break here: the rule does not let you run this without a second person.'
        : overdue === undefined
          ? undefined
          : `You broke the glass before (${overdue.hold}), and its review is overdue: until one of ${overdue.reviewers.join(' or ')} has closed it, you can break no other.`
    if (terms === undefined || why !== undefined) {
      await events.ofDecision('decision.refused', hold, by, { decision: 'break-glass', why })
      throw new BastionError('forbidden', why ?? '')
    }
    if (mine.length >= MAX_OPEN_DEBTS)
      throw new BastionError('too-many', `${mine.length} reviews of yours are open; somebody has to close some first.`)
    return { hold, terms }
  }
}
