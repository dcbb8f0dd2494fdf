/**
 * What stands for an audit event in the log: its seq and the digest of its row, byte by byte as it is stored. So the log
 * holds nothing that anybody said, can be shown to everyone, and proves each event that is shown with it.
 */
import { createHash } from 'node:crypto'
import type { StoredRow } from '../core/evidence.ts'
import { type Hash, leafHash } from './merkle.ts'

/** Each column with its length before it, so that no two rows give the same bytes. `seq` is beside it, in the leaf. */
export function rowDigest({ columns }: StoredRow): string {
  const sum = createHash('sha256')
  for (const column of columns) {
    if (column === undefined) sum.update('-')
    else sum.update(`${column.length}:`).update(column)
  }
  return sum.digest('hex')
}

/** The entry itself, as C2SP tlog-tiles would keep it in an entry bundle. */
export function leafOf(seq: number, digest: string): Uint8Array {
  return Buffer.from(`sallyport audit event 1\n${seq}\n${digest}\n`)
}

export function eventHash(seq: number, digest: string): Hash {
  return leafHash(leafOf(seq, digest))
}
