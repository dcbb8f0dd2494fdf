/**
 * Recordings. Seeing one is itself an event, stored before the first byte leaves; so is being refused one. A recording
 * that is still being written is served as far as it goes. (faults 36 and 37)
 */
import { z } from '@hono/zod-openapi'
import type { AuditType } from '../../core/audit.ts'
import { BastionError, codeOf } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { SessionRecord } from '../../core/session.ts'
import { findSession, mayWatch, reviewedSessions } from '../access.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, Limit, problems } from '../views/common.ts'
import { SessionView, sessionView } from '../views/session.ts'
import { visibleSessions } from './sessions.ts'

const Recordings = z
  .object({ recordings: z.array(z.object({ session: SessionView, sizeBytes: z.number().int() })) })
  .openapi('Recordings')

/** asciicast v3, "MIME type". */
const CAST_TYPE = 'application/x-asciicast'

export function addRecordings(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings',
      summary: 'Recordings you may watch, newest first',
      request: { query: z.object({ limit: Limit }) },
      responses: { 200: json(Recordings, 'The recordings.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const reviewed = await reviewedSessions(services, person)
      const records = await visibleSessions(services, person, c.req.valid('query').limit)
      const watchable = records.filter((record) => mayWatch(services, person, record, reviewed))
      const sizes = await Promise.all(watchable.map((record) => sizeOf(services, record)))
      const recordings = watchable.flatMap((record, index) => {
        const sizeBytes = sizes[index]
        return sizeBytes === undefined ? [] : [{ session: sessionView(record, person, services, reviewed), sizeBytes }]
      })
      return c.json({ recordings }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/cast',
      summary: 'The recording of a session, as far as it is written (asciicast v3)',
      request: { params: z.object({ id: z.string().max(64) }) },
      responses: {
        200: {
          description: 'The recording.',
          content: { [CAST_TYPE]: { schema: z.string().openapi({ format: 'binary' }) } },
        },
        ...problems,
      },
    },
    async (c) => {
      const person = personOf(c)
      const record = await findSession(services, c.req.valid('param').id)
      if (!mayWatch(services, person, record, await reviewedSessions(services, person, record.id))) {
        await append(services, 'recording.refused', person, record)
        throw new BastionError(
          'forbidden',
          'This recording is not yours to watch: its owner, the reviewers of its holds and auditors may.',
        )
      }
      const bytes = await services.blobs.read(services.recordingName(record.id))
      await append(services, 'recording.viewed', person, record)
      return c.body(ReadableStream.from(bytes), 200, {
        'content-type': CAST_TYPE,
        'content-disposition': `attachment; filename="${record.id}.cast"`,
      })
    },
  )
}

async function sizeOf(services: WebServices, record: SessionRecord): Promise<number | undefined> {
  try {
    return await services.blobs.size(services.recordingName(record.id))
  } catch (error) {
    if (codeOf(error) === 'not-found') return undefined
    throw error
  }
}

function append(services: WebServices, type: AuditType, person: Principal, record: SessionRecord): Promise<unknown> {
  return services.store.audit.append({
    type,
    at: services.clock.now(),
    actor: person.id,
    actorName: person.name,
    session: record.id,
    hold: undefined,
    detail: { owner: record.principal.id, target: record.target },
  })
}
