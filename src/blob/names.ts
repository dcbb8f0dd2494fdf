/**
 * Names of blobs, the same for every place that keeps them: `[a-z0-9][a-z0-9./-]*` (core/ports.ts). Two names never
 * mean one blob: empty, `.` and `..` parts are refused, not tidied up.
 */
import { BastionError } from '../core/errors.ts'

/** The longest key that S3 takes, so that a recording can be moved anywhere. */
const LONGEST_NAME = 1024
/** NAME_MAX of Linux file systems. */
const LONGEST_PART = 255

/** Returns the parts of a name, or throws `invalid`. */
export function partsOf(name: string): readonly string[] {
  const parts = name.split('/')
  const isGood = /^[a-z0-9][a-z0-9./-]*$/.test(name) && name.length <= LONGEST_NAME && parts.every(isGoodPart)
  if (!isGood) throw badName()
  return parts
}

/** Returns the whole folders that a prefix names, or throws `invalid`. What follows the last `/` may be unfinished. */
export function foldersOf(prefix: string): readonly string[] {
  if (prefix === '') return []
  const folders = prefix.split('/')
  const rest = folders.pop() ?? ''
  const isGood = /^[a-z0-9][a-z0-9./-]*$/.test(prefix) && folders.every(isGoodPart) && rest !== '..'
  if (!isGood || prefix.length > LONGEST_NAME) throw badName()
  return folders
}

/** Reports whether a file found on disk could be a blob's. */
export function isName(name: string): boolean {
  try {
    return partsOf(name).length > 0
  } catch {
    return false
  }
}

function isGoodPart(part: string): boolean {
  return part !== '' && part !== '.' && !part.includes('..') && part.length <= LONGEST_PART
}

function badName(): BastionError {
  return new BastionError(
    'invalid',
    'A recording’s name is made of a-z, 0-9, “-”, “.” and “/”, starts with a letter or digit, and has no empty or dotted part.',
  )
}
