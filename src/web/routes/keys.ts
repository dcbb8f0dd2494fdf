/** A person's own key bindings. Nobody is shown or revokes another's here. */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { KeyBindingId } from '../../core/ids.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, problems, Time, time } from '../views/common.ts'

const KeyView = z
  .object({
    id: z.string(),
    fingerprint: z.string(),
    boundAt: Time,
    expiresAt: Time,
    lastUsedAt: Time.nullable(),
    address: z.string(),
    state: z.enum(['in-force', 'expired', 'revoked']),
  })
  .openapi('Key')
export type KeyView = z.infer<typeof KeyView>

export function addKeys(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/keys',
      summary: 'The keys bound to you',
      responses: { 200: json(z.object({ keys: z.array(KeyView) }).openapi('Keys'), 'The keys.'), ...problems },
    },
    async (c) => {
      const now = services.clock.now()
      const bindings = await services.store.keys.list(personOf(c).id)
      const keys = bindings.map((binding) => ({
        id: binding.id,
        fingerprint: binding.fingerprint,
        boundAt: binding.boundAt.toISOString(),
        expiresAt: binding.expiresAt.toISOString(),
        lastUsedAt: time(binding.lastUsedAt),
        address: binding.address,
        state: binding.revokedAt
          ? ('revoked' as const)
          : binding.expiresAt <= now
            ? ('expired' as const)
            : ('in-force' as const),
      }))
      return c.json({ keys }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'delete',
      path: '/keys/{id}',
      summary: 'Revoke a key of yours; connections that came in by it end',
      request: { params: z.object({ id: z.string().max(64) }) },
      responses: { 204: { description: 'It is revoked.' }, ...problems },
    },
    async (c) => {
      const isRevoked = await services.revokeKey(c.req.valid('param').id as KeyBindingId, personOf(c))
      if (!isRevoked) throw new BastionError('not-found', 'There is no such key of yours in force.')
      return c.body(null, 204)
    },
  )
}
