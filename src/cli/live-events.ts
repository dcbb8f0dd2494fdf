/**
 * A live session's server-sent events (`GET /recordings/{id}/live`) as those of a recording: the screen as it is, drawn on
 * an empty one, and then what follows.
 */
import { EventSourceParserStream } from 'eventsource-parser/stream'
import type { CastEvent } from '../core/cast.ts'
import { BastionError } from '../core/errors.ts'

/** Colours and margins as at the start, the cursor at home, nothing on the screen. */
const EMPTY = '\x1b[0m\x1b[r\x1b[H\x1b[2J'
/** What one event may hold: a screen full of colours is far smaller. */
const LONGEST_EVENT = 8 * 1024 * 1024

/** Returns whether the session is over; otherwise the stream has ended, and the session goes on. */
export async function* liveEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CastEvent, boolean> {
  const events = ReadableStream.from(bytes)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: LONGEST_EVENT, onError: 'terminate' }))
  for await (const { event, data } of events) {
    if (event === 'done') return true
    yield castEvent(data)
  }
  return false
}

function castEvent(data: string): CastEvent {
  const value: unknown = JSON.parse(data)
  if (Array.isArray(value)) {
    const [seconds, kind, text] = value as unknown[]
    if (typeof seconds === 'number' && kind === 'o' && typeof text === 'string')
      return { kind: 'output', seconds, text }
  } else if (typeof value === 'object' && value !== null && 'init' in value && 'time' in value) {
    return { kind: 'output', seconds: Number(value.time), text: `${EMPTY}${String(value.init)}` }
  }
  throw new BastionError('unavailable', 'The bastion sent something that is no event of a live session.')
}
