/**
 * The audit log as a stream, oldest first, for whoever keeps it elsewhere: one event a line. Who remembers the last number
 * and asks for what comes behind it gets every event at least once. Exporting is an event itself, stored before the first line.
 */
import { z } from '@hono/zod-openapi'
import { readRow, rowTexts } from '../../evidence/event-row.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { problems, Time } from '../views/common.ts'

const LINES_TYPE = 'application/x-ndjson'
const PAGE = 500

export function addAuditExport(api: Api, services: WebServices): void {
  api.route(
    'readAudit',
    {
      method: 'get',
      path: '/audit/export',
      summary: 'Audit events behind a number, oldest first, one a line (JSONL); `since` leaves out older ones',
      request: {
        query: z.object({ after: z.coerce.number().int().min(0).default(0), since: Time.optional() }),
      },
      responses: {
        200: {
          description: 'The events.',
          content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
        },
        ...problems,
      },
    },
    async (c) => {
      const person = personOf(c)
      const { after, since } = c.req.valid('query')
      const { seq } = await services.store.audit.append({
        type: 'audit.exported',
        at: services.clock.now(),
        actor: person.id,
        actorName: person.name,
        session: undefined,
        hold: undefined,
        detail: { after, since: since ?? null },
      })
      return c.body(ReadableStream.from(lines(services, { after, since, last: seq })), 200, {
        'content-type': LINES_TYPE,
      })
    },
  )
}

/** Up to the export's own event: a busy log would otherwise never end. */
async function* lines(
  { store }: WebServices,
  { after, since, last }: { readonly after: number; readonly since: string | undefined; readonly last: number },
): AsyncGenerator<Uint8Array> {
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since)
  for (let at = after; at < last; ) {
    const rows = await store.evidence.rows(at, PAGE)
    let text = ''
    for (const row of rows) {
      at = Number(row.seq)
      if (at > last) break
      const event = readRow(at, rowTexts(row))
      if (Date.parse(event.at) >= from) text += `${JSON.stringify(event)}\n`
    }
    if (text !== '') yield Buffer.from(text)
    if (rows.length === 0) return
  }
}
