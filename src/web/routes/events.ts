/** What changes, as it changes, for the pages: see watchers.ts for who is told what. */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { Api } from '../api.ts'
import { problems } from '../views/common.ts'
import type { Watchers } from '../watchers.ts'

export function addEvents(api: Api, watchers: Watchers): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/events',
      summary:
        'Server-sent events: `hold` (one that you may see is new or has changed), `sessions` (the live ones that you may see changed), `grants` (one that you may see is new, was used or has ended), `debts` (one that you may see is new, overdue or closed), `sync` (ask for everything again)',
      responses: {
        200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
        ...problems,
      },
    },
    async (c) => {
      const { caller } = c.var
      if (caller === undefined) throw new BastionError('unauthenticated', 'Sign in first.')
      // `no-transform` and this nginx header keep proxies from collecting events into larger pieces.
      return c.body(await watchers.open(caller), 200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      })
    },
  )
}
