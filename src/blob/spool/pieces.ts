/** In which chunks a blob lies, in the spool and in the store put together. */
import { BastionError } from '../../core/errors.ts'
import type { ObjectStore } from '../../core/ports.ts'
import { readChunkName } from './names.ts'
import type { Spool } from './spool.ts'

export interface Piece {
  readonly number: number
  readonly bytes: number
  /** It is still written to, or was when its bastion died. */
  readonly isOpen: boolean
}

export type Pieces = readonly Piece[]

export interface Places {
  readonly spool: Spool
  readonly objects: ObjectStore
}

/** Those that are there, by their numbers. */
export async function piecesOf(blob: string, { spool, objects }: Places): Promise<Pieces> {
  // In this order: a chunk is in the store before it leaves the spool.
  const here = await spool.chunks(blob)
  const found = new Map<number, Piece>(here.map(({ number, bytes, isOpen }) => [number, { number, bytes, isOpen }]))
  // Where the spool has every one up to the one that is open, it has all; then nobody has to ask a store that may be away.
  // The first alone says nothing: several are on their way at once, and a later one may be there before it.
  const isWhole = here.at(-1)?.isOpen === true && here.every(({ number }, index) => number === index + 1)
  if (!isWhole) {
    // What was cut since the first look comes behind a piece that grew meanwhile, so it is left to the next reader.
    const end = here.find(({ isOpen }) => isOpen)?.number ?? Number.POSITIVE_INFINITY
    for (const { name, bytes } of await objects.list(`${blob}/`)) {
      const chunk = readChunkName(name)
      if (chunk?.blob !== blob || chunk.isOpen || chunk.number > end || found.has(chunk.number)) continue
      found.set(chunk.number, { number: chunk.number, bytes, isOpen: false })
    }
  }
  return [...found.values()].sort((one, other) => one.number - other.number)
}

/** Throws where one is missing. */
export function inOrder(pieces: Pieces): Pieces {
  const missing = pieces.findIndex(({ number }, index) => number !== index + 1)
  if (missing < 0) return pieces
  throw new BastionError(
    'conflict',
    `Chunk ${missing + 1} of the recording is gone. “sallyport recordings verify” tells what else is.`,
  )
}

/** The blobs whose names start with `prefix`, in order. */
export async function blobsOf(prefix: string, { spool, objects }: Places): Promise<readonly string[]> {
  const here = await spool.chunks()
  const blobs = new Set(here.map(({ blob }) => blob))
  for (const { name } of await objects.list(prefix)) {
    const chunk = readChunkName(name)
    if (chunk !== undefined && !chunk.isOpen) blobs.add(chunk.blob)
  }
  return [...blobs].filter((blob) => blob.startsWith(prefix)).sort()
}
