/**
 * Checks a recording in the browser itself, by WebCrypto: each chunk's digest against the event that has it, the event
 * against its leaf, the leaf against the root, and the root against the log's signature. What the bastion says of itself is
 * not believed; only its public key is taken from it, and is shown, so that it can be compared with one that was kept.
 */
import type { RecordingEvidence } from '../../routes/recording-evidence.ts'
import {
  type Checkpoint,
  fromBase64,
  hex,
  joined,
  type LogKey,
  leadsTo,
  openCheckpoint,
  openKey,
  type Row,
  readProof,
  sha256,
  Unproven,
} from './tlog.ts'

export type Grade =
  | {
      /** `sealed`: nothing can follow. `open`: so far as the log has it; more may come, or is not signed yet. */
      readonly kind: 'sealed' | 'open'
      readonly chunks: number
      readonly bytes: number
      /** The number of the newest checkpoint that it leads to. */
      readonly checkpoint: number
      readonly key: string
    }
  /** Chunk 0: it is not the bytes that differ but what should prove them. */
  | { readonly kind: 'differs'; readonly chunk: number; readonly why: string }
  | { readonly kind: 'unsupported' }

/** In the order of the table; see the log's leaves. */
const [TYPE, DETAIL, COLUMNS] = [0, 6, 7]

export async function checkRecording(
  evidence: RecordingEvidence,
  bytes: AsyncIterable<Uint8Array>,
  onChunk: (count: number) => void = () => {},
): Promise<Grade> {
  if (globalThis.crypto?.subtle === undefined) return { kind: 'unsupported' }
  try {
    const key = await openKey(evidence.logKey)
    if (key.key === undefined) return { kind: 'unsupported' }
    const { chunks, checkpoint, isSealed } = await provenChunks(evidence, key)
    const total = await compare(chunks, bytes, onChunk)
    if (isSealed && total.rest > 0) throw new Differs(chunks.length + 1, `${total.rest} bytes more than were sealed`)
    const kind = isSealed ? 'sealed' : 'open'
    return { kind, chunks: chunks.length, bytes: total.bytes, checkpoint, key: `${key.name}+${key.id}` }
  } catch (error) {
    if (error instanceof Differs) return { kind: 'differs', chunk: error.chunk, why: error.message }
    if (error instanceof Unproven) return { kind: 'differs', chunk: 0, why: error.message }
    throw error
  }
}

class Differs extends Error {
  readonly chunk: number
  constructor(chunk: number, why: string) {
    super(why)
    this.chunk = chunk
  }
}

interface Chunk {
  readonly bytes: number
  readonly sha256: string
}

async function provenChunks(evidence: RecordingEvidence, key: LogKey) {
  const chunks: Chunk[] = []
  const notes = new Map<string, Checkpoint>()
  let checkpoint = 0
  let isSealed = false
  for (const { seq, columns, proof } of evidence.events) {
    // Nothing behind an event that nobody has signed yet can be vouched for.
    if (proof === null) return { chunks, checkpoint, isSealed: false }
    const row = columns.map((column) => (column === null ? undefined : fromBase64(column)))
    if (row.length !== COLUMNS) throw new Differs(0, `event ${seq} is missing`)
    const found = await checkpointOf(proof, { seq, row, key, notes })
    checkpoint = Math.max(checkpoint, found.number)
    const list = chunkList(row)
    if (list === undefined || list.name !== evidence.name || isSealed)
      throw new Differs(0, `event ${seq} is of something else`)
    if (list.from !== chunks.length + 1) throw new Differs(chunks.length + 1, 'the log’s event about it is missing')
    chunks.push(...list.chunks)
    isSealed = list.isSealed
  }
  return { chunks, checkpoint, isSealed }
}

/** Throws at the first chunk that is not what was signed. */
async function compare(
  chunks: readonly Chunk[],
  bytes: AsyncIterable<Uint8Array>,
  onChunk: (count: number) => void,
): Promise<{ readonly bytes: number; readonly rest: number }> {
  let at = 0
  let count = 0
  let rest = 0
  let held: Uint8Array = new Uint8Array()
  for await (const piece of bytes) {
    count += piece.length
    if (at >= chunks.length) {
      rest += piece.length
      continue
    }
    held = joined([held, piece])
    for (let chunk = chunks[at]; chunk !== undefined && held.length >= chunk.bytes; chunk = chunks[at]) {
      const digest = hex(await sha256(held.subarray(0, chunk.bytes)))
      if (digest !== chunk.sha256) throw new Differs(at + 1, 'its bytes are not what was signed')
      held = held.subarray(chunk.bytes)
      at++
      onChunk(at)
    }
    if (at >= chunks.length) rest = held.length
  }
  if (at < chunks.length) throw new Differs(at + 1, 'the recording ends before it')
  return { bytes: count, rest }
}

function chunkList(row: Row) {
  const text = (column: number) => new TextDecoder().decode(row[column])
  const type = text(TYPE)
  if (type !== 'recording.stored' && type !== 'recording.sealed') return undefined
  const { name, from, chunks } = JSON.parse(text(DETAIL)) as { name: unknown; from: unknown; chunks: unknown }
  if (!Array.isArray(chunks)) return undefined
  const read = chunks.map((chunk): Chunk => {
    const [, bytes = '', digest = ''] = /^(\d{1,9}) ([0-9a-f]{64})$/.exec(String(chunk)) ?? []
    return { bytes: Number(bytes), sha256: digest }
  })
  return { name, from, chunks: read, isSealed: type === 'recording.sealed' }
}

/** The signed checkpoint that the proof leads to from this very row. */
async function checkpointOf(
  text: string,
  of: { readonly seq: number; readonly row: Row; readonly key: LogKey; readonly notes: Map<string, Checkpoint> },
): Promise<Checkpoint> {
  const { seq, row, key, notes } = of
  const proof = readProof(text)
  const checkpoint = notes.get(proof.note) ?? (await openCheckpoint(proof.note, key))
  notes.set(proof.note, checkpoint)
  if (!(await leadsTo(proof, { seq, row, checkpoint }))) {
    throw new Differs(0, `event ${seq} of the log is not what was signed`)
  }
  return checkpoint
}
