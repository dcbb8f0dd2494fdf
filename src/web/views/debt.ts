/** A debt as the API shows it to one person, with what of its hold a list needs. */
import { z } from '@hono/zod-openapi'
import type { Debt } from '../../core/debt.ts'
import type { Hold } from '../../core/hold.ts'
import type { Principal } from '../../core/principal.ts'
import type { WebServices } from '../services.ts'
import { PersonView, personView, Time } from './common.ts'
import { HOLD_STATES } from './hold.ts'

export const DebtView = z
  .object({
    /** The hold that was run without waiting. */
    hold: z.string(),
    person: PersonView,
    /** Exactly what ran. */
    text: z.string(),
    target: z.string(),
    login: z.string(),
    session: z.string(),
    /** What became of it. */
    state: z.enum(HOLD_STATES),
    reason: z.string(),
    brokenAt: Time,
    dueAt: Time,
    isOverdue: z.boolean(),
    alert: z.array(z.string()),
    reviewers: z.array(z.string()),
    closed: z.object({ at: Time, by: PersonView, word: z.string() }).nullable(),
    viewer: z.object({
      isDebtor: z.boolean(),
      mayClose: z.boolean(),
      /** Why not, while it is open. */
      why: z.string().nullable(),
    }),
  })
  .openapi('Debt')
export type DebtView = z.infer<typeof DebtView>

export function debtView(debt: Debt, hold: Hold, viewer: Principal, services: WebServices): DebtView {
  const { debts } = services.desk
  const { action } = hold
  const may = debts.mayClose(debt, viewer)
  const isOpen = debt.closed === undefined
  return {
    hold: debt.hold,
    person: personView(debt.principal),
    text: action.text,
    target: action.target.name,
    login: action.login,
    session: action.session,
    state: hold.state.kind,
    reason: debt.reason,
    brokenAt: debt.brokenAt.toISOString(),
    dueAt: debt.dueAt.toISOString(),
    isOverdue: debts.isOverdue(debt),
    alert: [...debt.alert],
    reviewers: [...debt.reviewers],
    closed:
      debt.closed === undefined
        ? null
        : { at: debt.closed.at.toISOString(), by: personView(debt.closed.by), word: debt.closed.word },
    viewer: {
      isDebtor: debt.principal.id === viewer.id,
      mayClose: isOpen && may.kind === 'may',
      why: isOpen && may.kind === 'may-not' ? may.message : null,
    },
  }
}
