/** A proposal as the API shows it to one administrator. What is secret in it is in none of its fields. */
import { z } from '@hono/zod-openapi'
import type { Principal } from '../../core/principal.ts'
import { type Proposal, type ProposalStateKind, TRIAL_OUTCOMES, type Trial } from '../../core/proposal.ts'
import type { WebServices } from '../services.ts'
import { PersonView, personView, Time } from './common.ts'

const PROPOSAL_STATES = [
  'pending',
  'approved',
  'applied',
  'rejected',
  'withdrawn',
  'expired',
  'stale',
  'failed',
] as const satisfies readonly ProposalStateKind[]

export const TrialView = z
  .object({ target: z.string(), login: z.string(), outcome: z.enum(TRIAL_OUTCOMES), message: z.string() })
  .openapi('Trial')
export type TrialView = z.infer<typeof TrialView>

export function trialView({ target, login, outcome, message }: Trial): TrialView {
  return { target, login, outcome, message }
}

export const ProposalView = z
  .object({
    id: z.string(),
    change: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('policy'),
        file: z.string(),
        base: z.string(),
        digest: z.string(),
        /** The whole texts; null in lists. */
        texts: z.object({ before: z.string(), after: z.string() }).nullable(),
      }),
      z.object({ kind: z.literal('secret'), name: z.string(), trials: z.array(TrialView) }),
    ]),
    by: PersonView,
    reason: z.string(),
    madeAt: Time,
    expiresAt: Time,
    state: z.object({ kind: z.enum(PROPOSAL_STATES), at: Time.nullable(), reason: z.string().nullable() }),
    decision: z
      .object({ kind: z.enum(['approve', 'reject']), by: PersonView, at: Time, reason: z.string() })
      .nullable(),
    viewer: z.object({
      isAuthor: z.boolean(),
      mayDecide: z.boolean(),
      /** Why not, while it waits. */
      why: z.string().nullable(),
    }),
  })
  .openapi('Proposal')
export type ProposalView = z.infer<typeof ProposalView>

export function proposalView(
  proposal: Proposal,
  viewer: Principal,
  { services, isWhole }: { readonly services: WebServices; readonly isWhole: boolean },
): ProposalView {
  const { change, decision, state } = proposal
  const may = services.administration.proposals.mayDecide(proposal, viewer)
  const isPending = state.kind === 'pending'
  return {
    id: proposal.id,
    change:
      change.kind === 'secret'
        ? { kind: 'secret', name: change.name, trials: change.trials.map(trialView) }
        : {
            ...{ kind: 'policy', file: change.file, base: change.base, digest: change.digest },
            texts: isWhole ? { before: change.before, after: change.text } : null,
          },
    by: personView(proposal.by),
    reason: proposal.reason,
    madeAt: proposal.madeAt.toISOString(),
    expiresAt: proposal.expiresAt.toISOString(),
    state: {
      kind: state.kind,
      at: 'at' in state ? state.at.toISOString() : null,
      reason: 'reason' in state ? state.reason : null,
    },
    decision:
      decision === undefined
        ? null
        : {
            ...{ kind: decision.kind, by: personView(decision.by) },
            ...{ at: decision.at.toISOString(), reason: decision.reason },
          },
    viewer: {
      isAuthor: proposal.by.id === viewer.id,
      mayDecide: isPending && may.kind === 'may',
      why: isPending && may.kind === 'may-not' ? may.message : null,
    },
  }
}
