import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/core/clock.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { debtContract } from '../contract/debts.ts'
import { passkeyContract } from '../contract/passkeys.ts'
import { proposalContract } from '../contract/proposals.ts'
import { signInContract } from '../contract/sign-ins.ts'
import { storeContract } from '../contract/store.ts'

/** Stands still; only a wait for another connection's lock takes real time, and milliseconds of it. */
const clock = { now: () => new Date('2026-03-01T09:30:00.125Z'), after: systemClock.after }

const newPlace = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-store-'))
  return {
    open: () => openSqliteStore({ file: join(folder, 'state', 'bastion.db'), clock }),
    remove: () => rm(folder, { recursive: true }),
  }
}

storeContract('SQLite', newPlace, clock)
signInContract('SQLite', newPlace, clock)
passkeyContract('SQLite', newPlace, clock)
debtContract('SQLite', newPlace, clock)
proposalContract('SQLite', newPlace, clock)
