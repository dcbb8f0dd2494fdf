/**
 * The bastion's state in one SQLite file: what `npm run demo` and a single bastion need. A write-ahead log that is on the
 * disk before a write resolves (disk.ts), so that what was promised as stored survives the process and the power.
 * The file is for its owner alone. Several processes may open it; several hosts may not (WAL needs shared memory).
 */
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { type Clock, systemClock } from '../../core/clock.ts'
import { BastionError } from '../../core/errors.ts'
import type { Store } from '../../core/ports.ts'
import { auditLog } from '../audit.ts'
import { debtStore } from '../debts.ts'
import { evidenceStore } from '../evidence.ts'
import { grantStore } from '../grants.ts'
import { holdStore } from '../holds.ts'
import { keyBindingStore } from '../keys.ts'
import { migrate } from '../migrations/migrate.ts'
import { passkeyStore } from '../passkeys.ts'
import { proposalStore } from '../proposals.ts'
import { replayStore } from '../replays.ts'
import type { Database, Tables } from '../schema.ts'
import { sessionStore } from '../sessions.ts'
import { signInStore } from '../sign-ins.ts'
import { sqliteDialect } from './dialect.ts'
import { type Disk, walOnDisk } from './disk.ts'
import { STORAGE_FULL, translate } from './errors.ts'
import { sqliteFlavour } from './flavour.ts'

export interface SqliteOptions {
  readonly file: string
  /** Only used to wait for a lock of another process. */
  readonly clock?: Clock
}

/** How long SQLite itself may wait for a lock, stopping the event loop; longer waits are the driver's. */
const BUSY_TIMEOUT_MS = 5

/** Opens the store, making or upgrading the database. Rejects with `invalid` when a newer version has used it. */
export async function openSqliteStore({ file, clock = systemClock }: SqliteOptions): Promise<Store> {
  await makePrivateFile(file)
  const database = openDatabase(file)
  const disk = walOnDisk(file)
  try {
    const db: Database = new Kysely<Tables>({ dialect: sqliteDialect(database, clock, disk) })
    await prepare(db)
    await migrate(db, sqliteFlavour)
    return storeOver(db, database, disk)
  } catch (error) {
    disk.close()
    database.close()
    throw error
  }
}

function storeOver(db: Database, database: DatabaseSync, disk: Disk): Store {
  const audit = auditLog(db)
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await audit.settled()
    // Without a checkpoint nothing is lost, the next opening replays the log; so a full disk does not keep us open.
    await sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => undefined)
    disk.close()
    database.close()
  }
  return {
    audit,
    holds: holdStore(db),
    grants: grantStore(db),
    debts: debtStore(db),
    sessions: sessionStore(db),
    keys: keyBindingStore(db),
    evidence: evidenceStore(db, sqliteFlavour),
    signIns: signInStore(db),
    passkeys: passkeyStore(db),
    proposals: proposalStore(db),
    replays: replayStore(db, sqliteFlavour),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** SQLite would make the file readable by all; the log and the shared memory beside it take over its mode. */
async function makePrivateFile(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await (await open(file, 'a', 0o600)).close()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new BastionError('storage-full', STORAGE_FULL, error)
    throw new BastionError(
      'unavailable',
      `The database ${file} cannot be opened; check its folder and their owner.`,
      error,
    )
  }
}

function openDatabase(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true, defensive: true })
  } catch (error) {
    throw translate(error)
  }
}

async function prepare(db: Database): Promise<void> {
  const { rows } = await sql<{ journal_mode: string }>`pragma journal_mode = wal`.execute(db)
  if (rows[0]?.journal_mode !== 'wal') {
    throw new BastionError('unavailable', 'The database cannot keep a write-ahead log where it lies; use a local disk.')
  }
  // The wait for the disk is ours (disk.ts).
  await sql`pragma synchronous = normal`.execute(db)
  await sql`pragma trusted_schema = off`.execute(db)
  await sql`pragma recursive_triggers = on`.execute(db)
}
