/**
 * Finishes what a bastion left that was killed: each session that never ended is over, and its recording is closed, marked
 * and sealed by this one. Nothing that was stored is altered. What is cut off is a last line that was not written whole: its
 * append never resolved, so nobody was shown it.
 */
import { createHash } from 'node:crypto'
import type { AuditType } from '../core/audit.ts'
import { type Chunk, readChunkList } from '../core/chunk.ts'
import type { Clock } from '../core/clock.ts'
import { codeOf, messageFor } from '../core/errors.ts'
import type { BlobStore, Log, Store } from '../core/ports.ts'
import type { SessionRecord } from '../core/session.ts'
import { encodeV3 } from '../recording/asciicast.ts'
import { CHUNK_BYTES, ChunkedWriter } from '../recording/chunked-writer.ts'

export interface RecoverParts {
  readonly store: Store
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly log: Log
  readonly recordingName: (session: string) => string
}

export const DIED = 'The bastion that ran this session was killed or lost its power.'

const PAGE = 1000
const NEWLINE = 0x0a

export interface Finished {
  /** How many sessions were found so. */
  readonly found: number
  /** Those that could not be finished now: the log tells why. */
  readonly left: readonly SessionRecord[]
}

/** To be called before there are sessions of this bastion's own; later only for those that were left then. */
export async function finishSessions(parts: RecoverParts, left?: readonly SessionRecord[]): Promise<Finished> {
  const { store, log } = parts
  const records = left ?? (await store.sessions.list({ live: true, limit: PAGE }))
  const failed: SessionRecord[] = []
  for (const record of records) {
    try {
      await finish(record, parts)
    } catch (error) {
      failed.push(record)
      log.error({ session: record.id, err: error }, 'a session of a bastion that died could not be finished')
    }
  }
  return { found: records.length, left: failed }
}

async function finish(record: SessionRecord, parts: RecoverParts): Promise<void> {
  const { store, clock } = parts
  const append = async (type: AuditType, detail: Record<string, unknown>) => {
    await store.audit.append({
      type,
      at: clock.now(),
      actor: record.principal.id,
      actorName: record.principal.name,
      session: record.id,
      hold: undefined,
      detail: { target: record.target, login: record.login, ...detail },
    })
  }
  const told = await toldOf(record, parts)
  if (!told.isSealed) {
    try {
      await seal(parts, { name: parts.recordingName(record.id), told: told.chunks, append })
    } catch (error) {
      // It is not there, or shorter than the log has it: `recordings verify` tells what is missing.
      if (codeOf(error) !== 'not-found' && codeOf(error) !== 'conflict') throw error
      await append('recording.failed', { why: messageFor(error) })
    }
  }
  await append('session.closed', { exitStatus: null, reason: DIED })
  await store.sessions.finish(record.id, { at: clock.now(), exitStatus: undefined, reason: DIED })
}

/** What the log has of a session's recording. */
async function toldOf(record: SessionRecord, { store }: RecoverParts): Promise<{ isSealed: boolean; chunks: Chunk[] }> {
  const pages: Chunk[][] = []
  for (let beforeSeq: number | undefined; ; ) {
    const events = await store.audit.list({
      types: ['recording.stored', 'recording.sealed'],
      session: record.id,
      limit: PAGE,
      ...(beforeSeq !== undefined && { beforeSeq }),
    })
    for (const event of events) {
      if (event.type === 'recording.sealed') return { isSealed: true, chunks: [] }
      pages.push([...(readChunkList(event.detail)?.chunks ?? [])])
    }
    beforeSeq = events.at(-1)?.seq
    if (events.length < PAGE) return { isSealed: false, chunks: pages.reverse().flat() }
  }
}

async function seal(
  { blobs, clock }: RecoverParts,
  recording: {
    readonly name: string
    readonly told: readonly Chunk[]
    readonly append: (type: 'recording.stored' | 'recording.sealed', detail: Record<string, unknown>) => Promise<void>
  },
): Promise<void> {
  const { name, told, append } = recording
  const toldBytes = told.reduce((sum, { bytes }) => sum + bytes, 0)
  const pieces = await blobs.pieces(name)
  const { untold, torn, whole } = await readRest(blobs, { name, toldBytes, pieces })
  const writer = await blobs.resume(name, whole)
  const chunked = new ChunkedWriter({ writer, clock, name, seal: append })
  try {
    chunked.takeUp({ told: told.length, untold })
    for await (const bytes of await blobs.read(name)) chunked.passOver(bytes)
    await chunked.append(Buffer.from(lastLines(whole, torn)))
  } catch (error) {
    await chunked.abandon()
    throw error
  }
  await chunked.close({ finishedBy: 'the next bastion' })
}

/** Cuts what the log does not have yet into chunks: where the pieces end that it lies in, and at lines. */
async function readRest(
  blobs: BlobStore,
  { name, toldBytes, pieces }: { name: string; toldBytes: number; pieces: readonly number[] },
): Promise<{ untold: Chunk[]; torn: Uint8Array; whole: number }> {
  const end = pieces.reduce((sum, piece) => sum + piece, 0)
  const untold: Chunk[] = []
  let at = toldBytes
  let rest: Uint8Array = new Uint8Array()
  const take = (length: number) => {
    if (length === 0) return
    const bytes = rest.subarray(0, length)
    untold.push({ bytes: length, sha256: createHash('sha256').update(bytes).digest('hex') })
    rest = rest.subarray(length)
    at += length
  }
  for (const piece of piecesAfter(pieces, toldBytes)) {
    const stop = at + rest.length + piece
    for await (const bytes of await blobs.read(name, at + rest.length)) {
      rest = Buffer.concat([rest, bytes.subarray(0, Math.max(0, stop - at - rest.length))])
      while (rest.length > CHUNK_BYTES) take(rest.lastIndexOf(NEWLINE, CHUNK_BYTES - 1) + 1 || CHUNK_BYTES)
      if (at + rest.length >= stop) break
    }
    take(stop === end ? rest.lastIndexOf(NEWLINE) + 1 : rest.length)
  }
  return { untold, torn: rest, whole: at }
}

function piecesAfter(pieces: readonly number[], start: number): number[] {
  const after: number[] = []
  let end = 0
  for (const piece of pieces) {
    end += piece
    if (end > start) after.push(Math.min(piece, end - start))
  }
  return after
}

/** A comment with what was cut off, and a marker that every player shows. A recording without its header gets neither. */
function lastLines(whole: number, torn: Uint8Array): string {
  if (whole === 0) return ''
  const { line } = encodeV3({
    cols: 1,
    rows: 1,
    term: undefined,
    timestamp: 0,
    title: '',
    command: undefined,
    tags: [],
  })
  const sha256 = createHash('sha256').update(torn).digest('hex')
  const comment =
    torn.length === 0
      ? ''
      : `# ${torn.length} bytes of a line that nobody was shown were cut off here, SHA-256 ${sha256}\n`
  return comment + line({ kind: 'marker', seconds: 0, label: `${DIED} The next one finished the recording.` })
}
