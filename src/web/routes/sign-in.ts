/**
 * Where a program of a person's gets a token for this bastion: which provider, as which client, for which audience. Anyone
 * may ask, since it is asked before anybody is signed in; the sign-in page of the provider says as much.
 */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { Api } from '../api.ts'
import type { WebServices } from '../services.ts'
import { json, problems } from '../views/common.ts'

const ProgramSignIn = z
  .object({ issuer: z.string(), clientId: z.string(), scopes: z.string(), audience: z.string() })
  .openapi('ProgramSignIn')

export function addSignIn(api: Api, services: WebServices): void {
  api.route(
    'anyone',
    {
      method: 'get',
      path: '/sign-in',
      summary: 'How a program of a person’s signs in (RFC 8628)',
      responses: { 200: json(ProgramSignIn, 'The provider and the client to use there.'), ...problems },
    },
    (c) => {
      const { programSignIn } = services
      if (programSignIn === undefined) {
        throw new BastionError(
          'not-found',
          'This bastion names no client for programs (identity.cli-client-id). Set SALLYPORT_TOKEN to an access token of its identity provider.',
        )
      }
      return c.json({ ...programSignIn }, 200)
    },
  )
}
