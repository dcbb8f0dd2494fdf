/**
 * The state read where it lies, as it was at one moment, beside a bastion that runs or after one that died. Nothing is
 * migrated and nothing written, whoever asks and whatever is in it.
 */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { LoggedEvents } from '../../approval/receipts-in-log.ts'
import { systemClock } from '../../core/clock.ts'
import { BastionError } from '../../core/errors.ts'
import type { EvidenceStore } from '../../core/evidence.ts'
import type { AuditLog } from '../../core/ports.ts'
import { auditLog, eventsAfter } from '../audit.ts'
import { evidenceStore } from '../evidence.ts'
import type { Tables } from '../schema.ts'
import { sqliteDialect } from './dialect.ts'
import { translate } from './errors.ts'
import { sqliteFlavour } from './flavour.ts'

export interface StateReader {
  readonly audit: Pick<AuditLog, 'list'>
  /** The events of `audit`, oldest first, whatever became of some of them. */
  readonly events: LoggedEvents
  readonly evidence: EvidenceStore
  close(): void
}

const BUSY_TIMEOUT_MS = 5_000

/** Rejects with `not-found` where there is no state, or none with a log of evidence yet. */
export function readSqliteState(file: string): StateReader {
  if (!existsSync(file)) {
    throw new BastionError('not-found', `There is no state at ${file}. Name the configuration of the bastion with -c.`)
  }
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS, defensive: true })
    database.exec('pragma trusted_schema = off')
    database.exec('begin')
    const names = "('audit', 'log_tiles', 'log_checkpoints')"
    const found = database.prepare(`select name from sqlite_schema where type = 'table' and name in ${names}`).all()
    if (found.length < 3) {
      throw new BastionError(
        'not-found',
        `The state at ${file} has no log of evidence: it is of an older Sallyport, or its tables were removed. A bastion of this version makes it when it starts.`,
      )
    }
    const db = new Kysely<Tables>({ dialect: sqliteDialect(database, systemClock) })
    const opened = database
    return {
      audit: auditLog(db),
      events: { after: (seq, limit) => eventsAfter(db, seq, limit) },
      evidence: evidenceStore(db, sqliteFlavour),
      close: () => opened.close(),
    }
  } catch (error) {
    database?.close()
    throw translate(error)
  }
}
