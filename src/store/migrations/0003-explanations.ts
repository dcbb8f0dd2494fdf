/** What a requester says about why they want it, with the hold. */
import type { Kysely } from 'kysely'

export async function explanations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('holds')
    .addColumn('explanations', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute()
}
