/**
 * Bundles: what an auditor takes away of one session or of several. Who may watch a recording may export it, and each
 * export is an event of its session's, stored before the first byte leaves; so is a refusal. (faults 36 and 37)
 */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { SessionRecord } from '../../core/session.ts'
import { findSession, mayWatch, reviewedSessions } from '../access.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { problems, Time } from '../views/common.ts'
import { visibleSessions } from './sessions.ts'

const ZIP_TYPE = 'application/zip'
const archive = {
  200: {
    description: 'A ZIP archive; VERIFY.md in it says how to check it.',
    content: { [ZIP_TYPE]: { schema: z.string().openapi({ format: 'binary' }) } },
  },
  ...problems,
}
/** Of one bundle. More are several bundles, by time. */
const MOST_SESSIONS = 1000
/** The longest list that the store gives. */
const LOOKED_THROUGH = 10_000

const Filter = z.object({
  since: Time.optional(),
  until: Time.optional(),
  target: z.string().max(256).optional(),
  /** Somebody's user name at the provider, e-mail address or name. */
  who: z.string().max(256).optional(),
})

export function addBundles(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/bundle',
      summary: 'Everything about a session, with what proves it: recording, commands, approvals, policies, access log',
      request: { params: z.object({ id: z.string().max(64) }) },
      responses: archive,
    },
    async (c) => {
      const by = personOf(c)
      const record = await findSession(services, c.req.valid('param').id)
      if (!mayWatch(services, by, record, await reviewedSessions(services, by, record.id))) {
        await noteExport(services, 'recording.refused', by, record)
        throw new BastionError(
          'forbidden',
          'This recording is not yours to export: its owner, the reviewers of its holds and auditors may.',
        )
      }
      await noteExport(services, 'recording.exported', by, record)
      const bytes = await services.bundle({ sessions: [record], by })
      return c.body(bytes, 200, headers(record.id))
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/bundles',
      summary: 'The same of all sessions that fit and that you may watch, in one archive',
      request: { query: Filter },
      responses: archive,
    },
    async (c) => {
      const by = personOf(c)
      const filter = c.req.valid('query')
      const reviewed = await reviewedSessions(services, by)
      const records = await visibleSessions(services, by, LOOKED_THROUGH)
      const sessions = records.filter((record) => fits(record, filter) && mayWatch(services, by, record, reviewed))
      const isCut = records.length >= LOOKED_THROUGH && !isBefore(records.at(-1), filter.since)
      if (isCut || sessions.length > MOST_SESSIONS) {
        throw new BastionError(
          'too-many',
          `More than ${MOST_SESSIONS} sessions: name a shorter time with since and until.`,
        )
      }
      if (sessions.length === 0) throw new BastionError('not-found', 'No session that you may watch fits.')
      for (const record of sessions) await noteExport(services, 'recording.exported', by, record)
      const asked = Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)]))
      const bytes = await services.bundle({ sessions, by, filter: asked })
      return c.body(bytes, 200, headers('sessions'))
    },
  )
}

function headers(name: string): Record<string, string> {
  return { 'content-type': ZIP_TYPE, 'content-disposition': `attachment; filename="${name}.zip"` }
}

function fits({ startedAt, target, principal }: SessionRecord, filter: z.infer<typeof Filter>): boolean {
  const { since, until, target: wanted, who } = filter
  return (
    (since === undefined || startedAt.getTime() >= Date.parse(since)) &&
    (until === undefined || startedAt.getTime() <= Date.parse(until)) &&
    (wanted === undefined || target === wanted) &&
    (who === undefined || [principal.subject, principal.email, principal.name, principal.id].includes(who))
  )
}

function isBefore(record: SessionRecord | undefined, since: string | undefined): boolean {
  return record !== undefined && since !== undefined && record.startedAt.getTime() < Date.parse(since)
}

function noteExport(
  services: WebServices,
  type: 'recording.exported' | 'recording.refused',
  by: Principal,
  { id, principal, target }: SessionRecord,
): Promise<unknown> {
  return services.store.audit.append({
    type,
    at: services.clock.now(),
    actor: by.id,
    actorName: by.name,
    session: id,
    hold: undefined,
    detail: { owner: principal.id, target, format: 'bundle' },
  })
}
