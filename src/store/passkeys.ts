/** Passkeys over SQL. One is never removed: what it signed has to be verified after it was revoked, too. */
import type { Insertable, Selectable } from 'kysely'
import { BastionError } from '../core/errors.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { PasskeyRecord } from '../core/passkey.ts'
import type { PasskeyStore } from '../core/ports.ts'
import { LONGEST_LIST } from './limit.ts'
import { date, id, integer, maybe, text } from './parse.ts'
import { json, parseJson, reading, timeText } from './rows.ts'
import type { Database, PasskeyTable } from './schema.ts'
import * as shapes from './shapes.ts'

export function passkeyStore(db: Database): PasskeyStore {
  return {
    async insert(passkey) {
      const result = await db
        .insertInto('passkeys')
        .values(passkeyRow(passkey))
        .onConflict((conflict) => conflict.column('credential').doNothing())
        .executeTakeFirst()
      if (result.numInsertedOrUpdatedRows !== 1n)
        throw new BastionError('conflict', 'This passkey is registered already.')
    },

    async find(credential) {
      const row = await db.selectFrom('passkeys').selectAll().where('credential', '=', credential).executeTakeFirst()
      return row === undefined ? undefined : passkeyOf(row)
    },

    async list(principal) {
      const query = db.selectFrom('passkeys').selectAll().where('principal_id', '=', principal)
      return (await query.orderBy('ordinal', 'desc').limit(LONGEST_LIST).execute()).map(passkeyOf)
    },

    async use(credential, { counter, at }) {
      const result = await db
        .updateTable('passkeys')
        .set({ counter, last_used_at: timeText(at) })
        .where('credential', '=', credential)
        .where('revoked_at', 'is', null)
        .where((where) =>
          where.or([where('counter', '<', counter), ...(counter === 0 ? [where('counter', '=', 0)] : [])]),
        )
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    async revoke(credential, principal, at) {
      const result = await db
        .updateTable('passkeys')
        .set({ revoked_at: timeText(at) })
        .where('credential', '=', credential)
        .where('principal_id', '=', principal)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
  }
}

function passkeyRow(passkey: PasskeyRecord): Insertable<PasskeyTable> {
  return {
    credential: passkey.credential,
    principal_id: passkey.principal,
    label: passkey.label,
    public_key: json(shapes.publicKey, passkey.publicKey, 'passkey.publicKey'),
    site: passkey.site,
    counter: passkey.counter,
    registered_at: timeText(passkey.registeredAt),
    last_used_at: passkey.lastUsedAt === undefined ? null : timeText(passkey.lastUsedAt),
    revoked_at: passkey.revokedAt === undefined ? null : timeText(passkey.revokedAt),
  }
}

function passkeyOf(row: Selectable<PasskeyTable>): PasskeyRecord {
  return reading('passkey', () => ({
    credential: text(row.credential, 'credential'),
    principal: id<PrincipalId>(row.principal_id, 'principal_id'),
    label: text(row.label, 'label'),
    publicKey: parseJson(shapes.publicKey, row.public_key, 'public_key'),
    site: text(row.site, 'site'),
    counter: integer(row.counter, 'counter'),
    registeredAt: date(row.registered_at, 'registered_at'),
    lastUsedAt: maybe(date)(row.last_used_at, 'last_used_at'),
    revokedAt: maybe(date)(row.revoked_at, 'revoked_at'),
  }))
}
