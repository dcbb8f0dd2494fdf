/** Who the bastion thinks you are. */
import { z } from '@hono/zod-openapi'
import type { Api } from '../api.ts'
import { authenticationOf, personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, PersonView, personView, problems, Time, time } from '../views/common.ts'

export const MeView = z
  .object({
    ...PersonView.shape,
    issuer: z.string(),
    roles: z.array(z.string()),
    permissions: z.object({
      watchAllRecordings: z.boolean(),
      readAudit: z.boolean(),
      killSessions: z.boolean(),
      administer: z.boolean(),
    }),
    /** When this browser is signed out at the latest; null for a program. */
    signedInUntil: Time.nullable(),
    /** How this browser’s person last proved who they are, as far as the provider tells; null for a program. */
    authentication: z.object({ at: Time.nullable(), acr: z.string().nullable() }).nullable(),
  })
  .openapi('Me')
export type MeView = z.infer<typeof MeView>

export function addMe(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    { method: 'get', path: '/me', summary: 'Who you are', responses: { 200: json(MeView, 'You.'), ...problems } },
    (c) => {
      const person = personOf(c)
      const { caller } = c.var
      const authentication = authenticationOf(c)
      return c.json(
        {
          ...personView(person),
          issuer: person.issuer,
          roles: [...services.rolesOf(person)],
          permissions: { ...services.permissionsOf(person) },
          signedInUntil: caller?.kind === 'browser' ? caller.session.expiresAt.toISOString() : null,
          authentication:
            authentication === undefined
              ? null
              : { at: time(authentication.authTime), acr: authentication.acr ?? null },
        },
        200,
      )
    },
  )
}
