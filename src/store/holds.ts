/**
 * Holds and the decisions on them over SQL.
 *
 * INVARIANT: a hold changes state by one UPDATE that names the state it must be in, and a decision is one INSERT that
 * asks for the hold to be pending; (hold, principal) is unique. So of any number of racing callers, on any number of
 * connections, exactly one wins, and the others are told. (SQLite runs one writing statement at a time; on PostgreSQL
 * the SELECT inside that INSERT has to lock the hold's row as well.)
 */
import type { Decision, Explanation, Hold, HoldState } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { HoldStore } from '../core/ports.ts'
import { boundedLimit } from './limit.ts'
import { decisionRow, explanationsText, holdOf, holdRow, quorumText, stateColumns, timeText } from './rows.ts'
import type { Database, DecisionTable } from './schema.ts'

const DECISION_COLUMNS = [
  'hold',
  'principal',
  'kind',
  'decided_by',
  'at',
  'reason',
  'receipt',
] as const satisfies (keyof DecisionTable)[]

/** How many ids one query may name: far below SQLite's (32 766) and PostgreSQL's (65 535) limits on parameters. */
const IDS_PER_QUERY = 500

export function holdStore(db: Database): HoldStore {
  return {
    find: (id) => find(db, id),

    async insert(hold) {
      const row = holdRow(hold)
      const decisions = hold.decisions.map((decision) => decisionRow(hold.id, decision))
      await db.transaction().execute(async (transaction) => {
        await transaction.insertInto('holds').values(row).execute()
        for (const decision of decisions) await transaction.insertInto('decisions').values(decision).execute()
      })
    },

    async list(filter) {
      let query = db.selectFrom('holds').selectAll()
      if (filter.state !== undefined) query = query.where('state_kind', '=', filter.state)
      if (filter.session !== undefined) query = query.where('session', '=', filter.session)
      if (filter.since !== undefined) query = query.where('created_at', '>=', timeText(filter.since))
      if (filter.until !== undefined) query = query.where('created_at', '<=', timeText(filter.until))
      const newestFirst = query.orderBy('created_at', 'desc').orderBy('ordinal', 'desc')
      const rows = await newestFirst.limit(boundedLimit(filter.limit)).execute()
      const ids = rows.map((row) => row.id)
      const decisions = await decisionsOf(db, ids)
      return rows.map((row) => holdOf(row, decisions.get(row.id) ?? []))
    },

    addExplanation(id, explanation, most) {
      return db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom('holds').selectAll().where('id', '=', id).executeTakeFirst()
        if (row === undefined) return undefined
        const { explanations } = holdOf(row, [])
        const isLike = ({ askedBy }: Explanation) => (askedBy === undefined) === (explanation.askedBy === undefined)
        if (explanations.filter(isLike).length >= most) return undefined
        const result = await transaction
          .updateTable('holds')
          .set({ explanations: explanationsText([...explanations, explanation]) })
          .where('id', '=', id)
          .where('state_kind', '=', 'pending')
          // Named as it was read, so that of two at once none is lost unnoticed.
          .where('explanations', '=', row.explanations)
          .executeTakeFirst()
        return result.numUpdatedRows === 1n ? find(transaction, id) : undefined
      })
    },

    addDecision: (id, decision, next) =>
      db.transaction().execute((transaction) => decideIn(transaction, id, decision, next)),

    escalate: (id, at) =>
      db.transaction().execute(async (transaction) => {
        const hold = await find(transaction, id)
        const { escalation, reviewers } = hold?.quorum ?? {}
        if (hold === undefined || escalation === undefined || reviewers === undefined) return undefined
        const quorum = { ...hold.quorum, reviewers: [...new Set([...reviewers, ...escalation.to])] }
        const result = await transaction
          .updateTable('holds')
          .set({ quorum: quorumText(quorum), escalated_at: timeText(at) })
          .where('id', '=', id)
          .where('state_kind', '=', 'pending')
          .where('escalated_at', 'is', null)
          .executeTakeFirst()
        return result.numUpdatedRows === 1n ? find(transaction, id) : undefined
      }),

    async transition(id, from, to) {
      const result = await db
        .updateTable('holds')
        .set(stateColumns(to))
        .where('id', '=', id)
        .where('state_kind', '=', from)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
  }
}

/** Does what `HoldStore.addDecision` promises, in a transaction of the caller's. */
export async function decideIn(
  transaction: Database,
  id: HoldId,
  decision: Decision,
  next: (hold: Hold) => HoldState | undefined,
): Promise<Hold | undefined> {
  const row = decisionRow(id, decision)
  const result = await transaction
    .insertInto('decisions')
    .columns([...DECISION_COLUMNS])
    .expression((from) =>
      from
        .selectFrom('holds')
        .select((value) => DECISION_COLUMNS.map((column) => value.val(row[column]).as(column)))
        .where('id', '=', id)
        .where('state_kind', '=', 'pending'),
    )
    .onConflict((conflict) => conflict.columns(['hold', 'principal']).doNothing())
    .executeTakeFirst()
  if (result.numInsertedOrUpdatedRows !== 1n) return undefined
  const hold = await find(transaction, id)
  const state = hold === undefined ? undefined : next(hold)
  if (state === undefined) return hold
  await transaction.updateTable('holds').set(stateColumns(state)).where('id', '=', id).execute()
  return find(transaction, id)
}

async function find(db: Database, id: HoldId): Promise<Hold | undefined> {
  // The state is read first: a decision counted here may be newer than it, never the other way round.
  const row = await db.selectFrom('holds').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : holdOf(row, (await decisionsOf(db, [row.id])).get(row.id) ?? [])
}

/** The decisions on these holds, in the order in which they were taken. */
async function decisionsOf(db: Database, holds: readonly string[]) {
  const found = new Map<string, Awaited<ReturnType<typeof page>>>()
  const page = (ids: readonly string[]) =>
    db.selectFrom('decisions').selectAll().where('hold', 'in', ids).orderBy('ordinal').execute()
  for (let start = 0; start < holds.length; start += IDS_PER_QUERY) {
    for (const row of await page(holds.slice(start, start + IDS_PER_QUERY))) {
      const rows = found.get(row.hold) ?? []
      rows.push(row)
      found.set(row.hold, rows)
    }
  }
  return found
}
