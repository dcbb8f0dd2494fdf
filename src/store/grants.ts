/**
 * Grants over SQL. One is never removed, only used, ended or over: what ran without being asked for stays on record.
 *
 * INVARIANT: using and ending are one UPDATE each, which asks for the grant to be in force. So a grant that has been
 * revoked is not used any more, on any connection, and it ends once.
 */
import type { GrantStore } from '../core/ports.ts'
import { boundedLimit } from './limit.ts'
import { grantEndColumns, grantOf, grantRow, timeText } from './rows.ts'
import type { Database } from './schema.ts'

export function grantStore(db: Database): GrantStore {
  return {
    async insert(grant) {
      await db.insertInto('grants').values(grantRow(grant)).execute()
    },

    async find(id) {
      const row = await db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : grantOf(row)
    },

    async live({ now, principal, limit }) {
      let query = db
        .selectFrom('grants')
        .selectAll()
        .where('until_at', '>', timeText(now))
        .where('ended_at', 'is', null)
      if (principal !== undefined) query = query.where('principal_id', '=', principal)
      const newestFirst = query.orderBy('given_at', 'desc').orderBy('ordinal', 'desc')
      return (await newestFirst.limit(boundedLimit(limit)).execute()).map(grantOf)
    },

    async use(id, at) {
      const result = await db
        .updateTable('grants')
        .set((value) => ({ uses: value('uses', '+', value.lit(1)), last_used_at: timeText(at) }))
        .where('id', '=', id)
        .where('until_at', '>', timeText(at))
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    async end(id, end) {
      const result = await db
        .updateTable('grants')
        .set(grantEndColumns(end))
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
  }
}
