/** The system's error codes as our own errors. */
import { BastionError } from '../core/errors.ts'

export function translate(error: unknown): BastionError {
  if (error instanceof BastionError) return error
  if (hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) {
    return new BastionError('storage-full', 'The disk that holds the vault is full; free space and try again.', error)
  }
  return new BastionError(
    'unavailable',
    'The vault’s files cannot be read or written; an operator will find the cause in the log.',
    error,
  )
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}
