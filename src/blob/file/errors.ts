/** The system's error codes as our own errors. */
import { BastionError } from '../../core/errors.ts'

/** ENOSPC: the disk is full · EDQUOT: the owner's quota is · EFBIG: the file may not grow (ulimit -f). */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG']

export function translate(error: unknown): BastionError {
  if (error instanceof BastionError) return error
  if (hasCode(error, ...FULL)) {
    return new BastionError(
      'storage-full',
      'The disk that holds the recordings is full, so nothing can be recorded and nothing may run. Ask an operator to free space.',
      error,
    )
  }
  return new BastionError(
    'unavailable',
    'The folder that holds the recordings cannot be used; an operator will find the cause in the log.',
    error,
  )
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}
