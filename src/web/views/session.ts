/** A session as the API shows it to one person. */
import { z } from '@hono/zod-openapi'
import type { SessionId } from '../../core/ids.ts'
import type { Principal } from '../../core/principal.ts'
import type { SessionRecord } from '../../core/session.ts'
import { mayEnd, mayWatch } from '../access.ts'
import type { WebServices } from '../services.ts'
import { PersonView, personView, Time, time } from './common.ts'

export const SessionView = z
  .object({
    id: z.string(),
    person: PersonView,
    target: z.string(),
    login: z.string(),
    address: z.string(),
    clientVersion: z.string(),
    kind: z.enum(['shell', 'exec']),
    command: z.string().nullable(),
    startedAt: Time,
    endedAt: Time.nullable(),
    exitStatus: z.number().int().nullable(),
    endReason: z.string().nullable(),
    /** It runs on this bastion now. */
    isLive: z.boolean(),
    /** The program that has its terminal out of the gate's sight now. */
    ungated: z.object({ program: z.string(), since: Time }).nullable(),
    viewer: z.object({
      isOwner: z.boolean(),
      mayWatch: z.boolean(),
      /** It has a terminal that can be looked at now. */
      canWatchLive: z.boolean(),
      mayEnd: z.boolean(),
    }),
  })
  .openapi('Session')
export type SessionView = z.infer<typeof SessionView>

export function sessionView(
  record: SessionRecord,
  viewer: Principal,
  services: WebServices,
  reviewed: ReadonlySet<SessionId>,
): SessionView {
  const live = services.live.find(record.id)
  const isLive = live !== undefined
  const stretch = live?.ungated()
  const mayLook = mayWatch(services, viewer, record, reviewed)
  return {
    id: record.id,
    person: personView(record.principal),
    target: record.target,
    login: record.login,
    address: record.address,
    clientVersion: record.clientVersion,
    kind: record.kind,
    command: record.command ?? null,
    startedAt: record.startedAt.toISOString(),
    endedAt: time(record.endedAt),
    exitStatus: record.exitStatus ?? null,
    endReason: record.endReason ?? null,
    isLive,
    ungated: stretch === undefined ? null : { program: stretch.program, since: stretch.since.toISOString() },
    viewer: {
      isOwner: record.principal.id === viewer.id,
      mayWatch: mayLook,
      canWatchLive: mayLook && live?.watch !== undefined,
      mayEnd: isLive && mayEnd(services, viewer, record),
    },
  }
}
