/** Watching a live session: see ../live-screen.ts. That somebody watches is an event before the first byte leaves. */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import { mayWatch, reviewedSessions } from '../access.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import { liveScreen } from '../live-screen.ts'
import type { WebServices } from '../services.ts'
import { json, problems } from '../views/common.ts'
import { PROGRAM_STREAM_MS } from '../watchers.ts'
import { watching } from '../watching.ts'

const ScreenLines = z.object({ lines: z.array(z.string()) }).openapi('ScreenLines')

export function addLiveScreen(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/screen',
      summary: 'The last lines on the screen of a live session, as plain text',
      request: { params: z.object({ id: z.string().max(64) }) },
      responses: { 200: json(ScreenLines, 'The lines, newest last.'), ...problems },
    },
    async (c) => {
      const { record, noteOnce } = await watching(services, personOf(c), c.req.valid('param').id)
      const session = services.live.find(record.id)
      if (session === undefined) throw new BastionError('conflict', 'The session is over.')
      await noteOnce({ way: 'screen' })
      return c.json({ lines: [...session.screen()] }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/live',
      summary:
        'Server-sent events of a live session’s terminal: its screen as it is, then what follows; `done` at its end',
      request: { params: z.object({ id: z.string().max(64) }) },
      responses: {
        200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
        ...problems,
      },
    },
    async (c) => {
      const person = personOf(c)
      const { record, note } = await watching(services, person, c.req.valid('param').id)
      const watch = services.live.find(record.id)?.watch
      if (watch === undefined) {
        throw new BastionError(
          'conflict',
          'There is no live terminal to watch: the session is over, or has none. Its recording is there: sallyport recordings play ID, or its page.',
        )
      }
      await note({ way: 'live' })
      const { caller } = c.var
      const ended = caller?.kind === 'browser' ? caller.session.ended : undefined
      const { clock } = services
      const mayStill = async () =>
        mayWatch(services, person, record, await reviewedSessions(services, person, record.id))
      const life = { ended, lifeMs: PROGRAM_STREAM_MS, mayStill }
      return c.body(liveScreen(watch, { clock, startedAt: record.startedAt, ...life }), 200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      })
    },
  )
}
