/** A live session, as its recording grows. Whoever may watch the recording may; it is the same event. (faults 36 and 37) */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import { findSession, mayWatch, reviewedSessions } from '../access.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import { follow } from '../follow.ts'
import type { WebServices } from '../services.ts'
import { problems } from '../views/common.ts'
import { PROGRAM_STREAM_MS } from '../watchers.ts'

const CAST_TYPE = 'application/x-asciicast'
/** Each reads the recording again and again. */
const MOST_FOLLOWED = 100

export function addLive(api: Api, services: WebServices): void {
  let followed = 0
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/sessions/{id}/live',
      summary: 'The recording of a session as it grows, from a byte on, until the session is over (asciicast v3)',
      request: {
        params: z.object({ id: z.string().max(64) }),
        query: z.object({ from: z.coerce.number().int().min(0).default(0) }),
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
      const person = personOf(c)
      const { caller } = c.var
      const record = await findSession(services, c.req.valid('param').id)
      const may = async () => mayWatch(services, person, record, await reviewedSessions(services, person, record.id))
      const event = (type: 'recording.viewed' | 'recording.refused') =>
        services.store.audit.append({
          ...{ type, at: services.clock.now(), actor: person.id, actorName: person.name },
          ...{ session: record.id, hold: undefined },
          detail: { owner: record.principal.id, target: record.target, live: true },
        })
      if (!(await may())) {
        await event('recording.refused')
        throw new BastionError(
          'forbidden',
          'This session is not yours to watch: its owner, the reviewers of its holds and auditors may.',
        )
      }
      if (followed >= MOST_FOLLOWED) {
        throw new BastionError('too-many', 'Too many sessions are being watched; try again in a moment.')
      }
      const name = services.recordingName(record.id)
      await services.blobs.size(name)
      await event('recording.viewed')
      followed++
      const ends = services.clock.now().getTime() + PROGRAM_STREAM_MS
      const hasSignedOut = () =>
        caller?.kind === 'browser' ? caller.session.ended.aborted : services.clock.now().getTime() >= ends
      const bytes = follow({
        ...{ clock: services.clock, log: services.log, blobs: services.blobs, name, from: c.req.valid('query').from },
        isOver: () => services.live.find(record.id) === undefined,
        mayGoOn: async () => !hasSignedOut() && (await may()),
        onEnd: () => void followed--,
      })
      return c.body(bytes, 200, { 'content-type': CAST_TYPE, 'cache-control': 'no-store, no-transform' })
    },
  )
}
