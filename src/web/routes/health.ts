/**
 * For machines: is it alive, may it be sent traffic, what does it measure, and which host keys are its own. Anyone may
 * ask; nothing here names a person, a target or a command.
 */
import { z } from '@hono/zod-openapi'
import type { Api } from '../api.ts'
import type { WebServices } from '../services.ts'
import { json, problems } from '../views/common.ts'

const Alive = z.object({ status: z.literal('ok') }).openapi('Alive')
const Ready = z.object({ isReady: z.boolean(), parts: z.record(z.string(), z.boolean()) }).openapi('Ready')

/** Prometheus text exposition format 0.0.4. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export function addHealth(api: Api, services: WebServices): void {
  api.route(
    'anyone',
    {
      method: 'get',
      path: '/healthz',
      summary: 'The process answers',
      responses: { 200: json(Alive, 'It does.'), ...problems },
    },
    (c) => c.json({ status: 'ok' as const }, 200),
  )

  api.route(
    'anyone',
    {
      method: 'get',
      path: '/readyz',
      summary: 'Every part that is needed works',
      responses: { 200: json(Ready, 'They do.'), 503: json(Ready, 'Some do not.'), ...problems },
    },
    async (c) => {
      const parts = { ...(await services.readiness()) }
      const isReady = Object.values(parts).every(Boolean)
      return isReady ? c.json({ isReady, parts }, 200) : c.json({ isReady, parts }, 503)
    },
  )

  api.route(
    'anyone',
    {
      method: 'get',
      path: '/metrics',
      summary: 'Measurements, in the Prometheus text format',
      responses: {
        200: { description: 'The measurements.', content: { [METRICS_TYPE]: { schema: z.string() } } },
        ...problems,
      },
    },
    async (c) => c.text(await services.metrics(), 200, { 'content-type': METRICS_TYPE }),
  )
}
