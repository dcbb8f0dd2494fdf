/** What changes, as it changes, for the pages: see watchers.ts for who is told what. */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { Api } from '../api.ts'
import { problems } from '../views/common.ts'
import type { Watchers } from '../watchers.ts'

const Seen = z.string().max(100)

export function addEvents(api: Api, watchers: Watchers): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/events',
      summary:
        'Server-sent events: `hold` (one that you may see is new or has changed), `sessions` (the live ones that you may see changed), `grants` (one that you may see is new, was used or has ended), `debts` (one that you may see is new, overdue or closed), `sync` (ask for everything again). Each has an `id`; who comes back with the last one is told what changed since, and `sync` only where that is not known any more',
      request: {
        headers: z.object({ 'last-event-id': Seen.optional() }),
        /** For a page that makes a new stream of its own: it can set no header. */
        query: z.object({ 'last-event-id': Seen.optional() }),
      },
      responses: {
        200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
        ...problems,
      },
    },
    async (c) => {
      const { caller } = c.var
      if (caller === undefined) throw new BastionError('unauthenticated', 'Sign in first.')
      // The header is the browser's own, of the stream that it lost last (HTML Living Standard §9.2.3).
      const seen = c.req.valid('header')['last-event-id'] ?? c.req.valid('query')['last-event-id']
      // `no-transform` and this nginx header keep proxies from collecting events into larger pieces.
      return c.body(await watchers.open(caller, seen), 200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      })
    },
  )
}
