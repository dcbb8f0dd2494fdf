import { BastionError } from '../core/errors.ts'

/** No list is longer than this, whatever was asked: a list is held in memory as a whole. */
export const LONGEST_LIST = 10_000

/** Returns the number of rows to ask for. A negative limit would mean "all" to SQLite, so it never gets there. */
export function boundedLimit(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new BastionError('invalid', 'The limit of a list must be a whole number, 0 or more.')
  }
  return Math.min(limit, LONGEST_LIST)
}
