/** The log of evidence over SQL: rows as they lie there, tiles and checkpoints. */
import { sql } from 'kysely'
import type { EvidenceStore } from '../core/evidence.ts'
import { boundedLimit } from './limit.ts'
import type { Flavour } from './migrations/flavour.ts'
import type { Database } from './schema.ts'

/** In the order of the table: the digest of a row depends on it, so it never changes, and new columns go to its end. */
const COLUMNS = ['type', 'at', 'actor', 'actor_name', 'session', 'hold', 'detail'] as const

type Row = { readonly seq: string } & { readonly [Column in (typeof COLUMNS)[number]]: Uint8Array | null }

export function evidenceStore(db: Database, flavour: Flavour): EvidenceStore {
  const bytes = sql.join(COLUMNS.map((column) => sql`${sql.raw(flavour.storedBytes(column))} as ${sql.ref(column)}`))
  return {
    async rows(after, limit) {
      const { rows } = await sql<Row>`
        select cast(seq as text) as seq, ${bytes} from audit
        where audit.seq > ${after} order by audit.seq limit ${boundedLimit(limit)}`.execute(db)
      return rows.map((row) => ({ seq: row.seq, columns: COLUMNS.map((column) => row[column] ?? undefined) }))
    },

    async tile(level, index) {
      const query = db.selectFrom('log_tiles').select('hashes').where('level', '=', level).where('position', '=', index)
      const hashes: unknown = (await query.executeTakeFirst())?.hashes
      // Whoever verifies tells what is missing; what is no bytes any more is missing, too.
      return hashes instanceof Uint8Array ? hashes : undefined
    },

    async checkpoints(after, limit) {
      const query = db.selectFrom('log_checkpoints').selectAll().where('number', '>', after)
      return (await query.orderBy('number').limit(boundedLimit(limit)).execute()).map(asText)
    },

    async lastCheckpoint() {
      const last = await db.selectFrom('log_checkpoints').selectAll().orderBy('number', 'desc').executeTakeFirst()
      return last === undefined ? undefined : asText(last)
    },

    async addCheckpoint(checkpoint, tiles) {
      await db.transaction().execute(async (transaction) => {
        for (const { level, index, hashes } of tiles) {
          await transaction
            .insertInto('log_tiles')
            .values({ level, position: index, hashes })
            .onConflict((conflict) => conflict.columns(['level', 'position']).doUpdateSet({ hashes }))
            .execute()
        }
        await transaction.insertInto('log_checkpoints').values(checkpoint).execute()
      })
    },
  }
}

/** A note that is no text any more has no signature that counts. */
function asText({ number, note }: { readonly number: number; readonly note: string }): {
  number: number
  note: string
} {
  return { number, note: typeof note === 'string' ? note : '' }
}
