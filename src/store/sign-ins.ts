/** Sign-ins over SQL. One that has ended stays on record, without its refresh token. */
import type { SignInStore } from '../core/ports.ts'
import { LONGEST_LIST } from './limit.ts'
import { signInCheck, signInOf, signInRow, timeText } from './rows.ts'
import type { Database } from './schema.ts'

export function signInStore(db: Database): SignInStore {
  return {
    async insert(signIn) {
      await db.insertInto('sign_ins').values(signInRow(signIn)).execute()
    },

    async find(id) {
      const row = await db.selectFrom('sign_ins').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : signInOf(row)
    },

    async checked(id, now) {
      const result = await db
        .updateTable('sign_ins')
        .set(signInCheck(now))
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    async end(id, { at, reason }) {
      const result = await db
        .updateTable('sign_ins')
        .set({ refresh: null, ended_at: timeText(at), end_reason: reason })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    async live({ issuer, subject, sid }) {
      let query = db.selectFrom('sign_ins').selectAll().where('issuer', '=', issuer).where('ended_at', 'is', null)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      if (sid !== undefined) query = query.where('sid', '=', sid)
      return (await query.orderBy('ordinal', 'desc').limit(LONGEST_LIST).execute()).map(signInOf)
    },
  }
}
