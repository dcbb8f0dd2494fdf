/**
 * Proposals over SQL.
 *
 * INVARIANT: a proposal changes state by one UPDATE that names the state it must be in, and brings its decision along; so of
 * any number of racing callers one wins. What is sealed in it is gone with the same UPDATE that makes it of no use.
 */
import type { Insertable, Selectable } from 'kysely'
import type { ProposalId } from '../core/ids.ts'
import {
  type Change,
  type Proposal,
  type ProposalDecision,
  type ProposalState,
  type ProposalStore,
  TRIAL_OUTCOMES,
  type Trial,
} from '../core/proposal.ts'
import { boundedLimit } from './limit.ts'
import { byKind, date, id, list, Mismatch, maybe, oneOf, record, text } from './parse.ts'
import { json, parseJson, reading, timeText } from './rows.ts'
import type { Database, ProposalTable } from './schema.ts'
import * as shapes from './shapes.ts'

const change = byKind<Change>({
  policy: record<Extract<Change, { kind: 'policy' }>>({
    kind: oneOf('policy'),
    file: text,
    base: text,
    before: text,
    text,
    digest: text,
  }),
  secret: record<Extract<Change, { kind: 'secret' }>>({
    kind: oneOf('secret'),
    name: text,
    base: text,
    trials: list(record<Trial>({ target: text, login: text, outcome: oneOf(...TRIAL_OUTCOMES), message: text })),
  }),
})

const decision = record<ProposalDecision>({
  kind: oneOf('approve', 'reject'),
  by: shapes.principal,
  at: date,
  reason: text,
})

type State<Kind extends ProposalState['kind']> = Extract<ProposalState, { readonly kind: Kind }>
const state = byKind<ProposalState>({
  pending: record<State<'pending'>>({ kind: oneOf('pending') }),
  approved: record<State<'approved'>>({ kind: oneOf('approved'), at: date }),
  applied: record<State<'applied'>>({ kind: oneOf('applied'), at: date }),
  rejected: record<State<'rejected'>>({ kind: oneOf('rejected'), at: date }),
  withdrawn: record<State<'withdrawn'>>({ kind: oneOf('withdrawn'), at: date }),
  expired: record<State<'expired'>>({ kind: oneOf('expired'), at: date }),
  stale: record<State<'stale'>>({ kind: oneOf('stale'), at: date, reason: text }),
  failed: record<State<'failed'>>({ kind: oneOf('failed'), at: date, reason: text }),
})

export function proposalStore(db: Database): ProposalStore {
  const find = async (wanted: ProposalId): Promise<Proposal | undefined> => {
    const row = await db.selectFrom('proposals').selectAll().where('id', '=', wanted).executeTakeFirst()
    return row === undefined ? undefined : proposalOf(row)
  }
  return {
    find,

    async insert(proposal) {
      await db.insertInto('proposals').values(proposalRow(proposal)).execute()
    },

    async list({ state: kind, limit }) {
      let query = db.selectFrom('proposals').selectAll()
      if (kind !== undefined) query = query.where('state_kind', '=', kind)
      return (await query.orderBy('ordinal', 'desc').limit(boundedLimit(limit)).execute()).map(proposalOf)
    },

    async move(wanted, from, to, decided) {
      const result = await db
        .updateTable('proposals')
        .set({
          ...stateColumns(to),
          ...(decided !== undefined && { decision: json(decision, decided, 'proposal.decision') }),
          ...(to.kind !== 'pending' && to.kind !== 'approved' && { sealed: null }),
        })
        .where('id', '=', wanted)
        .where('state_kind', '=', from)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n ? find(wanted) : undefined
    },
  }
}

function stateColumns(to: ProposalState): Pick<ProposalTable, 'state_kind' | 'state'> {
  return { state_kind: to.kind, state: json(state, to, 'proposal.state') }
}

function proposalRow(proposal: Proposal): Insertable<ProposalTable> {
  return {
    id: proposal.id,
    change: json(change, proposal.change, 'proposal.change'),
    proposed_by: json(shapes.principal, proposal.by, 'proposal.by'),
    reason: proposal.reason,
    made_at: timeText(proposal.madeAt),
    expires_at: timeText(proposal.expiresAt),
    decision: proposal.decision === undefined ? null : json(decision, proposal.decision, 'proposal.decision'),
    ...stateColumns(proposal.state),
    sealed: proposal.sealed ?? null,
  }
}

function proposalOf(row: Selectable<ProposalTable>): Proposal {
  return reading('proposal', () => {
    const standing = parseJson(state, row.state, 'state')
    if (standing.kind !== row.state_kind) throw new Mismatch('state_kind', standing.kind)
    return {
      id: id<ProposalId>(row.id, 'id'),
      change: parseJson(change, row.change, 'change'),
      by: parseJson(shapes.principal, row.proposed_by, 'proposed_by'),
      reason: text(row.reason, 'reason'),
      madeAt: date(row.made_at, 'made_at'),
      expiresAt: date(row.expires_at, 'expires_at'),
      decision: row.decision === null ? undefined : parseJson(decision, row.decision, 'decision'),
      state: standing,
      sealed: maybe(text)(row.sealed, 'sealed'),
    }
  })
}
