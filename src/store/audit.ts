/**
 * The audit log over SQL. Only appends and reads; the schema refuses everything else.
 *
 * INVARIANT: `seq` counts from 1 without gaps. It is chosen by the very statement that inserts the row, so a refused
 * insert uses none up, and two bastions at once cannot both get one (the primary key lets one of them fail).
 */
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

export function auditLog(db: Database): AuditLog {
  return {
    async append(event) {
      const row = auditRow(event)
      const { seq } = await db
        .insertInto('audit')
        .columns(['seq', ...COLUMNS])
        .expression((from) =>
          from
            .selectFrom('audit')
            .select((value) => [
              value(value.fn.coalesce(value.fn.max('seq'), value.lit(0)), '+', value.lit(1)).as('seq'),
              ...COLUMNS.map((column) => value.val(row[column]).as(column)),
            ]),
        )
        .returning('seq')
        .executeTakeFirstOrThrow()
      return auditEvent({ ...row, seq } as AuditTable)
    },

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
