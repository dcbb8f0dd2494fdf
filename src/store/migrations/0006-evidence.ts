/** The log of evidence over the audit events: the hashes of its tree, in tiles, and the checkpoints that were signed. */
import { type Kysely, sql } from 'kysely'
import type { Flavour } from './flavour.ts'

export async function evidence(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await db.schema
    .createTable('log_tiles')
    .addColumn('level', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('hashes', flavour.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('log_tiles_place', ['level', 'position'])
    .execute()
  await db.schema
    .createTable('log_checkpoints')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('note', 'text', (column) => column.notNull())
    .execute()
  for (const statement of flavour.appendOnly('log_checkpoints', 'number')) await sql.raw(statement).execute(db)
}
