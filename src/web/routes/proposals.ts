/** Proposed changes of the bastion itself, and what other administrators say to them. Who may is the desk's to say. */
import { z } from '@hono/zod-openapi'
import type { ProposalId } from '../../core/ids.ts'
import type { Api } from '../api.ts'
import { authenticationOf, personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, Limit, problems } from '../views/common.ts'
import { ProposalView, proposalView } from '../views/proposal.ts'

const Proposals = z.object({ proposals: z.array(ProposalView) }).openapi('Proposals')
const Id = z.object({ id: z.string().max(64) })
const Wish = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('policy'),
      text: z.string().max(65_536),
      /** Digest of the text that was changed. */
      base: z.string().max(64),
      reason: z.string(),
    }),
    z.object({
      kind: z.literal('secret'),
      name: z.string().max(128),
      /** It goes in, sealed, and never comes out again. */
      secret: z.string().min(1).max(49_152),
      reason: z.string(),
    }),
  ])
  .openapi('Wish')
const Word = z.object({ decision: z.enum(['approve', 'reject']), reason: z.string().default('') })

export function addProposals(api: Api, services: WebServices): void {
  const { proposals, policies, secrets } = services.administration
  const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })

  api.route(
    'administer',
    {
      method: 'get',
      path: '/proposals',
      summary: 'Proposed changes of the bastion itself, newest first',
      request: { query: z.object({ state: z.enum(['pending', 'all']).default('pending'), limit: Limit }) },
      responses: { 200: json(Proposals, 'The proposals, without their texts.'), ...problems },
    },
    async (c) => {
      const { state, limit } = c.req.valid('query')
      const found = state === 'pending' ? await proposals.pending() : await proposals.list(limit)
      const views = found.slice(0, limit).map((each) => proposalView(each, personOf(c), { services, isWhole: false }))
      return c.json({ proposals: views }, 200)
    },
  )

  api.route(
    'administer',
    {
      method: 'get',
      path: '/proposals/{id}',
      summary: 'One proposal, with the texts before and after',
      request: { params: Id },
      responses: { 200: json(ProposalView, 'The proposal.'), ...problems },
    },
    async (c) => {
      const found = await proposals.find(c.req.valid('param').id as ProposalId)
      return c.json(proposalView(found, personOf(c), { services, isWhole: true }), 200)
    },
  )

  api.route(
    'administer',
    {
      method: 'post',
      path: '/proposals',
      summary:
        'Propose another policy, or another secret in the place of one; nothing changes until another administrator approves',
      request: { body: body(Wish) },
      responses: { 201: json(ProposalView, 'The proposal.'), ...problems },
    },
    async (c) => {
      const wish = c.req.valid('json')
      const person = personOf(c)
      const made =
        wish.kind === 'policy' ? await policies.propose(person, wish) : await secrets.proposeRotation(person, wish)
      return c.json(proposalView(made, person, { services, isWhole: true }), 201)
    },
  )

  api.route(
    'administer',
    {
      method: 'post',
      path: '/proposals/{id}/decisions',
      summary:
        'Approve or reject what another administrator proposed; approving puts it into effect, and may need a fresh sign-in',
      request: { params: Id, body: body(Word) },
      responses: { 201: json(ProposalView, 'The proposal as it then stands.'), ...problems },
    },
    async (c) => {
      const { decision, reason } = c.req.valid('json')
      const word = { kind: decision, reason, authentication: authenticationOf(c) }
      const decided = await proposals.decide(c.req.valid('param').id as ProposalId, personOf(c), word)
      return c.json(proposalView(decided, personOf(c), { services, isWhole: true }), 201)
    },
  )

  api.route(
    'administer',
    {
      method: 'delete',
      path: '/proposals/{id}',
      summary: 'Take back a proposal of your own',
      request: { params: Id },
      responses: { 200: json(ProposalView, 'The proposal as it then stands.'), ...problems },
    },
    async (c) => {
      const person = personOf(c)
      const withdrawn = await proposals.withdraw(c.req.valid('param').id as ProposalId, person)
      return c.json(proposalView(withdrawn, person, { services, isWhole: true }), 200)
    },
  )
}
