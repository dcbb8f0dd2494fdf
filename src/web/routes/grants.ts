/** Grants in force: seeing them, and taking one back. They are given with a decision; see holds.ts. */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { GrantId } from '../../core/ids.ts'
import { maySeeGrant } from '../access.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, problems } from '../views/common.ts'
import { GrantView, grantView } from '../views/grant.ts'

const Grants = z.object({ grants: z.array(GrantView) }).openapi('Grants')
const MOST_SHOWN = 500

export function addGrants(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/grants',
      summary:
        'Grants in force that you may see, newest first: given to you, yours to revoke; all for auditors and administrators',
      responses: { 200: json(Grants, 'The grants.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const visible = (await services.desk.grants.live()).filter((grant) => maySeeGrant(services, person, grant))
      return c.json({ grants: visible.slice(0, MOST_SHOWN).map((grant) => grantView(grant, person, services)) }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'delete',
      path: '/grants/{id}',
      summary: 'Revoke a grant: one given to you, one whose command you could decide, or any as an administrator',
      request: { params: z.object({ id: z.string().max(64) }) },
      responses: { 204: { description: 'It is revoked.' }, ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { grants } = services.desk
      const grant = await grants.find(c.req.valid('param').id as GrantId)
      // Whoever may not see it learns nothing of it, not even that it is there.
      if (!maySeeGrant(services, person, grant)) throw new BastionError('not-found', 'There is no such grant.')
      await grants.revoke(grant.id, person, services.permissionsOf(person).administer)
      return c.body(null, 204)
    },
  )
}
