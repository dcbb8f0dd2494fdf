/** A log of evidence over a real SQLite file and a real vault, in a folder that goes away. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checkpointFile } from '../../src/checkpoint-file.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import type { Store, Vault } from '../../src/core/ports.ts'
import { EvidenceLog } from '../../src/evidence/log.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { openFileVault } from '../../src/vault/file-vault.ts'
import { readVaultKey } from '../../src/vault/key.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { keptLog } from '../support/store.ts'

export interface Place {
  readonly folder: string
  readonly file: string
  readonly clock: ManualClock
  readonly vault: Vault
  readonly lines: ReturnType<typeof keptLog>['lines']
  /** As a bastion does at its start. The store's own close leaves the log as a kill would. */
  open(): Promise<{ readonly store: Store; readonly log: EvidenceLog; stop(): Promise<void> }>
  /** Runs SQL beside it, with the triggers out of the way, as somebody who owns the file can. */
  tamper(change: (database: DatabaseSync) => void, file?: string): void
  /** Adds events as another process would, all at once. */
  fill(count: number): void
  remove(): Promise<void>
}

export async function newPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-evidence-'))
  const file = join(folder, 'sallyport.db')
  const clock = new ManualClock(new Date('2026-03-01T09:30:00Z'))
  const key = await readVaultKey({ env: undefined, file: join(folder, 'vault.key'), createIfMissing: true })
  const vault = await openFileVault({ file: join(folder, 'vault.json'), key, clock })
  const log = keptLog()
  return {
    folder,
    file,
    clock,
    vault,
    lines: log.lines,
    async open() {
      const database = await openSqliteStore({ file })
      try {
        const parts = { store: database.evidence, vault, clock, log, place: checkpointFile(folder) }
        const evidence = await EvidenceLog.open(parts)
        return {
          store: { ...database, audit: evidence.over(database.audit) },
          log: evidence,
          async stop() {
            await evidence.close()
            await database.close()
          },
        }
      } catch (error) {
        await database.close()
        throw error
      }
    },
    tamper(change, target = file) {
      const database = new DatabaseSync(target)
      try {
        const triggers = database.prepare(`select name from sqlite_master where type = 'trigger'`).all()
        for (const { name } of triggers) database.exec(`drop trigger ${name}`)
        database.exec('pragma synchronous = off; begin immediate')
        change(database)
        database.exec('commit')
      } finally {
        database.close()
      }
    },
    fill(count) {
      const database = new DatabaseSync(file)
      try {
        const { last } = database.prepare('select coalesce(max(seq), 0) as last from audit').get() as { last: number }
        const insert = database.prepare('insert into audit values (?, ?, ?, null, ?, null, null, ?)')
        database.exec('begin immediate')
        for (let n = last + 1; n <= last + count; n++) {
          const { type, at, actorName, detail } = eventOf(n)
          insert.run(n, type, at.toISOString(), actorName ?? null, JSON.stringify(detail))
        }
        database.exec('commit')
      } finally {
        database.close()
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export function eventOf(n: number): AuditEvent {
  return {
    type: n % 3 === 0 ? 'command.held' : 'command.allowed',
    at: new Date(1_772_000_000_000 + n * 1000),
    actor: undefined,
    actorName: n % 2 === 0 ? `person ${n}` : undefined,
    session: undefined,
    hold: undefined,
    detail: { n, text: `ls /srv/${n}` },
  }
}
