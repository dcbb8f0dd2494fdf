/** When further roles were asked to decide a hold. */
import type { Kysely } from 'kysely'

export async function escalations(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('holds').addColumn('escalated_at', 'text').execute()
}
