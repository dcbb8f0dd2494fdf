/** Sessions: seeing them, and ending one. */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { SessionRecord } from '../../core/session.ts'
import type { LiveSession } from '../../session/registry.ts'
import { findSession, isAuditor, mayEnd, maySeeHold, maySeeSession, reviewedSessions } from '../access.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, Limit, problems } from '../views/common.ts'
import { HoldView } from '../views/hold.ts'
import { SessionView, sessionView } from '../views/session.ts'
import { viewHold } from './holds.ts'

const Sessions = z.object({ sessions: z.array(SessionView) }).openapi('Sessions')
const OneSession = z.object({ session: SessionView, holds: z.array(HoldView) }).openapi('SessionWithHolds')
const Ended = z.object({ isEnded: z.boolean() }).openapi('SessionEnd')
const Id = z.object({ id: z.string().max(64) })

/** How long an answer waits for the session's recording to be closed. */
const END_WAIT_MS = 5000

export function addSessions(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/sessions',
      summary:
        'Sessions you may see, newest first: your own and those whose holds were yours to decide; all for auditors',
      request: { query: z.object({ live: z.enum(['true', 'false']).optional(), limit: Limit }) },
      responses: { 200: json(Sessions, 'The sessions.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { live, limit } = c.req.valid('query')
      const reviewed = await reviewedSessions(services, person)
      const records = await visibleSessions(services, person, limit)
      const views = records.map((record) => sessionView(record, person, services, reviewed))
      return c.json({ sessions: live === undefined ? views : views.filter(({ isLive }) => `${isLive}` === live) }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/sessions/{id}',
      summary: 'One session, with those of its holds that you may see',
      request: { params: Id },
      responses: { 200: json(OneSession, 'The session.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const record = await findSession(services, c.req.valid('param').id)
      const reviewed = await reviewedSessions(services, person, record.id)
      if (!maySeeSession(services, person, record, reviewed)) {
        throw new BastionError('forbidden', 'This session is not yours to see.')
      }
      const holds = await services.store.holds.list({ session: record.id, limit: 500 })
      const visible = holds.filter((hold) => maySeeHold(services, person, hold))
      return c.json(
        {
          session: sessionView(record, person, services, reviewed),
          holds: visible.map((hold) => viewHold(services, person, hold)),
        },
        200,
      )
    },
  )

  api.route(
    'signed-in',
    {
      method: 'delete',
      path: '/sessions/{id}',
      summary: 'End a live session: your own, or anybody’s with the permission killSessions',
      request: { params: Id },
      responses: {
        200: json(Ended, 'It ended.'),
        202: json(Ended, 'It was told to end, and takes its time.'),
        ...problems,
      },
    },
    async (c) => {
      const person = personOf(c)
      const record = await findSession(services, c.req.valid('param').id)
      if (!mayEnd(services, person, record)) throw new BastionError('forbidden', 'This session is not yours to end.')
      const session = services.live.find(record.id)
      if (session === undefined) throw new BastionError('conflict', 'This session has ended already.')
      await services.store.audit.append({
        type: 'session.killed',
        at: services.clock.now(),
        actor: person.id,
        actorName: person.name,
        session: record.id,
        hold: undefined,
        detail: { owner: record.principal.id, target: record.target },
      })
      const isEnded = await ended(services, session, `ended in the browser by ${person.name}`)
      return isEnded ? c.json({ isEnded }, 200) : c.json({ isEnded }, 202)
    },
  )
}

export async function visibleSessions(
  services: WebServices,
  person: Principal,
  limit: number,
): Promise<readonly SessionRecord[]> {
  const { sessions } = services.store
  if (isAuditor(services, person) || services.permissionsOf(person).killSessions) return sessions.list({ limit })
  const own = await sessions.list({ principal: person.id, limit })
  const reviewed = [...(await reviewedSessions(services, person))].slice(0, limit)
  const others = await Promise.all(reviewed.map((id) => sessions.find(id)))
  const known = new Set(own.map(({ id }) => id))
  return [...own, ...others.filter((record) => record !== undefined && !known.has(record.id)).map((record) => record!)]
    .sort((one, other) => other.startedAt.getTime() - one.startedAt.getTime())
    .slice(0, limit)
}

async function ended(services: WebServices, session: LiveSession, reason: string): Promise<boolean> {
  const { promise: tooLong, resolve } = Promise.withResolvers<boolean>()
  const stopTimer = services.clock.after(END_WAIT_MS, () => resolve(false))
  const done = session.end(reason).then(() => true)
  done.catch((error) => services.log.error({ err: error, session: session.record.id }, 'a session could not be ended'))
  try {
    return await Promise.race([done, tooLong])
  } finally {
    stopTimer()
  }
}
