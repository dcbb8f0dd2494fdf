/** What replay and search are made quick by: indexes of recordings, keyframes, and the lines that stood on screens. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Flavour } from './flavour.ts'

export async function replays(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await db.schema
    .createTable('replays')
    .addColumn('session', 'text', (column) => column.primaryKey())
    .addColumn('detail', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('replay_keyframes')
    .addColumn('session', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('replay_keyframes_place', ['session', 'number'])
    .execute()
  await flavour
    .withOrdinal(db.schema.createTable('replay_lines'))
    .addColumn('session', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('seconds', 'real', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('replay_lines_session').on('replay_lines').column('session').execute()
  for (const statement of flavour.searchable('replay_lines', 'text')) await sql.raw(statement).execute(db)
}
