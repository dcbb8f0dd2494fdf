/**
 * A recording for a player that begins anywhere: what there is of it, its segments each with the screen that it begins on
 * (asciinema-player's segmented format, version 1), and what ran in it.
 */
import { z } from '@hono/zod-openapi'
import type { CastEvent } from '../../core/cast.ts'
import { BastionError } from '../../core/errors.ts'
import { PlayingTime } from '../../core/playing-time.ts'
import type { ReplayIndex } from '../../core/replay.ts'
import { codeAndData } from '../../recording/asciicast.ts'
import { readFrom, readPlaced } from '../../recording/asciicast-reader.ts'
import { firstBytes } from '../../recording/replay.ts'
import { commandsOf } from '../../session/commands.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, problems } from '../views/common.ts'
import { watching } from '../watching.ts'

const Seconds = z.number().nonnegative()
const Size = z.number().int().positive()

export const ReplayView = z
  .object({
    version: z.literal(1),
    duration: Seconds,
    term: z.object({ cols: Size, rows: Size }),
    markers: z.array(z.tuple([Seconds, z.string()])),
    segments: z.array(z.object({ start: Seconds, url: z.string() })),
    /** When something happened again, and after how long; with `pauses=cut` only two seconds of each are played. */
    pauses: z.array(z.object({ seconds: Seconds, length: Seconds })),
    sizeBytes: z.number().int(),
    isTextWhole: z.boolean(),
  })
  .openapi('Replay')
export type ReplayView = z.infer<typeof ReplayView>

const SegmentView = z
  .object({
    snapshot: z.object({ cols: Size, rows: Size, init: z.string() }),
    events: z.array(z.tuple([Seconds, z.string(), z.string()])),
  })
  .openapi('ReplaySegment')

export const CommandView = z
  .object({
    seconds: Seconds,
    text: z.string(),
    /** `entered`: inside a program that nothing gates, and read off the screen. */
    verdict: z.enum(['allowed', 'held', 'granted', 'denied', 'entered']),
    /** It was judged before its time, and may not have run. */
    isAhead: z.boolean(),
    hold: z.string().nullable(),
    state: z.string().nullable(),
    by: z.array(z.string()),
    exitStatus: z.number().int().nullable(),
  })
  .openapi('SessionCommand')
export type CommandView = z.infer<typeof CommandView>

const Id = z.object({ id: z.string().max(64) })
const Pauses = z.object({ pauses: z.enum(['whole', 'cut']).default('whole') })
/** A segment that could not be cut: one moment of output without end. */
const LONGEST_SEGMENT = 32 * 1024 * 1024

export function addReplay(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/replay',
      summary: 'The segments of a closed recording, its markers and pauses; `pauses=cut` leaves long ones out',
      request: { params: Id, query: Pauses },
      responses: { 200: json(ReplayView, 'What a player needs to begin.'), ...problems },
    },
    async (c) => {
      const { pauses } = c.req.valid('query')
      const { record, noteOnce } = await watching(services, personOf(c), c.req.valid('param').id)
      refuseLive(services, record.id)
      const index = await services.replayOf(record.id)
      await noteOnce({ way: 'replay' })
      const time = playing(index, pauses)
      const base = `/api/v1/recordings/${encodeURIComponent(record.id)}/replay`
      return c.json(
        {
          version: 1 as const,
          duration: time.played(index.duration),
          term: { cols: index.cols, rows: index.rows },
          markers: index.markers.map(({ seconds, label }): [number, string] => [time.played(seconds), label]),
          segments: index.segments.map(({ seconds }, number) => ({
            start: time.played(seconds),
            url: `${base}/${number}?pauses=${pauses}`,
          })),
          pauses: [...index.pauses],
          sizeBytes: index.bytes,
          isTextWhole: index.isTextWhole,
        },
        200,
      )
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/replay/{segment}',
      summary: 'One segment: the screen that it begins on, and its events, each with its time',
      request: { params: Id.extend({ segment: z.coerce.number().int().min(0).max(1_000_000) }), query: Pauses },
      responses: { 200: json(SegmentView, 'The segment.'), ...problems },
    },
    async (c) => {
      const { id, segment: number } = c.req.valid('param')
      const { record, noteOnce } = await watching(services, personOf(c), id)
      refuseLive(services, record.id)
      const index = await services.replayOf(record.id)
      const segment = index.segments[number]
      if (segment === undefined) throw new BastionError('not-found', 'The recording has no such segment.')
      const keyframe = number === 0 ? undefined : await services.store.replays.keyframe(record.id, number)
      if (number > 0 && keyframe === undefined) throw damaged()
      await noteOnce({ way: 'replay' })
      const time = playing(index, c.req.valid('query').pauses)
      const size = (index.segments[number + 1]?.offset ?? index.bytes) - segment.offset
      if (size > LONGEST_SEGMENT)
        throw new BastionError('too-many', 'This part of the recording is too large to be played.')
      const events: [number, string, string][] = []
      const name = services.recordingName(record.id)
      for await (const event of eventsIn(services, { name, number, offset: segment.offset, size, index })) {
        events.push([time.played(event.seconds), ...codeAndData(event)])
      }
      const snapshot = {
        cols: keyframe?.cols ?? index.cols,
        rows: keyframe?.rows ?? index.rows,
        init: keyframe?.text ?? '',
      }
      return c.json({ snapshot, events }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/commands',
      summary: 'What ran in the session, or wanted to, in order: its time in the recording, its verdict, who decided',
      request: { params: Id },
      responses: { 200: json(z.object({ commands: z.array(CommandView) }), 'The commands.'), ...problems },
    },
    async (c) => {
      const { record, noteOnce } = await watching(services, personOf(c), c.req.valid('param').id)
      const commands = await commandsOf(services.store, record.id)
      await noteOnce({ way: 'commands' })
      const views = commands.map(({ hold, state, exitStatus, by, ...command }) => ({
        ...command,
        hold: hold ?? null,
        state: state ?? null,
        by: [...by],
        exitStatus: exitStatus ?? null,
      }))
      return c.json({ commands: views }, 200)
    },
  )
}

async function* eventsIn(
  { blobs }: WebServices,
  part: {
    readonly name: string
    readonly number: number
    readonly offset: number
    readonly size: number
    readonly index: ReplayIndex
  },
): AsyncGenerator<CastEvent> {
  const { name, number, offset, size, index } = part
  if (number > 0) {
    yield* readFrom(firstBytes(await blobs.read(name, offset), size), index.segments[number]?.seconds ?? 0)
    return
  }
  // The first segment's events have their times from the header on.
  const { events } = await readPlaced(firstBytes(await blobs.read(name), offset + size), { isLive: true })
  for await (const { event } of events) yield event
}

function playing(index: ReplayIndex, pauses: 'whole' | 'cut'): PlayingTime {
  return new PlayingTime(pauses === 'cut' ? index.pauses : [])
}

function refuseLive({ live }: WebServices, id: Parameters<WebServices['live']['find']>[0]): void {
  if (live.find(id) === undefined) return
  throw new BastionError('conflict', 'This session is still running; watch it live, or fetch what is recorded so far.')
}

function damaged(): BastionError {
  return new BastionError('internal', 'What was prepared for the replay of this recording is damaged.')
}
