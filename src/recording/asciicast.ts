/**
 * Writes asciicast, the recording format of asciinema: version 3 for what is kept (docs.asciinema.org, "asciicast v3"),
 * version 2 for export, because the asciinema 2.x that distributions ship reads nothing newer. One line for each event,
 * so a recording that ends too early is still good up to its last line.
 *
 * INVARIANT: times do not drift. Each is rounded to a microsecond from the start of the recording, and an interval is
 * the difference of two such; rounding the intervals themselves would add their errors up.
 */
import type { CastEvent, CastHeader } from '../core/cast.ts'
import { assertNever, BastionError } from '../core/errors.ts'

/** Turns events into lines, each with its newline. It keeps the time of the one before: use one for each recording. */
export interface CastEncoder {
  readonly header: string
  line(event: CastEvent): string
}

export const MICROSECONDS = 1_000_000

export function encodeV3(header: CastHeader): CastEncoder {
  let last = 0
  return {
    header: jsonLine({
      version: 3,
      term: { cols: header.cols, rows: header.rows, type: header.term },
      timestamp: header.timestamp,
      command: header.command,
      title: header.title === '' ? undefined : header.title,
      tags: header.tags.length === 0 ? undefined : header.tags,
    }),
    line(event) {
      const at = microseconds(event, last)
      const interval = at - last
      last = at
      return jsonLine([interval / MICROSECONDS, ...codeAndData(event)])
    },
  }
}

/** Times from the start; no exit event and no tags, for which version 2 has no place: an exit becomes a marker. */
export function encodeV2(header: CastHeader): CastEncoder {
  let last = 0
  return {
    header: jsonLine({
      version: 2,
      width: header.cols,
      height: header.rows,
      timestamp: header.timestamp,
      command: header.command,
      title: header.title === '' ? undefined : header.title,
      env: header.term === undefined ? undefined : { TERM: header.term },
    }),
    line(event) {
      last = microseconds(event, last)
      const [code, data] = event.kind === 'exit' ? (['m', `exit status ${event.status}`] as const) : codeAndData(event)
      return jsonLine([last / MICROSECONDS, code, data])
    },
  }
}

/** A clock that was set back must not make time run backwards in a recording: players add intervals up. */
function microseconds({ seconds }: CastEvent, last: number): number {
  const at = Math.round(seconds * MICROSECONDS)
  if (!Number.isSafeInteger(at)) throw new BastionError('internal', 'A recording was given a time that is none.')
  return Math.max(at, last)
}

export function codeAndData(event: CastEvent): readonly [code: string, data: string] {
  switch (event.kind) {
    case 'output':
      return ['o', event.text]
    case 'input':
      return ['i', event.text]
    case 'resize':
      return ['r', `${event.cols}x${event.rows}`]
    case 'marker':
      return ['m', event.label]
    case 'exit':
      return ['x', String(event.status)]
    default:
      return assertNever(event)
  }
}

/** JSON leaves DEL and C1 as they are, and C1 holds CSI and OSC: `cat` of a recording must not drive a terminal. */
function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(/[\x7f-\x9f\u2028\u2029]/g, escaped)}\n`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
