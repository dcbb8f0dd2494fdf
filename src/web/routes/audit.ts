/** The audit log, for those who may read it. */
import { z } from '@hono/zod-openapi'
import type { HoldId, SessionId } from '../../core/ids.ts'
import type { AuditFilter } from '../../core/ports.ts'
import type { Api } from '../api.ts'
import type { WebServices } from '../services.ts'
import { json, Limit, problems, Time } from '../views/common.ts'

const EventView = z
  .object({
    seq: z.number().int(),
    at: Time,
    type: z.string(),
    actor: z.string().nullable(),
    actorName: z.string().nullable(),
    session: z.string().nullable(),
    hold: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('AuditEvent')
export type AuditEventView = z.infer<typeof EventView>

/** `next` is the `before` of the page that follows; null on the last. */
const Events = z.object({ events: z.array(EventView), next: z.number().int().nullable() }).openapi('AuditEvents')

export function addAudit(api: Api, services: WebServices): void {
  api.route(
    'readAudit',
    {
      method: 'get',
      path: '/audit',
      summary: 'Audit events, newest first',
      request: {
        query: z.object({
          before: z.coerce.number().int().min(1).optional(),
          session: z.string().max(64).optional(),
          hold: z.string().max(64).optional(),
          limit: Limit,
        }),
      },
      responses: { 200: json(Events, 'The events.'), ...problems },
    },
    async (c) => {
      const { before, session, hold, limit } = c.req.valid('query')
      const filter: AuditFilter = {
        limit,
        ...(before !== undefined && { beforeSeq: before }),
        ...(session !== undefined && { session: session as SessionId }),
        ...(hold !== undefined && { hold: hold as HoldId }),
      }
      const events = await services.store.audit.list(filter)
      const last = events.at(-1)
      return c.json(
        {
          events: events.map((event) => ({
            seq: event.seq,
            at: event.at.toISOString(),
            type: event.type,
            actor: event.actor ?? null,
            actorName: event.actorName ?? null,
            session: event.session ?? null,
            hold: event.hold ?? null,
            detail: { ...event.detail },
          })),
          next: events.length === limit && last !== undefined && last.seq > 1 ? last.seq : null,
        },
        200,
      )
    },
  )
}
