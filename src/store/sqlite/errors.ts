/**
 * SQLite's result codes (sqlite.org/rescode.html) as our own errors. SQLite's text stays in the cause: it may quote
 * values out of a row.
 */
import { BastionError } from '../../core/errors.ts'

const PRIMARY = { busy: 5, locked: 6, readOnly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 }
const CONSTRAINT_PRIMARY_KEY = 1555
const CONSTRAINT_UNIQUE = 2067
/** The shared-memory file could not be made longer: in practice the disk is full (wal-index, os_unix.c). */
const IO_SHM_SIZE = 4874

export const STORAGE_FULL =
  'The disk that holds the database is full, so nothing can be recorded and nothing may run. Ask an operator to free space.'

export function isBusy(error: unknown): boolean {
  const code = primaryCode(error)
  return code === PRIMARY.busy || code === PRIMARY.locked
}

/** Returns the BastionError for what node:sqlite threw. */
export function translate(error: unknown): BastionError {
  if (error instanceof BastionError) return error
  const code = resultCode(error)
  if (code === CONSTRAINT_PRIMARY_KEY || code === CONSTRAINT_UNIQUE) {
    return new BastionError('conflict', 'There is a record of that name already.', error)
  }
  if (code === IO_SHM_SIZE) return new BastionError('storage-full', STORAGE_FULL, error)
  switch (primaryCode(error)) {
    case PRIMARY.full:
      return new BastionError('storage-full', STORAGE_FULL, error)
    case PRIMARY.busy:
    case PRIMARY.locked:
      return new BastionError('unavailable', 'The database is locked by another process; try again in a moment.', error)
    case PRIMARY.readOnly:
      return new BastionError('unavailable', 'The database can only be read; an operator must make it writable.', error)
    case PRIMARY.io:
    case PRIMARY.cannotOpen:
      return new BastionError(
        'unavailable',
        'The database cannot be read or written; an operator must look at its disk.',
        error,
      )
    case PRIMARY.corrupt:
    case PRIMARY.notADatabase:
      return new BastionError('internal', 'The database file is damaged or is not one; restore a backup of it.', error)
    default:
      return isClosed(error)
        ? new BastionError('unavailable', 'The store is closed: the bastion is shutting down.', error)
        : new BastionError(
            'internal',
            'The store refused a statement; the operator will find the cause in the log.',
            error,
          )
  }
}

/** SQLite's extended result code, where the error has one. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

function primaryCode(error: unknown): number | undefined {
  const code = resultCode(error)
  return code === undefined ? undefined : code & 0xff
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE'
}
