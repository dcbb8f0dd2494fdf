/** Debts: what breaking the glass leaves for somebody else to look at. */
import type { Kysely } from 'kysely'
import type { Flavour } from './flavour.ts'

export async function debts(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await flavour
    .withOrdinal(db.schema.createTable('debts'))
    .addColumn('hold', 'text', (column) => column.notNull().unique())
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('broken_at', 'text', (column) => column.notNull())
    .addColumn('due_at', 'text', (column) => column.notNull())
    .addColumn('alert', 'text', (column) => column.notNull())
    .addColumn('reviewers', 'text', (column) => column.notNull())
    .addColumn('closed_at', 'text')
    .addColumn('closed_by', 'text')
    .addColumn('word', 'text')
    .execute()
  await db.schema.createIndex('debts_closed').on('debts').column('closed_at').execute()
}
