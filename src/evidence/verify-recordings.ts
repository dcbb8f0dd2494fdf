/**
 * Verifies recordings against the log: each chunk that an event tells of must lie in its place, and nothing else. One
 * pass over the events, one recording at a time. An event that the log does not vouch for tells nothing.
 */
import { createHash } from 'node:crypto'
import { type Chunk, type ChunkList, readChunkList, readSealed, type Sealed } from '../core/chunk.ts'
import type { EvidenceStore, StoredRow } from '../core/evidence.ts'
import type { ChunkPlace, ChunkSource, LyingRecording } from './chunk-source.ts'
import type { RecordingFinding, RecordingFindingKind, RecordingsReport } from './recording-report.ts'
import type { AuditReport } from './report.ts'

export interface VerifyRecordingsParts {
  readonly store: EvidenceStore
  /** What was found of the same store's events. */
  readonly audit: AuditReport
  readonly source: ChunkSource
  /** Only these; undefined: all, and nothing else may be there. */
  readonly only?: ReadonlySet<string> | undefined
}

interface Told {
  readonly name: string
  readonly chunks: Chunk[]
  /** An event that should have told of some of it. */
  hasHole: boolean
  isClosed: boolean
}

const PAGE = 1000
const MOST_FINDINGS = 1000
/** What is in the place of a column of the table; see store/evidence.ts. */
const TYPE = 0
const SESSION = 4
const DETAIL = 6
/** Kinds of findings that make an event's content nobody's word. */
const UNTRUSTED = new Set(['changed', 'moved', 'added', 'unproven'])

export async function verifyRecordings(parts: VerifyRecordingsParts): Promise<RecordingsReport> {
  return new Verification(parts).run()
}

class Verification {
  readonly #parts: VerifyRecordingsParts
  readonly #findings: RecordingFinding[] = []
  #more = 0
  readonly #open = new Map<string, Told>()
  readonly #sessions = new Map<string, Told>()
  readonly #seen = new Set<string>()
  /** By digest: findings of bytes that may be another chunk's. */
  readonly #strange = new Map<string, number[]>()
  readonly #count = { sealed: 0, open: 0, unproven: 0, chunks: 0, bytes: 0 }

  constructor(parts: VerifyRecordingsParts) {
    this.#parts = parts
  }

  async run(): Promise<RecordingsReport> {
    // Listed before anything else is looked at, so that a recording which begins meanwhile is not taken for a stranger.
    const names = this.#parts.only === undefined ? await this.#parts.source.names() : []
    for await (const { type, session, detail } of this.#events()) {
      if (type === 'recording.closed') {
        const told = this.#sessions.get(session)
        if (told !== undefined) told.isClosed = true
      }
      if (typeof detail.name !== 'string' || this.#parts.only?.has(detail.name) === false) continue
      if (type === 'recording.started') this.#sessions.set(session, this.#told(detail.name))
      if (type === 'recording.stored') this.#takeStored(readChunkList(detail))
      if (type === 'recording.sealed') {
        await this.#takeSealed(readSealed(detail))
        this.#sessions.delete(session)
      }
    }
    for (const told of this.#open.values()) {
      if (told.chunks.length === 0 && told.isClosed) this.#count.unproven++
      else this.#count.open++
      await this.#compare(told, undefined)
    }
    for (const name of names) {
      if (!this.#seen.has(name)) this.#add('added', name, undefined, 'No event tells of this recording.')
    }
    for (const name of this.#parts.only ?? []) {
      if (!this.#seen.has(name)) this.#add('missing', name, undefined, 'No event tells of such a recording.')
    }
    await this.#lookForOrigins()
    return { ...this.#count, findings: this.#findings, more: this.#more }
  }

  async *#events(): AsyncGenerator<RecordingEvent> {
    const untrusted = this.#parts.audit.findings.filter(({ kind }) => UNTRUSTED.has(kind))
    for (let after = 0; ; ) {
      const rows = await this.#parts.store.rows(after, PAGE)
      for (const row of rows) {
        const seq = Number(row.seq)
        after = seq
        const event = recordingEvent(row)
        if (event === undefined || untrusted.some(({ from, to }) => from <= seq && seq <= to)) continue
        yield event
      }
      if (rows.length < PAGE || !Number.isSafeInteger(after)) return
    }
  }

  #told(name: string): Told {
    const told = this.#open.get(name) ?? { name, chunks: [], hasHole: false, isClosed: false }
    if (!this.#seen.has(name)) this.#open.set(name, told)
    this.#seen.add(name)
    return told
  }

  #takeStored(list: ChunkList | undefined): void {
    if (list === undefined) return
    const told = this.#told(list.name)
    if (list.from !== told.chunks.length + 1) told.hasHole = true
    told.chunks.push(...list.chunks)
  }

  async #takeSealed(sealed: Sealed | undefined): Promise<void> {
    if (sealed === undefined) return
    this.#takeStored(sealed)
    const told = this.#open.get(sealed.name)
    if (told === undefined) return
    this.#open.delete(sealed.name)
    this.#count.sealed++
    if (told.chunks.length !== sealed.count) told.hasHole = true
    await this.#compare(told, sealed)
  }

  async #compare(told: Told, sealed: Sealed | undefined): Promise<void> {
    const { name } = told
    if (told.hasHole) {
      this.#add(
        'untold',
        name,
        undefined,
        'The log does not tell all of its chunks: an event of it is not to be trusted.',
      )
      return
    }
    const places = placesOf(told.chunks)
    const total = sealed?.bytes ?? places.at(-1)?.end ?? 0
    const lying = await this.#parts.source.open(name)
    if (lying === undefined) {
      this.#add('missing', name, rangeOf(places), 'The recording is gone.')
      return
    }
    const bad: Bad[] = []
    for (const place of places) {
      const bytes = await lying.chunk(place)
      const digest = bytes === undefined ? undefined : digestOf(bytes)
      this.#count.chunks++
      this.#count.bytes += place.bytes
      if (digest !== place.sha256) bad.push({ place, digest })
    }
    const first = bad[0]
    if (sealed !== undefined && first !== undefined && lying.size !== undefined && lying.size !== total) {
      await this.#shifted(name, { lying, places, total, first: first.place })
      return
    }
    const kept = bad.length - cutOff(bad, places.length, lying.size)
    for (const { place, digest } of bad.slice(0, kept)) {
      if (digest === undefined) this.#add('dropped', name, place, 'The chunk is gone.')
      else this.#addStrange(name, place, digest)
    }
    const [cut, last] = [bad[kept]?.place, places.at(-1)]
    if (cut !== undefined && last !== undefined) {
      const range = { ...cut, to: last.number, end: last.end }
      this.#add('truncated', name, range, 'The recording ends here; the rest is gone.')
    }
    if (sealed !== undefined && (await lying.hasMore(places.length, total))) {
      this.#add(
        'added',
        name,
        { number: places.length + 1, to: places.length + 1, start: total, end: total },
        'Something was added behind the end.',
      )
    }
  }

  /** A single file of another length: what was cut out or put in is between where it begins and ends to differ. */
  async #shifted(
    name: string,
    file: { lying: LyingRecording; places: readonly Placed[]; total: number; first: Placed },
  ): Promise<void> {
    const { lying, places, total, first } = file
    const by = (lying.size ?? 0) - total
    let last = places.length
    for (; last > first.number; last--) {
      const place = places[last - 1] as Placed
      if (place.start + by < 0) break
      const bytes = await lying.chunk({ ...place, start: place.start + by })
      if (bytes === undefined || digestOf(bytes) !== place.sha256) break
    }
    const end = places[last - 1]?.end ?? first.end
    const range = { number: first.number, to: last, start: first.start, end }
    if (by > 0) this.#add('added', name, range, `${by} bytes were put in here.`)
    else if (last === places.length) this.#add('truncated', name, range, `From here on ${-by} bytes are gone.`)
    else this.#add('dropped', name, range, `${-by} bytes are gone in here.`)
  }

  #addStrange(name: string, place: Placed, digest: string): void {
    const index = this.#findings.length
    this.#add('changed', name, place, 'The bytes are not what was signed.')
    if (index < this.#findings.length) this.#strange.set(digest, [...(this.#strange.get(digest) ?? []), index])
  }

  /** A chunk that lies where another was is told as that one. */
  async #lookForOrigins(): Promise<void> {
    if (this.#strange.size === 0) return
    for await (const { type, detail } of this.#events()) {
      const list = type === 'recording.stored' || type === 'recording.sealed' ? readChunkList(detail) : undefined
      for (const [at, { sha256 }] of list?.chunks.entries() ?? []) {
        for (const index of this.#strange.get(sha256) ?? []) {
          const finding = this.#findings[index] as RecordingFinding
          const number = (list?.from ?? 1) + at
          const whose = list?.name === finding.recording ? '' : ` of ${list?.name}`
          this.#findings[index] = { ...finding, kind: 'moved', message: `This is chunk ${number}${whose}.` }
        }
        this.#strange.delete(sha256)
      }
    }
  }

  #add(kind: RecordingFindingKind, recording: string, range: Range | undefined, message: string): void {
    if (this.#findings.length >= MOST_FINDINGS) {
      this.#more++
      return
    }
    const { number = 0, to = number, start = 0, end = 0 } = range ?? {}
    this.#findings.push({ kind, recording, from: number, to, start, end, message })
  }
}

interface Range {
  readonly number: number
  readonly to?: number
  readonly start: number
  readonly end: number
}

interface Placed extends ChunkPlace {
  readonly end: number
  readonly sha256: string
}

interface Bad {
  readonly place: Placed
  /** Undefined where nothing lies. */
  readonly digest: string | undefined
}

/** How many of the last chunks are gone, or, of a single file, lie partly behind its end. */
function cutOff(bad: readonly Bad[], count: number, size: number | undefined): number {
  let cut = 0
  for (const { place, digest } of [...bad].reverse()) {
    const isCut = digest === undefined || (size !== undefined && place.end > size)
    if (!isCut || place.number !== count - cut) break
    cut++
  }
  return cut
}

function placesOf(chunks: readonly Chunk[]): readonly Placed[] {
  let start = 0
  return chunks.map(({ bytes, sha256 }, at) => {
    const place = { number: at + 1, start, bytes, end: start + bytes, sha256 }
    start += bytes
    return place
  })
}

function rangeOf(places: readonly Placed[]): Range | undefined {
  const last = places.at(-1)
  return last === undefined ? undefined : { number: 1, to: last.number, start: 0, end: last.end }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

interface RecordingEvent {
  readonly type: string
  readonly session: string
  readonly detail: Readonly<Record<string, unknown>>
}

function recordingEvent({ columns }: StoredRow): RecordingEvent | undefined {
  const type = textOf(columns[TYPE])
  if (!type.startsWith('recording.')) return undefined
  try {
    const detail: unknown = JSON.parse(textOf(columns[DETAIL]))
    if (typeof detail !== 'object' || detail === null) return undefined
    return { type, session: textOf(columns[SESSION]), detail: { ...detail } }
  } catch {
    return undefined
  }
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString()
}
