/**
 * Checks a recording in the browser itself, by WebCrypto: each chunk's digest against the event that has it, the event
 * against its leaf, the leaf against the root, and the root against the log's signature. What the bastion says of itself is
 * not believed; only its public key is taken from it, and is shown, so that it can be compared with one that was kept.
 */
import type { RecordingEvidence } from '../../routes/recording-evidence.ts'

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
const HEADER = 'c2sp.org/tlog-proof@v1'
const ED25519 = 1

export async function checkRecording(
  evidence: RecordingEvidence,
  bytes: AsyncIterable<Uint8Array>,
  onChunk: (count: number) => void = () => {},
): Promise<Grade> {
  if (globalThis.crypto?.subtle === undefined) return { kind: 'unsupported' }
  try {
    const key = await openKey(evidence.logKey)
    if (key === undefined) return { kind: 'unsupported' }
    const { chunks, checkpoint, isSealed } = await provenChunks(evidence, key)
    const total = await compare(chunks, bytes, onChunk)
    if (isSealed && total.rest > 0) throw new Differs(chunks.length + 1, `${total.rest} bytes more than were sealed`)
    const kind = isSealed ? 'sealed' : 'open'
    return { kind, chunks: chunks.length, bytes: total.bytes, checkpoint, key: `${key.name}+${key.id}` }
  } catch (error) {
    if (error instanceof Differs) return { kind: 'differs', chunk: error.chunk, why: error.message }
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
    const found = await openProof(proof, { seq, row, key, notes })
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

function chunkList(row: readonly (Uint8Array | undefined)[]) {
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

interface Checkpoint {
  readonly size: number
  readonly root: string
  readonly number: number
}

interface LogKey {
  readonly name: string
  readonly id: string
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>>
}

/** c2sp.org/tlog-proof: the path from this very row to a root that the log has signed. */
async function openProof(
  text: string,
  of: {
    readonly seq: number
    readonly row: readonly (Uint8Array | undefined)[]
    readonly key: LogKey
    readonly notes: Map<string, Checkpoint>
  },
): Promise<Checkpoint> {
  const { seq, row, key, notes } = of
  const border = text.indexOf('\n\n')
  const [header, index, ...path] = text.slice(0, border).split('\n')
  const note = text.slice(border + 2)
  const checkpoint = notes.get(note) ?? (await openCheckpoint(note, key))
  notes.set(note, checkpoint)
  if (header !== HEADER || index !== `index ${seq - 1}`) throw new Differs(0, `the proof of event ${seq} is of another`)
  const leaf = await sha256(
    joined([Uint8Array.of(0), utf8(`sallyport audit event 1\n${seq}\n${await rowDigest(row)}\n`)]),
  )
  const root = await rootFrom(leaf, { index: seq - 1, size: checkpoint.size, path: path.map(fromBase64) })
  if (root === undefined || hex(root) !== checkpoint.root) {
    throw new Differs(0, `event ${seq} of the log is not what was signed`)
  }
  return checkpoint
}

/** c2sp.org/signed-note and c2sp.org/tlog-checkpoint. */
async function openCheckpoint(note: string, { name, id, key }: LogKey): Promise<Checkpoint> {
  const border = note.lastIndexOf('\n\n')
  const text = note.slice(0, border + 1)
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  // Strictly, as the bastion itself reads it: what could be read in two ways is no note.
  const signatures = note.endsWith('\n') ? note.slice(border + 2, -1).split('\n') : []
  for (const line of signatures) {
    const [, signer, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? []
    const signature = encoded === undefined ? undefined : fromBase64(encoded)
    if (signature === undefined || signer !== name || hex(signature.subarray(0, 4)) !== id) continue
    if (!(await crypto.subtle.verify('Ed25519', key, copied(signature.subarray(4)), copied(utf8(text))))) break
    const number = Number(/^number (\d{1,16})$/.exec(extensions[0] ?? '')?.[1])
    if (origin !== name || !/^\d{1,16}$/.test(size ?? '') || !Number.isSafeInteger(number)) break
    return { size: Number(size), root: hex(fromBase64(root ?? '')), number }
  }
  throw new Differs(0, 'a checkpoint is not signed by the log')
}

/** RFC 9162 §2.1.3.2. */
async function rootFrom(
  leaf: Uint8Array,
  { index, size, path }: { readonly index: number; readonly size: number; readonly path: readonly Uint8Array[] },
): Promise<Uint8Array | undefined> {
  if (index >= size) return undefined
  let [node, last] = [index, size - 1]
  let hash = leaf
  for (const sibling of path) {
    if (last === 0) return undefined
    if (node % 2 === 1 || node === last) {
      hash = await sha256(joined([Uint8Array.of(1), sibling, hash]))
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
    } else {
      hash = await sha256(joined([Uint8Array.of(1), hash, sibling]))
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 ? hash : undefined
}

async function rowDigest(row: readonly (Uint8Array | undefined)[]): Promise<string> {
  const parts = row.flatMap((column) => (column === undefined ? [utf8('-')] : [utf8(`${column.length}:`), column]))
  return hex(await sha256(joined(parts)))
}

/** Undefined where this browser knows no Ed25519. */
async function openKey(text: string): Promise<LogKey | undefined> {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? []
  const bytes = fromBase64(encoded)
  const digest = await sha256(joined([utf8(`${name}\n`), bytes]))
  if (bytes[0] !== ED25519 || hex(digest.subarray(0, 4)) !== id) throw new Differs(0, 'the log’s key is none')
  try {
    const key = await crypto.subtle.importKey('raw', copied(bytes.subarray(1)), 'Ed25519', false, ['verify'])
    return { name, id, key }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return undefined
    throw error
  }
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', copied(bytes)))
}

/** WebCrypto takes no view of a buffer that might be shared. */
function copied(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** As an encoder writes it, and in no other way: two texts must not be one proof. */
function fromBase64(text: string): Uint8Array {
  try {
    const characters = atob(text)
    if (btoa(characters) === text) return Uint8Array.from(characters, (character) => character.charCodeAt(0))
  } catch {
    // Told of below.
  }
  throw new Differs(0, 'what should prove it cannot be read')
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
