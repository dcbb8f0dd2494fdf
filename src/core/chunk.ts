/**
 * A recording in the log of evidence: it is cut into chunks, runs of whole lines, and each chunk's size and digest is in an
 * event. So a change is found with its place, in a recording that still grows too.
 */
export interface Chunk {
  readonly bytes: number
  /** SHA-256 in hexadecimal. */
  readonly sha256: string
}

/** What the events `recording.stored` and `recording.sealed` have in their detail. */
export interface ChunkList {
  /** The name of the recording's blob. */
  readonly name: string
  /** The number of the first of them, from 1. */
  readonly from: number
  readonly chunks: readonly Chunk[]
}

/** Of a recording that is whole: nothing comes behind it any more. */
export interface Sealed extends ChunkList {
  /** Chunks in all. */
  readonly count: number
  readonly bytes: number
  readonly sha256: string
}

/** As short as they can be read: an event of a busy session has many. */
export function chunkDetail({ name, from, chunks }: ChunkList): Readonly<Record<string, unknown>> {
  return { name, from, chunks: chunks.map(({ bytes, sha256 }) => `${bytes} ${sha256}`) }
}

export function sealedDetail(sealed: Sealed): Readonly<Record<string, unknown>> {
  const { count, bytes, sha256 } = sealed
  return { ...chunkDetail(sealed), count, bytes, sha256 }
}

/** Returns undefined where the detail is none of these events'. */
export function readChunkList(detail: Readonly<Record<string, unknown>>): ChunkList | undefined {
  const { name, from, chunks } = detail
  if (typeof name !== 'string' || !isCount(from) || from === 0 || !Array.isArray(chunks)) return undefined
  const read: Chunk[] = []
  for (const chunk of chunks as readonly unknown[]) {
    const [, bytes, sha256] = typeof chunk === 'string' ? (/^(\d{1,9}) ([0-9a-f]{64})$/.exec(chunk) ?? []) : []
    if (bytes === undefined || sha256 === undefined) return undefined
    read.push({ bytes: Number(bytes), sha256 })
  }
  return { name, from, chunks: read }
}

export function readSealed(detail: Readonly<Record<string, unknown>>): Sealed | undefined {
  const list = readChunkList(detail)
  const { count, bytes, sha256 } = detail
  if (list === undefined || !isCount(count) || !isCount(bytes) || typeof sha256 !== 'string') return undefined
  return { ...list, count, bytes, sha256 }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
