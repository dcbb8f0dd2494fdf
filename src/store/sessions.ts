/** Session records over SQL. A session ends once: the first end is kept, a later one changes nothing. */
import { BastionError } from '../core/errors.ts'
import type { SessionStore } from '../core/ports.ts'
import { boundedLimit } from './limit.ts'
import { sessionOf, sessionRow, timeText } from './rows.ts'
import type { Database } from './schema.ts'

export function sessionStore(db: Database): SessionStore {
  return {
    async insert(session) {
      await db.insertInto('sessions').values(sessionRow(session)).execute()
    },

    async finish(id, end) {
      const result = await db
        .updateTable('sessions')
        .set({ ended_at: timeText(end.at), exit_status: end.exitStatus ?? null, end_reason: end.reason ?? null })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      if (result.numUpdatedRows === 1n) return
      const known = await db.selectFrom('sessions').select('id').where('id', '=', id).executeTakeFirst()
      if (known === undefined) throw new BastionError('not-found', 'There is no record of this session.')
    },

    async find(id) {
      const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : sessionOf(row)
    },

    async list(filter) {
      let query = db.selectFrom('sessions').selectAll()
      if (filter.principal !== undefined) query = query.where('principal_id', '=', filter.principal)
      if (filter.live !== undefined) query = query.where('ended_at', filter.live ? 'is' : 'is not', null)
      const newestFirst = query.orderBy('started_at', 'desc').orderBy('ordinal', 'desc')
      const rows = await newestFirst.limit(boundedLimit(filter.limit)).execute()
      return rows.map(sessionOf)
    },
  }
}
