/** Grants: what a reviewer approved for a time, and what became of it. */
import type { Kysely } from 'kysely'
import type { Flavour } from './flavour.ts'

export async function grants(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await flavour
    .withOrdinal(db.schema.createTable('grants'))
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('hold', 'text', (column) => column.notNull())
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('assurance', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('login', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('session', 'text', (column) => column.notNull())
    .addColumn('given_at', 'text', (column) => column.notNull())
    .addColumn('until_at', 'text', (column) => column.notNull())
    .addColumn('because', 'text', (column) => column.notNull())
    .addColumn('policy', 'text', (column) => column.notNull())
    .addColumn('reviewers', 'text', (column) => column.notNull())
    .addColumn('given_by', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('uses', 'integer', (column) => column.notNull())
    .addColumn('last_used_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('ended_by', 'text')
    .addColumn('end_reason', 'text')
    .execute()
  await db.schema.createIndex('grants_until').on('grants').columns(['until_at']).execute()
  await db.schema.createIndex('grants_principal').on('grants').columns(['principal_id', 'until_at']).execute()
}
