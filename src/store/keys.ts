/**
 * Key bindings over SQL. A binding is never removed, only revoked or left to expire: who could get in, and when, stays
 * on record.
 */
import { BastionError } from '../core/errors.ts'
import type { KeyBindingStore } from '../core/ports.ts'
import { LONGEST_LIST } from './limit.ts'
import { keyBindingOf, keyBindingRow, timeText } from './rows.ts'
import type { Database } from './schema.ts'

export function keyBindingStore(db: Database): KeyBindingStore {
  return {
    async insert(binding) {
      await db.insertInto('key_bindings').values(keyBindingRow(binding)).execute()
    },

    async findLive(fingerprint, now) {
      const row = await db
        .selectFrom('key_bindings')
        .selectAll()
        .where('fingerprint', '=', fingerprint)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', timeText(now))
        .orderBy('bound_at', 'desc')
        .orderBy('ordinal', 'desc')
        .executeTakeFirst()
      return row === undefined ? undefined : keyBindingOf(row)
    },

    async list(principal) {
      const query = db.selectFrom('key_bindings').selectAll().where('principal_id', '=', principal)
      const rows = await query.orderBy('bound_at', 'desc').orderBy('ordinal', 'desc').limit(LONGEST_LIST).execute()
      return rows.map(keyBindingOf)
    },

    async touch(id, at) {
      const result = await db
        .updateTable('key_bindings')
        .set({ last_used_at: timeText(at) })
        .where('id', '=', id)
        .executeTakeFirst()
      if (result.numUpdatedRows !== 1n) throw new BastionError('not-found', 'This key is not bound to anybody.')
    },

    async revoke(id, principal, at) {
      const result = await db
        .updateTable('key_bindings')
        .set({ revoked_at: timeText(at) })
        .where('id', '=', id)
        .where('principal_id', '=', principal)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
  }
}
