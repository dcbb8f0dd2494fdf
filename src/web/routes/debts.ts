/** Breaking the glass, and the debts that it leaves. Who may is the desk's to say, and refusals are its events. */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { HoldId } from '../../core/ids.ts'
import { findHold, maySeeDebt } from '../access.ts'
import type { Api } from '../api.ts'
import { authenticationOf, personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, Limit, problems } from '../views/common.ts'
import { DebtView, debtView } from '../views/debt.ts'
import { HoldView } from '../views/hold.ts'
import { Signature, ToSign, toSign, viewHold } from './holds.ts'

const Debts = z.object({ debts: z.array(DebtView) }).openapi('Debts')
const Id = z.object({ id: z.string().max(64) })
const Reason = z.object({ reason: z.string() })
const Broken = z.object({ ...Reason.shape, signature: Signature.optional() }).openapi('BrokenGlass')
const Closing = z.object({ word: z.string() }).openapi('Closing')

export function addDebts(api: Api, services: WebServices): void {
  const { glass, debts } = services.desk
  const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/holds/{id}/glass',
      summary:
        'Break the glass: run your own held command without waiting, where its rule lets you. Needs a reason, and a fresh sign-in of this browser or a signature; leaves a debt',
      request: { params: Id, body: body(Broken) },
      responses: { 201: json(HoldView, 'The hold as it then stands.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { id } = await findHold(services, person, c.req.valid('param').id)
      const { reason, signature } = c.req.valid('json')
      const hold = await glass.break(id, person, { reason, signature, authentication: authenticationOf(c) })
      return c.json(viewHold(services, person, hold), 201)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/holds/{id}/glass/signatures',
      summary:
        'Ask for what a passkey of yours has to sign, so that breaking the glass is signed; good once, for two minutes',
      request: { params: Id, body: body(Reason) },
      responses: { 201: json(ToSign, 'What to sign.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { id } = await findHold(services, person, c.req.valid('param').id)
      return c.json(toSign(await glass.askToSign(id, person, c.req.valid('json').reason)), 201)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/debts',
      summary:
        'Reviews of broken glass that you may see, newest first: your own, yours to close, told to you; all for auditors',
      request: { query: z.object({ state: z.enum(['open', 'all']).default('open'), limit: Limit }) },
      responses: { 200: json(Debts, 'The debts.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const { state, limit } = c.req.valid('query')
      const known = state === 'open' ? await debts.open() : await debts.list(MOST_LOOKED_THROUGH)
      const visible = known.filter((debt) => maySeeDebt(services, person, debt)).slice(0, limit)
      const views = visible.map(async (debt) => debtView(debt, await services.desk.find(debt.hold), person, services))
      return c.json({ debts: await Promise.all(views) }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/debts/{id}/closing',
      summary: 'Close a review: say what you found of a command that somebody else ran without waiting',
      request: { params: Id, body: body(Closing) },
      responses: { 201: json(DebtView, 'The debt as it then stands.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const id = c.req.valid('param').id as HoldId
      // Whoever may not see it learns nothing of it, not even that it is there.
      if (!maySeeDebt(services, person, await debts.find(id)))
        throw new BastionError('not-found', 'No glass was broken for this request.')
      const closed = await debts.close(id, person, c.req.valid('json').word)
      return c.json(debtView(closed, await services.desk.find(id), person, services), 201)
    },
  )
}

const MOST_LOOKED_THROUGH = 1000
