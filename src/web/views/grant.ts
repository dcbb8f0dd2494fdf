/** A grant as the API shows it to one person. */
import { z } from '@hono/zod-openapi'
import { ASSURANCES } from '../../core/action.ts'
import type { Grant } from '../../core/grant.ts'
import type { Principal } from '../../core/principal.ts'
import { GRANT_SCOPES } from '../../core/verdict.ts'
import { mayRevoke } from '../access.ts'
import type { WebServices } from '../services.ts'
import { PersonView, personView, Time, time } from './common.ts'

export const GrantView = z
  .object({
    id: z.string(),
    /** The hold that was approved with it. */
    hold: z.string(),
    /** Exactly what may run. */
    text: z.string(),
    kind: z.enum(['shell', 'exec', 'line', 'step']),
    assurance: z.enum(ASSURANCES),
    person: PersonView,
    target: z.string(),
    login: z.string(),
    scope: z.enum(GRANT_SCOPES),
    session: z.string(),
    givenAt: Time,
    until: Time,
    by: PersonView,
    reason: z.string(),
    rule: z.object({ name: z.string(), file: z.string(), line: z.number().int() }),
    uses: z.number().int(),
    lastUsedAt: Time.nullable(),
    viewer: z.object({ isOwner: z.boolean(), mayRevoke: z.boolean() }),
  })
  .openapi('Grant')
export type GrantView = z.infer<typeof GrantView>

export function grantView(grant: Grant, viewer: Principal, services: WebServices): GrantView {
  const { id, hold, text, kind, assurance, target, login, scope, session, reason, uses, because } = grant
  return {
    ...{ id, hold, text, kind, assurance, target, login, scope, session, reason, uses },
    person: personView(grant.principal),
    givenAt: grant.givenAt.toISOString(),
    until: grant.until.toISOString(),
    by: personView(grant.by),
    rule: { name: because.name, file: because.file, line: because.line },
    lastUsedAt: time(grant.lastUsedAt),
    viewer: { isOwner: grant.principal.id === viewer.id, mayRevoke: mayRevoke(services, viewer, grant) },
  }
}
