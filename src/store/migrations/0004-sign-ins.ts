/** Sign-ins: what a provider is asked about again, and the keys that each of them bound. */
import type { Kysely } from 'kysely'
import type { Flavour } from './flavour.ts'

export async function signIns(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await flavour
    .withOrdinal(db.schema.createTable('sign_ins'))
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('sid', 'text')
    .addColumn('refresh', 'text')
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('checked_at', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('end_reason', 'text')
    .execute()
  await db.schema.createIndex('sign_ins_subject').on('sign_ins').columns(['issuer', 'subject']).execute()
  await db.schema.createIndex('sign_ins_sid').on('sign_ins').columns(['issuer', 'sid']).execute()
  // A key that was bound before this has no sign-in that could be asked about, and is not let in any more.
  await db.schema.alterTable('key_bindings').addColumn('sign_in', 'text').execute()
}
