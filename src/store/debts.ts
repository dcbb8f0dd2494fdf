/**
 * Debts over SQL. One is never removed: that the glass was broken, and what was found, stays on record.
 *
 * INVARIANT: the glass is broken in one transaction with the decision that says so, and only while the hold is pending; so
 * nothing runs by it that nobody has to look at. A debt is closed by one UPDATE that asks for it to be open.
 */
import type { Insertable, Selectable } from 'kysely'
import type { Debt } from '../core/debt.ts'
import type { HoldId } from '../core/ids.ts'
import type { DebtStore } from '../core/ports.ts'
import { decideIn } from './holds.ts'
import { boundedLimit } from './limit.ts'
import { date, id, list, Mismatch, text } from './parse.ts'
import { json, parseJson, reading, timeText } from './rows.ts'
import type { Database, DebtTable } from './schema.ts'
import * as shapes from './shapes.ts'

export function debtStore(db: Database): DebtStore {
  return {
    incur: (debt, decision) =>
      db.transaction().execute(async (transaction) => {
        const hold = await decideIn(transaction, debt.hold, decision, () => ({ kind: 'approved', at: decision.at }))
        if (hold !== undefined) await transaction.insertInto('debts').values(debtRow(debt)).execute()
        return hold
      }),

    async find(hold) {
      const row = await db.selectFrom('debts').selectAll().where('hold', '=', hold).executeTakeFirst()
      return row === undefined ? undefined : debtOf(row)
    },

    async list({ open, limit }) {
      let query = db.selectFrom('debts').selectAll()
      if (open !== undefined) query = query.where('closed_at', open ? 'is' : 'is not', null)
      return (await query.orderBy('ordinal', 'desc').limit(boundedLimit(limit)).execute()).map(debtOf)
    },

    async close(hold, { at, by, word }) {
      const result = await db
        .updateTable('debts')
        .set({ closed_at: timeText(at), closed_by: json(shapes.principal, by, 'debt.closed.by'), word })
        .where('hold', '=', hold)
        .where('closed_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
  }
}

/** An open one; it is closed by its own step. */
function debtRow(debt: Debt): Insertable<DebtTable> {
  return {
    hold: debt.hold,
    principal_id: debt.principal.id,
    principal: json(shapes.principal, debt.principal, 'debt.principal'),
    reason: debt.reason,
    broken_at: timeText(debt.brokenAt),
    due_at: timeText(debt.dueAt),
    alert: json(list(text), debt.alert, 'debt.alert'),
    reviewers: json(list(text), debt.reviewers, 'debt.reviewers'),
    closed_at: null,
    closed_by: null,
    word: null,
  }
}

function debtOf(row: Selectable<DebtTable>): Debt {
  return reading('debt', () => {
    const principal = parseJson(shapes.principal, row.principal, 'principal')
    if (principal.id !== row.principal_id) throw new Mismatch('principal_id', 'the id of principal')
    return {
      hold: id<HoldId>(row.hold, 'hold'),
      principal,
      reason: text(row.reason, 'reason'),
      brokenAt: date(row.broken_at, 'broken_at'),
      dueAt: date(row.due_at, 'due_at'),
      alert: parseJson(list(text), row.alert, 'alert'),
      reviewers: parseJson(list(text), row.reviewers, 'reviewers'),
      closed:
        row.closed_at === null
          ? undefined
          : {
              at: date(row.closed_at, 'closed_at'),
              by: parseJson(shapes.principal, text(row.closed_by, 'closed_by'), 'closed_by'),
              word: text(row.word, 'word'),
            },
    }
  })
}
