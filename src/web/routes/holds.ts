/** Holds, and the decisions of people about them. Who may decide is the desk's to say, and refusals are its events. */
import { z } from '@hono/zod-openapi'
import type { SigningRequest } from '../../approval/signing.ts'
import { similarDecided } from '../../approval/similar.ts'
import type { Hold } from '../../core/hold.ts'
import type { HoldId } from '../../core/ids.ts'
import type { Principal } from '../../core/principal.ts'
import { GRANT_SCOPES } from '../../core/verdict.ts'
import { findHold, HOLDS_LOOKED_THROUGH, isReviewing, maySeeHold } from '../access.ts'
import type { Api } from '../api.ts'
import { authenticationOf, personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, Limit, problems, Time } from '../views/common.ts'
import { HOLD_STATES, HoldView, holdView } from '../views/hold.ts'

const Holds = z.object({ holds: z.array(HoldView) }).openapi('Holds')
const MOST_SIMILAR = 5
const Id = z.object({ id: z.string().max(64) })
const Word = z
  .object({
    decision: z.enum(['approve', 'reject']),
    reason: z.string().default(''),
    /** With an approval, where the hold is `grantable`: the same command may run again until then. */
    grant: z.object({ minutes: z.number().int().min(1).max(1440), scope: z.enum(GRANT_SCOPES) }).optional(),
  })
  .openapi('Word')
const base64url = z.string().max(8192)
export const Signature = z.object({
  nonce: z.string().max(64),
  assertion: z.object({
    credential: base64url,
    authenticatorData: base64url,
    clientData: base64url,
    signature: base64url,
  }),
})
const Decided = z
  .object({
    ...Word.shape,
    /** Of the same word, as it was asked for at `/holds/{id}/signatures`. */
    signature: Signature.optional(),
  })
  .openapi('Decision')
export const ToSign = z
  .object({
    nonce: z.string(),
    /** The hash of what is decided, for navigator.credentials.get(). */
    challenge: z.string(),
    /** The relying party id. */
    site: z.string(),
    credentials: z.array(z.string()),
    expiresAt: Time,
  })
  .openapi('ToSign')
export type ToSign = z.infer<typeof ToSign>

export function toSign({ nonce, challenge, site, credentials, expiresAt }: SigningRequest): ToSign {
  return { nonce, challenge, site, credentials: [...credentials], expiresAt: expiresAt.toISOString() }
}

/** Its screen is a piece of the session's recording, and shown to the same people. */
export function viewHold(services: WebServices, person: Principal, hold: Hold): HoldView {
  const maySeeScreen =
    hold.action.principal.id === person.id ||
    isReviewing(services, person, hold) ||
    services.permissionsOf(person).watchAllRecordings
  return holdView(hold, person, services, maySeeScreen)
}

export function addHolds(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/holds',
      summary: 'Holds you may see, newest first: your own, those to be decided by a role of yours; all for auditors',
      request: { query: z.object({ state: z.enum(HOLD_STATES).optional(), limit: Limit }) },
      responses: { 200: json(Holds, 'The holds.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { state, limit } = c.req.valid('query')
      const holds = await services.store.holds.list({ limit: HOLDS_LOOKED_THROUGH, ...(state && { state }) })
      const visible = holds.filter((hold) => maySeeHold(services, person, hold)).slice(0, limit)
      return c.json({ holds: visible.map((hold) => viewHold(services, person, hold)) }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/holds/{id}',
      summary: 'One hold',
      request: { params: Id },
      responses: { 200: json(HoldView, 'The hold.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      return c.json(viewHold(services, person, await findHold(services, person, c.req.valid('param').id)), 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/holds/{id}/similar',
      summary: 'What was decided lately on the same text, or the same commands, on the same target; at most five',
      request: { params: Id },
      responses: { 200: json(Holds, 'The holds, the same text first.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const hold = await findHold(services, person, c.req.valid('param').id)
      const latest = await services.store.holds.list({ limit: HOLDS_LOOKED_THROUGH })
      const visible = latest.filter((other) => maySeeHold(services, person, other))
      const similar = similarDecided(hold, visible).slice(0, MOST_SIMILAR)
      return c.json({ holds: similar.map((other) => viewHold(services, person, other)) }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/holds/{id}/words',
      summary:
        'Say something about a hold that waits: why, if it is yours; a question to its requester, if it is yours to decide',
      request: {
        params: Id,
        body: { required: true, content: { 'application/json': { schema: z.object({ text: z.string() }) } } },
      },
      responses: { 201: json(HoldView, 'The hold as it then stands.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { id } = await findHold(services, person, c.req.valid('param').id)
      const hold = await services.desk.conversation.say(id, person, c.req.valid('json').text)
      return c.json(viewHold(services, person, hold), 201)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/holds/{id}/signatures',
      summary: 'Ask for what a passkey of yours has to sign, so that a decision is signed; good once, for two minutes',
      request: { params: Id, body: { required: true, content: { 'application/json': { schema: Word } } } },
      responses: { 201: json(ToSign, 'What to sign.'), ...problems },
    },
    async (c) => {
      const { decision, reason, grant } = c.req.valid('json')
      const id = c.req.valid('param').id as HoldId
      const asked = await services.desk.askToSign(id, personOf(c), { kind: decision, reason, grant })
      return c.json(toSign(asked), 201)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/holds/{id}/decisions',
      summary:
        'Approve or reject a hold; rejecting needs a reason, approving where the rule asks for one; an approval may grant the same command for a time, and has to be signed where the rule wants that',
      request: { params: Id, body: { required: true, content: { 'application/json': { schema: Decided } } } },
      responses: { 201: json(HoldView, 'The hold as it then stands.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { decision, reason, grant, signature } = c.req.valid('json')
      const hold = await services.desk.decide(c.req.valid('param').id as HoldId, person, {
        kind: decision,
        reason,
        grant,
        signature,
        authentication: authenticationOf(c),
      })
      return c.json(viewHold(services, person, hold), 201)
    },
  )
}
