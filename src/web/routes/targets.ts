/** Targets, for administrators. They are written in the configuration; here they are seen, and tried. */
import { z } from '@hono/zod-openapi'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, problems, Time, time } from '../views/common.ts'
import { TrialView, trialView } from '../views/proposal.ts'

const TargetView = z
  .object({
    name: z.string(),
    host: z.string(),
    port: z.number().int(),
    logins: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    /** Fingerprints of the pinned keys; none: nobody gets in. */
    hostKeys: z.array(z.string()),
    /** Where it stands in the configuration; null where that is not a file. */
    place: z.object({ file: z.string(), line: z.number().int() }).nullable(),
    /** The secret that opens it, and when that was put into the vault; null: it is not there. */
    credential: z.object({ name: z.string(), updatedAt: Time.nullable() }),
  })
  .openapi('Target')
export type TargetView = z.infer<typeof TargetView>
const Targets = z.object({ targets: z.array(TargetView) }).openapi('Targets')

export function addTargets(api: Api, services: WebServices): void {
  const { targets } = services.administration

  api.route(
    'administer',
    {
      method: 'get',
      path: '/targets',
      summary: 'The targets, where they are, and what opens them',
      responses: { 200: json(Targets, 'The targets.'), ...problems },
    },
    async (c) => {
      const views = (await targets.list()).map(
        ({ target, hostKeys, place, credentialAt }): TargetView => ({
          ...{ name: target.name, host: target.host, port: target.port },
          logins: [...target.logins],
          labels: { ...target.labels },
          hostKeys: [...hostKeys],
          place: place === undefined ? null : { ...place },
          credential: { name: target.credential, updatedAt: time(credentialAt) },
        }),
      )
      return c.json({ targets: views }, 200)
    },
  )

  api.route(
    'administer',
    {
      method: 'post',
      path: '/targets/{name}/trials',
      summary: 'Connect to an account of a target with the key in the vault, and run nothing',
      request: {
        params: z.object({ name: z.string().max(64) }),
        body: {
          required: true,
          content: { 'application/json': { schema: z.object({ login: z.string().max(64) }) } },
        },
      },
      responses: { 201: json(TrialView, 'How far it came.'), ...problems },
    },
    async (c) => {
      const trial = await targets.test(personOf(c), c.req.valid('param').name, c.req.valid('json').login)
      return c.json(trialView(trial), 201)
    },
  )
}
