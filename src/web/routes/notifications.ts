/** What became of notifications, for who keeps the bastion: counts by route, and the dead letters that the audit log has. */
import { z } from '@hono/zod-openapi'
import type { Api } from '../api.ts'
import type { WebServices } from '../services.ts'
import { json, Limit, problems, Time } from '../views/common.ts'

const count = z.number().int()
const NotificationsView = z
  .object({
    /** Since the start of the bastion. */
    routes: z.array(
      z.object({ route: z.string(), delivered: count, failed: count, dead: count, quiet: count, waiting: count }),
    ),
    /** Newest first, from before the start, too. */
    dead: z.array(
      z.object({
        at: Time,
        route: z.string(),
        notice: z.string(),
        hold: z.string().nullable(),
        attempts: z.number().int(),
        why: z.string(),
      }),
    ),
  })
  .openapi('Notifications')

export function addNotifications(api: Api, services: WebServices): void {
  api.route(
    'administer',
    {
      method: 'get',
      path: '/notifications',
      summary: 'What became of notifications: counts by route since the start, and dead letters, newest first',
      request: { query: z.object({ limit: Limit }) },
      responses: { 200: json(NotificationsView, 'What became of them.'), ...problems },
    },
    async (c) => {
      const { limit } = c.req.valid('query')
      const events = await services.store.audit.list({ types: ['notification.failed'], limit })
      const dead = events.map(({ at, hold, detail: { route, notice, attempts, why } }) => ({
        ...{ at: at.toISOString(), hold: hold ?? null, route: String(route), notice: String(notice) },
        ...{ attempts: Number(attempts), why: String(why) },
      }))
      return c.json({ routes: services.notifications().map((counts) => ({ ...counts })), dead }, 200)
    },
  )
}
