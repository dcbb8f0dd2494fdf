/**
 * Reads asciicast v3, strictly: what is not as the format says is refused with its line number, because a recording is
 * evidence and nobody should guess what it meant. As the format asks, comments (`#`), header fields and event codes that
 * are not known are passed over; the time of such an event still counts.
 */
import type { CastEvent, CastHeader } from '../core/cast.ts'
import { BastionError } from '../core/errors.ts'
import { encodeV2, MICROSECONDS } from './asciicast.ts'

export interface ReadOptions {
  /** When true, a last line without its newline is left out instead of refused: the recording is being written. */
  readonly isLive?: boolean
}

export interface Cast {
  readonly header: CastHeader
  readonly events: AsyncIterable<CastEvent>
}

/** Above any line of ours: 64 KiB of output, of which JSON makes six times as much at most. */
const LONGEST_LINE = 4 * 1024 * 1024

/** An event, and the byte of the recording that its line begins with. */
export interface Placed {
  readonly event: CastEvent
  readonly offset: number
}

/** Reads the header, then the events as they are asked for; both reject with `invalid` and the line's number. */
export async function readCast(chunks: AsyncIterable<Uint8Array>, options: ReadOptions = {}): Promise<Cast> {
  const { header, events } = await readPlaced(chunks, options)
  return { header, events: unplaced(events) }
}

/** The same, with each event's place. */
export async function readPlaced(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): Promise<{ readonly header: CastHeader; readonly events: AsyncGenerator<Placed, void, undefined> }> {
  const lines = linesOf(chunks, options.isLive ?? false)
  const first = await lines.next()
  if (first.done === true) throw invalid(1, 'the recording is empty')
  const start = { seconds: 0, offset: lineBytes(first.value), number: 1, isFirst: false }
  return { header: parseHeader(first.value), events: eventsOf(lines, start) }
}

/** Reads events from the middle of a recording; the first of them happened at `seconds`. */
export function readFrom(chunks: AsyncIterable<Uint8Array>, seconds: number): AsyncGenerator<CastEvent> {
  return unplaced(eventsOf(linesOf(chunks, false), { seconds, offset: 0, number: 0, isFirst: true }))
}

/** Reads a whole recording from text. */
export async function parseCast(text: string): Promise<{ header: CastHeader; events: readonly CastEvent[] }> {
  const whole = async function* () {
    yield new TextEncoder().encode(text)
  }
  const cast = await readCast(whole())
  const events: CastEvent[] = []
  for await (const event of cast.events) events.push(event)
  return { header: cast.header, events }
}

/** Turns the bytes of a v3 recording into the lines of a v2 one, as they come. */
export async function* castV2(chunks: AsyncIterable<Uint8Array>, options: ReadOptions = {}): AsyncGenerator<string> {
  const { header, events } = await readCast(chunks, options)
  const encoder = encodeV2(header)
  yield encoder.header
  for await (const event of events) yield encoder.line(event)
}

interface Start {
  readonly seconds: number
  readonly offset: number
  /** Of the line before. */
  readonly number: number
  /** The first event is at `seconds`, whatever its interval to one that is not read. */
  readonly isFirst: boolean
}

async function* eventsOf(lines: AsyncIterable<string>, start: Start): AsyncGenerator<Placed, void, undefined> {
  let at = Math.round(start.seconds * MICROSECONDS)
  let { offset, number, isFirst } = start
  for await (const line of lines) {
    number++
    const place = offset
    offset += lineBytes(line)
    if (line.startsWith('#')) continue
    const [interval, code, data] = parseEvent(line, number)
    // Summed as whole microseconds: a sum of fractions would drift.
    if (!isFirst) at += Math.round(interval * MICROSECONDS)
    isFirst = false
    if (!Number.isSafeInteger(at)) throw invalid(number, 'the time is beyond any recording')
    const event = eventOf(code, data, at / MICROSECONDS, number)
    if (event !== undefined) yield { event, offset: place }
  }
}

async function* unplaced(events: AsyncIterable<Placed>): AsyncGenerator<CastEvent> {
  for await (const { event } of events) yield event
}

/** Lines were decoded strictly, so they have the bytes that they came from. */
function lineBytes(line: string): number {
  return Buffer.byteLength(line) + 1
}

function eventOf(code: string, data: string, seconds: number, number: number): CastEvent | undefined {
  switch (code) {
    case 'o':
      return { kind: 'output', seconds, text: data }
    case 'i':
      return { kind: 'input', seconds, text: data }
    case 'm':
      return { kind: 'marker', seconds, label: data }
    case 'r': {
      const size = /^(\d{1,5})x(\d{1,5})$/.exec(data)
      const [cols, rows] = [Number(size?.[1]), Number(size?.[2])]
      if (!isSize(cols) || !isSize(rows)) throw invalid(number, 'a resize must say its size as “80x24”')
      return { kind: 'resize', seconds, cols, rows }
    }
    case 'x':
      if (!/^-?\d{1,10}$/.test(data)) throw invalid(number, 'an exit must say its status as a number')
      return { kind: 'exit', seconds, status: Number(data) }
    default:
      return undefined
  }
}

function parseEvent(line: string, number: number): readonly [interval: number, code: string, data: string] {
  const value = parseJson(line, number)
  if (!Array.isArray(value) || value.length !== 3)
    throw invalid(number, 'an event is a list of interval, code and data')
  const [interval, code, data] = value as readonly unknown[]
  if (typeof interval !== 'number' || !Number.isFinite(interval) || interval < 0) {
    throw invalid(number, 'the interval must be a number of seconds, 0 or more')
  }
  if (typeof code !== 'string' || code === '') throw invalid(number, 'the event code must be text')
  if (typeof data !== 'string') throw invalid(number, 'the data of an event must be text')
  return [interval, code, data]
}

function parseHeader(line: string): CastHeader {
  const { version, term, timestamp, title, command, tags } = fields(parseJson(line, 1), 'the header')
  if (version !== 3) throw invalid(1, `this is not asciicast version 3 (it says ${JSON.stringify(version)})`)
  const { cols, rows, type } = fields(term, '“term”')
  if (!isSize(cols) || !isSize(rows)) throw invalid(1, '“term” must have “cols” and “rows” from 1 to 65535')
  if (timestamp !== undefined && !Number.isSafeInteger(timestamp)) throw invalid(1, '“timestamp” must be whole seconds')
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))) {
    throw invalid(1, '“tags” must be a list of text')
  }
  return {
    cols,
    rows,
    term: optionalText(type, 'type'),
    timestamp: typeof timestamp === 'number' ? timestamp : 0,
    title: optionalText(title, 'title') ?? '',
    command: optionalText(command, 'command'),
    tags: (tags as readonly string[] | undefined) ?? [],
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>, isLive: boolean): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = 1
  let rest = ''
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
    } catch {
      throw invalid(number, 'here or in one of the next lines it is not UTF-8')
    }
  }
  for await (const chunk of chunks) {
    const parts = (rest + decode(chunk)).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      yield part
      number++
    }
    if (rest.length > LONGEST_LINE) throw invalid(number, 'the line is too long')
  }
  if (isLive) return
  rest += decode()
  if (rest !== '') yield rest
}

function parseJson(line: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw invalid(number, line === '' ? 'the line is empty' : 'the line is not JSON; it may be cut off')
  }
}

function fields(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(1, `${what} must be an object`)
  return value as Readonly<Record<string, unknown>>
}

function optionalText(value: unknown, field: string): string | undefined {
  if (value !== undefined && typeof value !== 'string') throw invalid(1, `“${field}” must be text`)
  return value
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 65_535
}

function invalid(line: number, problem: string): BastionError {
  return new BastionError('invalid', `The recording cannot be read: line ${line}: ${problem}.`)
}
