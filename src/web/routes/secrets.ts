/** The vault, for administrators: names, and what uses them. A secret goes in and never comes out. */
import { z } from '@hono/zod-openapi'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, problems, Time } from '../views/common.ts'

const SecretView = z
  .object({
    name: z.string(),
    updatedAt: Time,
    usedBy: z.array(z.string()),
    /** The bastion's own; it is not for people to change. */
    isOwn: z.boolean(),
  })
  .openapi('Secret')
export type SecretView = z.infer<typeof SecretView>
const Secrets = z.object({ secrets: z.array(SecretView) }).openapi('Secrets')
const NewSecret = z
  .object({ name: z.string().min(1).max(128), secret: z.string().min(1).max(49_152) })
  .openapi('NewSecret')

export function addSecrets(api: Api, services: WebServices): void {
  const { secrets } = services.administration

  api.route(
    'administer',
    {
      method: 'get',
      path: '/secrets',
      summary: 'The names of the secrets in the vault, and what uses each',
      responses: { 200: json(Secrets, 'The names.'), ...problems },
    },
    async (c) => {
      const views = (await secrets.list()).map(({ name, updatedAt, usedBy, isOwn }) => ({
        ...{ name, updatedAt: updatedAt.toISOString(), usedBy: [...usedBy], isOwn },
      }))
      return c.json({ secrets: views }, 200)
    },
  )

  api.route(
    'administer',
    {
      method: 'post',
      path: '/secrets',
      summary: 'Put a new secret into the vault; one that is there is replaced by a proposal (POST /proposals)',
      request: { body: { required: true, content: { 'application/json': { schema: NewSecret } } } },
      responses: { 204: { description: 'It is in the vault.' }, ...problems },
    },
    async (c) => {
      const { name, secret } = c.req.valid('json')
      await secrets.add(personOf(c), name, secret)
      return c.body(null, 204)
    },
  )
}
