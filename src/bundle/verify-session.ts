/** One session of a bundle: its events against the checkpoint, its recording against the events, receipts against both. */
import { createHash } from 'node:crypto'
import { type Chunk, readChunkList, readSealed } from '../core/chunk.ts'
import { BastionError } from '../core/errors.ts'
import type { BundleFinding } from '../evidence/bundle-report.ts'
import type { RowEvent } from '../evidence/event-row.ts'
import type { NoteVerifier } from '../evidence/note.ts'
import { openProvenLine } from './proven-events.ts'
import { Receipts } from './receipts.ts'
import type { ZippedFile } from './zip.ts'

export interface SessionReport {
  readonly events: number
  readonly chunks: number
  readonly receipts: number
  readonly untoldBytes: number
  readonly findings: readonly BundleFinding[]
}

interface Parts {
  readonly session: string
  readonly files: ReadonlyMap<string, ZippedFile>
  readonly log: NoteVerifier
  readonly checkpoint: string
  readonly origin: string
}

/** An event has 32 KiB of detail at most and JSON may double it; a proof has 4 KiB. */
const LONGEST_LINE = 8 * 1024 * 1024

export async function verifySession(parts: Parts): Promise<SessionReport> {
  const { session, files, log, checkpoint, origin } = parts
  const findings: BundleFinding[] = []
  const told: Chunk[] = []
  const receipts = new Receipts(origin)
  let [events, last, isSealed, hasHole] = [0, 0, false, false]
  for await (const line of linesOf(required(files, session, 'events.jsonl'))) {
    const event = openProvenLine(line, { log, checkpoint })
    if (event.seq <= last) throw new BastionError('untrusted', `Event ${event.seq} stands in the wrong place.`)
    last = event.seq
    events++
    receipts.take(event)
    if (event.session !== session) continue
    const list = chunksOf(event)
    if (list === undefined) continue
    if (list.from !== told.length + 1) hasHole = true
    told.push(...list.chunks)
    isSealed ||= event.type === 'recording.sealed'
  }
  if (hasHole) findings.push({ file: 'events.jsonl', message: 'An event that tells of the recording is missing.' })
  for await (const line of linesOf(required(files, session, 'approvals.jsonl'))) {
    for (const message of receipts.verify(line)) findings.push({ file: 'approvals.jsonl', message })
  }
  const recording = files.get(`sessions/${session}/recording.cast`)
  if (recording === undefined) {
    if (told.length > 0) findings.push({ file: 'recording.cast', message: 'It is missing.' })
    return { events, chunks: 0, receipts: receipts.verified, untoldBytes: 0, findings }
  }
  const compared = await compare(recording, told, isSealed)
  findings.push(...compared.messages.map((message) => ({ file: 'recording.cast', message })))
  return { events, chunks: told.length, receipts: receipts.verified, untoldBytes: compared.untold, findings }
}

function chunksOf({ type, detail }: RowEvent) {
  if (type === 'recording.stored') return readChunkList(detail)
  return type === 'recording.sealed' ? readSealed(detail) : undefined
}

async function compare(recording: ZippedFile, told: readonly Chunk[], isSealed: boolean) {
  const messages: string[] = []
  let [number, left, untold] = [0, told[0]?.bytes ?? 0, 0]
  let sum = createHash('sha256')
  for await (const part of recording.read()) {
    for (let rest = part; rest.length > 0; ) {
      const chunk = told[number]
      if (chunk === undefined) {
        untold += rest.length
        break
      }
      const piece = rest.subarray(0, left)
      sum.update(piece)
      left -= piece.length
      rest = rest.subarray(piece.length)
      if (left > 0) continue
      if (sum.digest('hex') !== chunk.sha256) messages.push(`Chunk ${number + 1} is not what was signed.`)
      number++
      left = told[number]?.bytes ?? 0
      sum = createHash('sha256')
    }
  }
  if (number < told.length) messages.push(`It ends in chunk ${number + 1} of ${told.length}.`)
  if (isSealed && untold > 0) messages.push(`${untold} bytes stand behind its end.`)
  return { messages, untold: isSealed ? 0 : untold }
}

function required(files: ReadonlyMap<string, ZippedFile>, session: string, name: string): ZippedFile {
  const file = files.get(`sessions/${session}/${name}`)
  if (file === undefined) throw new BastionError('untrusted', `${name} is missing.`)
  return file
}

async function* linesOf(file: ZippedFile): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  try {
    for await (const part of file.read()) {
      const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
      if (rest.length > LONGEST_LINE) throw new BastionError('untrusted', 'A line is longer than any of a bundle.')
    }
    rest += decoder.decode()
  } catch (error) {
    throw error instanceof BastionError ? error : new BastionError('untrusted', `${file.name} is no text.`, error)
  }
  if (rest !== '') throw new BastionError('untrusted', `${file.name} ends in the middle of a line.`)
}
