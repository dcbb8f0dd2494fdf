/**
 * The audit log over SQL. Only appends and reads; the schema refuses everything else.
 *
 * INVARIANT: `seq` counts from 1 without gaps. It is chosen by the very statement that inserts the row, so a refused
 * insert uses none up, and two bastions at once cannot both get one (the primary key lets one of them fail).
 *
 * An append resolves when its event is on the disk. Those that are asked for at once share a transaction, and so a wait for
 * the disk, in the order of asking; when it fails, it fails for each of them.
 */
import type { StoredAuditEvent } from '../core/audit.ts'
import { BastionError } from '../core/errors.ts'
import type { AuditLog } from '../core/ports.ts'
import { boundedLimit } from './limit.ts'
import { auditEvent, auditRow } from './rows.ts'
import type { AuditTable, Database } from './schema.ts'

const COLUMNS = [
  'type',
  'at',
  'actor',
  'actor_name',
  'session',
  'hold',
  'detail',
] as const satisfies (keyof AuditTable)[]

/** Events that one transaction takes: waiting for the disk once takes little longer for many. */
const MOST_AT_ONCE = 100
/** How many may wait; more means that the disk is not keeping up. */
const LONGEST_QUEUE = 10_000

type Row = ReturnType<typeof auditRow>

interface Waiting {
  readonly row: Row
  readonly stored: (seq: number) => void
  readonly failed: (error: unknown) => void
}

export interface StoredAuditLog extends AuditLog {
  /** Resolves when every append that was asked for has its answer. */
  settled(): Promise<void>
}

export function auditLog(db: Database): StoredAuditLog {
  const insert = inserter(db)
  const waiting: Waiting[] = []
  let storing: Promise<void> | undefined

  const store = async (batch: readonly Waiting[]): Promise<void> => {
    const insertAll = async (into: Database) => {
      const seqs: number[] = []
      for (const { row } of batch) seqs.push(await insert(into, row))
      return seqs
    }
    try {
      const seqs = batch.length === 1 ? await insertAll(db) : await db.transaction().execute(insertAll)
      for (const [index, { stored }] of batch.entries()) stored(seqs[index]!)
    } catch (error) {
      // Nothing of a transaction that failed is in the log.
      for (const { failed } of batch) failed(error)
    }
  }
  const storeWaiting = async (): Promise<void> => {
    // What is appended in one go goes into one transaction.
    await Promise.resolve()
    while (waiting.length > 0) await store(waiting.splice(0, MOST_AT_ONCE))
    storing = undefined
  }

  return {
    async append(event) {
      const row = auditRow(event)
      if (waiting.length >= LONGEST_QUEUE) {
        throw new BastionError('too-many', 'Too much is waiting to be stored; try again in a moment.')
      }
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      waiting.push({ row, stored: resolve, failed: reject })
      storing ??= storeWaiting()
      const seq = await promise
      return auditEvent({ ...row, seq } as AuditTable)
    },

    settled: async () => storing,

    async list(filter) {
      if (filter.types?.length === 0) return []
      let query = db.selectFrom('audit').selectAll()
      if (filter.types !== undefined) query = query.where('type', 'in', filter.types)
      if (filter.session !== undefined) query = query.where('session', '=', filter.session)
      if (filter.hold !== undefined) query = query.where('hold', '=', filter.hold)
      if (filter.beforeSeq !== undefined) query = query.where('seq', '<', filter.beforeSeq)
      const rows = await query.orderBy('seq', 'desc').limit(boundedLimit(filter.limit)).execute()
      return rows.map(auditEvent)
    },
  }
}

/** The events above `after`, oldest first; `event` is undefined where somebody made it unreadable. */
export async function eventsAfter(
  db: Database,
  after: number,
  limit: number,
): Promise<readonly { readonly seq: number; readonly event: StoredAuditEvent | undefined }[]> {
  const query = db.selectFrom('audit').selectAll().where('seq', '>', after)
  const rows = await query.orderBy('seq').limit(boundedLimit(limit)).execute()
  return rows.map((row) => {
    try {
      return { seq: Number(row.seq), event: auditEvent(row) }
    } catch {
      return { seq: Number(row.seq), event: undefined }
    }
  })
}

/** Returns what inserts a row and resolves to its number. The statement is made once: no other is run as often. */
function inserter(db: Database): (into: Database, row: Row) => Promise<number> {
  const compiled = db
    .insertInto('audit')
    .columns(['seq', ...COLUMNS])
    .expression((from) =>
      from
        .selectFrom('audit')
        .select((value) => [
          value(value.fn.coalesce(value.fn.max('seq'), value.lit(0)), '+', value.lit(1)).as('seq'),
          ...COLUMNS.map((column) => value.val<string | null>(null).as(column)),
        ]),
    )
    .returning('seq')
    .compile()
  return async (into, row) => {
    const parameters = COLUMNS.map((column) => row[column])
    const { rows } = await into.executeQuery<{ seq: number }>({ ...compiled, parameters })
    return rows[0]!.seq
  }
}
