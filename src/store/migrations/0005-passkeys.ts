/** Passkeys, and what they signed. */
import type { Kysely } from 'kysely'
import type { Flavour } from './flavour.ts'

export async function passkeys(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await flavour
    .withOrdinal(db.schema.createTable('passkeys'))
    .addColumn('credential', 'text', (column) => column.notNull().unique())
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('counter', 'integer', (column) => column.notNull())
    .addColumn('registered_at', 'text', (column) => column.notNull())
    .addColumn('last_used_at', 'text')
    .addColumn('revoked_at', 'text')
    .execute()
  await db.schema.createIndex('passkeys_principal').on('passkeys').column('principal_id').execute()
  // What was decided before this was signed by nobody.
  await db.schema.alterTable('decisions').addColumn('receipt', 'text').execute()
}
