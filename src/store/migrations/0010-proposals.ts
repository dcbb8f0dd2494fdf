/** Proposals: changes of the bastion itself, and what became of them. */
import type { Kysely } from 'kysely'
import type { Flavour } from './flavour.ts'

export async function proposals(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await flavour
    .withOrdinal(db.schema.createTable('proposals'))
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('change', 'text', (column) => column.notNull())
    .addColumn('proposed_by', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('made_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .addColumn('decision', 'text')
    .addColumn('state_kind', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text')
    .execute()
  await db.schema.createIndex('proposals_state').on('proposals').column('state_kind').execute()
}
