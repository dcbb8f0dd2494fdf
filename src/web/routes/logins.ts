/** Terminals that wait for a browser: who asks, and the click that lets it in. The login desk holds the proofs. */
import { z } from '@hono/zod-openapi'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import { browserAddress, isSameAddress } from '../client-address.ts'
import type { WebServices } from '../services.ts'
import { json, problems, Time } from '../views/common.ts'

const LoginView = z
  .object({
    target: z.string(),
    login: z.string(),
    address: z.string(),
    /** Where this browser is, as far as the bastion can tell. */
    browserAddress: z.string().nullable(),
    isSameAddress: z.boolean().nullable(),
    fingerprint: z.string().nullable(),
    clientVersion: z.string(),
    requestedAt: Time,
    expiresAt: Time,
    verificationUrl: z.string(),
    waitsFor: z.enum(['identity', 'consent', 'other-person']),
    /** Three pairs of words, one of which stands in the terminal; empty while there is nothing to consent to. */
    choices: z.array(z.string()),
  })
  .openapi('Login')
export type LoginView = z.infer<typeof LoginView>

const Code = z.object({ code: z.string().regex(/^[A-Za-z0-9-]{1,32}$/, 'a code is letters, digits and dashes') })
const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })

export function addLogins(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/logins/{code}',
      summary: 'The terminal that shows this code',
      request: { params: Code },
      responses: { 200: json(LoginView, 'Who asks.'), ...problems },
    },
    (c) => {
      const { origin, ...view } = services.logins.view(c.req.valid('param').code, personOf(c))
      const address = browserAddress(c)
      return c.json(
        {
          target: origin.target,
          login: origin.login,
          address: origin.address,
          browserAddress: address ?? null,
          isSameAddress: address === undefined ? null : isSameAddress(address, origin.address),
          fingerprint: origin.fingerprint ?? null,
          clientVersion: origin.clientVersion,
          requestedAt: view.requestedAt.toISOString(),
          expiresAt: view.expiresAt.toISOString(),
          verificationUrl: view.verificationUrl,
          waitsFor: view.waitsFor,
          choices: view.waitsFor === 'consent' ? [...view.choices] : [],
        },
        200,
      )
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/logins/{code}/consent',
      summary: 'Let the terminal in; the words are those it shows',
      request: { params: Code, body: body(z.object({ words: z.string().max(64) })) },
      responses: { 204: { description: 'The terminal goes on.' }, ...problems },
    },
    async (c) => {
      await services.logins.consent(c.req.valid('param').code, personOf(c), c.req.valid('json').words)
      return c.body(null, 204)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/logins/{code}/deny',
      summary: 'Refuse the terminal; `notMe` says that somebody else began this',
      request: { params: Code, body: body(z.object({ notMe: z.boolean() })) },
      responses: { 204: { description: 'The terminal was told no.' }, ...problems },
    },
    async (c) => {
      const { notMe } = c.req.valid('json')
      await services.logins.deny(c.req.valid('param').code, personOf(c), { notMe })
      return c.body(null, 204)
    },
  )
}
