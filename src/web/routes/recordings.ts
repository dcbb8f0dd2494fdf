/**
 * Recordings. Seeing one is itself an event, stored before the first byte leaves; so is being refused one. A recording
 * that is still being written is served as far as it goes. (faults 36 and 37)
 */
import { z } from '@hono/zod-openapi'
import { codeOf } from '../../core/errors.ts'
import type { ReplayHit } from '../../core/replay.ts'
import type { SessionRecord } from '../../core/session.ts'
import { mayWatch, reviewedSessions } from '../access.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, Limit, problems } from '../views/common.ts'
import { SessionView, sessionView } from '../views/session.ts'
import { watching } from '../watching.ts'
import { addLiveScreen } from './live-screen.ts'
import { addRecordingEvidence } from './recording-evidence.ts'
import { addReplay } from './replay.ts'
import { HitView, searchRecordings } from './search.ts'
import { visibleSessions } from './sessions.ts'

const Recordings = z
  .object({
    recordings: z.array(z.object({ session: SessionView, sizeBytes: z.number().int() })),
    /** With `search`: where the words were found, newest recording first; the recordings are then those of the hits. */
    hits: z.array(HitView).optional(),
    hasMore: z.boolean().optional(),
  })
  .openapi('Recordings')

const Query = z.object({
  search: z.string().min(1).max(200).optional(),
  /** With `search`: in this session's recording alone. */
  session: z.string().max(64).optional(),
  limit: Limit,
})

/** asciicast v3, "MIME type". */
const CAST_TYPE = 'application/x-asciicast'

export function addRecordings(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings',
      summary:
        'Recordings you may watch, newest first; with `search`, those on whose screens these words stood, or in which they ran',
      request: { query: Query },
      responses: { 200: json(Recordings, 'The recordings.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const reviewed = await reviewedSessions(services, person)
      const { search, session, limit } = c.req.valid('query')
      const found =
        search === undefined ? undefined : await searchRecordings(services, person, { search, session, limit })
      const records =
        found === undefined ? await visibleSessions(services, person, limit) : await recordsOf(services, found.hits)
      const watchable = records.filter((record) => mayWatch(services, person, record, reviewed))
      const sizes = await Promise.all(watchable.map((record) => sizeOf(services, record)))
      const recordings = watchable.flatMap((record, index) => {
        const sizeBytes = sizes[index]
        return sizeBytes === undefined ? [] : [{ session: sessionView(record, person, services, reviewed), sizeBytes }]
      })
      return c.json({ recordings, ...(found && { hits: [...found.hits], hasMore: found.hasMore }) }, 200)
    },
  )

  addReplay(api, services)
  addLiveScreen(api, services)
  addRecordingEvidence(api, services)

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/cast',
      summary: 'The recording of a session, as far as it is written (asciicast v3)',
      request: {
        params: z.object({ id: z.string().max(64) }),
        // A page that checks what it already shows is no other view.
        query: z.object({ way: z.enum(['file', 'check']).default('file') }),
      },
      responses: {
        200: {
          description: 'The recording.',
          content: { [CAST_TYPE]: { schema: z.string().openapi({ format: 'binary' }) } },
        },
        ...problems,
      },
    },
    async (c) => {
      const { way } = c.req.valid('query')
      const { record, note, noteOnce } = await watching(services, personOf(c), c.req.valid('param').id)
      const bytes = await services.blobs.read(services.recordingName(record.id))
      await (way === 'file' ? note({ way }) : noteOnce({ way }))
      return c.body(ReadableStream.from(bytes), 200, {
        'content-type': CAST_TYPE,
        'content-disposition': `attachment; filename="${record.id}.cast"`,
      })
    },
  )
}

async function recordsOf({ store }: WebServices, hits: readonly ReplayHit[]): Promise<readonly SessionRecord[]> {
  const ids = [...new Set(hits.map(({ session }) => session))]
  const records = await Promise.all(ids.map((id) => store.sessions.find(id)))
  return records.filter((record) => record !== undefined)
}

async function sizeOf(services: WebServices, record: SessionRecord): Promise<number | undefined> {
  try {
    return await services.blobs.size(services.recordingName(record.id))
  } catch (error) {
    if (codeOf(error) === 'not-found') return undefined
    throw error
  }
}
