/**
 * Brings a database up to this version, or leaves it as it was: everything happens in one transaction. A database that
 * a newer version has changed is refused, because nobody can know what an older one would do to it.
 */
import type { Kysely } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration'
import { BastionError } from '../../core/errors.ts'
import type { Database } from '../schema.ts'
import { start } from './0001-start.ts'
import { grants } from './0002-grants.ts'
import { explanations } from './0003-explanations.ts'
import { signIns } from './0004-sign-ins.ts'
import { passkeys } from './0005-passkeys.ts'
import { evidence } from './0006-evidence.ts'
import { debts } from './0007-debts.ts'
import { replays } from './0008-replays.ts'
import { escalations } from './0009-escalations.ts'
import { proposals } from './0010-proposals.ts'
import type { Flavour } from './flavour.ts'

/** By name, in order. Names are kept in the database, and so never change. */
const MIGRATIONS: Readonly<Record<string, (db: Kysely<unknown>, flavour: Flavour) => Promise<void>>> = {
  '0001-start': start,
  '0002-grants': grants,
  '0003-explanations': explanations,
  '0004-sign-ins': signIns,
  '0005-passkeys': passkeys,
  '0006-evidence': evidence,
  '0007-debts': debts,
  '0008-replays': replays,
  '0009-escalations': escalations,
  '0010-proposals': proposals,
}

export async function migrate(db: Database, flavour: Flavour): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await refuseNewer(transaction)
    const migrations: Record<string, Migration> = {}
    for (const [name, up] of Object.entries(MIGRATIONS)) migrations[name] = { up: (inner) => up(inner, flavour) }
    const provider = { getMigrations: async () => migrations }
    const { error } = await new Migrator({ db: transaction, provider }).migrateToLatest()
    // Thrown, not returned: only that takes the transaction back.
    if (error instanceof BastionError) throw error
    if (error !== undefined) throw new BastionError('internal', 'The database could not be brought up to date.', error)
  })
}

async function refuseNewer(db: Database): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE)) return
  const history = db.withTables<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>()
  const applied = await history.selectFrom(DEFAULT_MIGRATION_TABLE).select('name').orderBy('name').execute()
  const strange = applied.map((row) => row.name).filter((name) => !Object.hasOwn(MIGRATIONS, name))
  if (strange.length === 0) return
  throw new BastionError(
    'invalid',
    `The database was last used by a newer Sallyport (it holds ${strange.join(', ')}), and this version would not understand it. Start the newer version, or restore a backup made before the upgrade.`,
  )
}
