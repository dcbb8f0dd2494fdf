/**
 * A blob in pieces: each chunk has the blob's name and its number, from 1, in eight digits. The one that is still written
 * to is called `….open`, so that after a kill nobody has to guess which it was.
 */
import { BastionError } from '../../core/errors.ts'
import { partsOf } from '../names.ts'

export interface ChunkName {
  readonly blob: string
  readonly number: number
  readonly isOpen: boolean
}

export function chunkName(blob: string, number: number): string {
  return `${blob}/${String(number).padStart(8, '0')}`
}

export function openName(blob: string, number: number): string {
  return `${chunkName(blob, number)}.open`
}

/** Returns undefined where it is no chunk's. */
export function readChunkName(name: string): ChunkName | undefined {
  const [, blob, digits, open] = /^(.+)\/(\d{8})(\.open)?$/.exec(name) ?? []
  const number = Number(digits)
  return blob === undefined || !(number >= 1) ? undefined : { blob, number, isOpen: open !== undefined }
}

/** Throws `invalid` where a name is no blob's, or could be taken for a chunk's of another. */
export function checkBlobName(blob: string): void {
  if (partsOf(blob).some((part) => /^\d{8}(\.open)?$/.test(part))) {
    throw new BastionError(
      'invalid',
      'A part of a recording’s name has eight digits: that is how its chunks are called.',
    )
  }
}
