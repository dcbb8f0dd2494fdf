/**
 * Lets one process at a time change the vault, or another file. Node has no flock(2); SQLite's lock on an empty database beside the vault
 * is the same thing, and better than a lock file: the kernel drops it when its holder dies, so there is never a stale
 * one to guess about (sqlite.org/lockingv3.html).
 */
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'

const BUSY = 5
const RETRY_MS = 20
/** About ten seconds in all; a change takes milliseconds. */
const TRIES = 500

/** Runs `change` alone. Rejects with `unavailable` when others hold the lock for too long. */
export async function withLock<T>(file: string, clock: Clock, change: () => Promise<T>): Promise<T> {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    for (let tries = 1; !tryLock(database); tries++) {
      if (tries >= TRIES) {
        throw new BastionError('unavailable', 'Another process has been at the same file for too long; try again.')
      }
      await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve))
    }
    return await change()
  } finally {
    database.close()
  }
}

/**
 * Nothing is ever written: the journal stays in memory (SQLite would start one beside an empty database, and so fail on
 * a full disk), and closing rolls back and lets go.
 */
function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('pragma journal_mode = memory; begin exclusive')
    return true
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return false
    throw error
  }
}
