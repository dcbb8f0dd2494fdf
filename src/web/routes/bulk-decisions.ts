/**
 * One word on several holds that say exactly the same. Each is decided by itself, as if its own page had been opened: its
 * own rule, its own quorum, its own audit event; and for each it is told what came of it. What was shown is sent along,
 * so that no hold is decided whose text is another.
 */
import { z } from '@hono/zod-openapi'
import { BastionError, messageFor } from '../../core/errors.ts'
import type { HoldId } from '../../core/ids.ts'
import { findHold } from '../access.ts'
import type { Api } from '../api.ts'
import { authenticationOf, personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, problems } from '../views/common.ts'
import { HoldView } from '../views/hold.ts'
import { viewHold } from './holds.ts'

const MOST_AT_ONCE = 50

const BulkWord = z
  .object({
    decision: z.enum(['approve', 'reject']),
    reason: z.string().default(''),
    /** Exactly what all of them would run. */
    text: z.string(),
    holds: z.array(z.string().max(64)).min(1).max(MOST_AT_ONCE),
  })
  .openapi('BulkDecision')

const Outcomes = z
  .object({
    outcomes: z.array(
      z.object({
        id: z.string(),
        /** Null where it was not decided. */
        hold: HoldView.nullable(),
        /** Why not. */
        why: z.string().nullable(),
      }),
    ),
  })
  .openapi('BulkOutcomes')
export type BulkOutcomes = z.infer<typeof Outcomes>

export function addBulkDecisions(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/holds/decisions',
      summary: 'Approve or reject several holds of one and the same text; each is decided, or refused, by itself',
      request: { body: { required: true, content: { 'application/json': { schema: BulkWord } } } },
      responses: { 200: json(Outcomes, 'What came of each, in the order asked for.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { decision, reason, text, holds } = c.req.valid('json')
      const outcomes: BulkOutcomes['outcomes'] = []
      for (const id of new Set(holds)) {
        try {
          const { action } = await findHold(services, person, id)
          if (action.text !== text)
            throw new BastionError('conflict', 'This request is another command than the one you were shown; open it.')
          const word = { kind: decision, reason, authentication: authenticationOf(c) }
          const hold = await services.desk.decide(id as HoldId, person, word)
          outcomes.push({ id, hold: viewHold(services, person, hold), why: null })
        } catch (error) {
          outcomes.push({ id, hold: null, why: messageFor(error) })
        }
      }
      return c.json({ outcomes }, 200)
    },
  )
}
