/** What every ProposalStore must do, as a part of the Store contract. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { newProposalId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import type { Proposal, ProposalDecision, ProposalState } from '../../src/core/proposal.ts'
import { fixtures } from './fixtures.ts'
import type { StorePlace } from './store.ts'

export function proposalContract(name: string, newPlace: () => Promise<StorePlace>, clock: Clock): void {
  const make = fixtures(clock)
  const at = clock.now()
  const policy = (part: Partial<Proposal> = {}): Proposal => ({
    id: newProposalId(),
    change: {
      kind: 'policy',
      file: 'p.yaml',
      base: 'a',
      before: 'version: 1\n',
      text: 'version: 1 # \u202e\n',
      digest: 'b',
    },
    by: make.person('rita'),
    reason: 'Zeit',
    madeAt: at,
    expiresAt: new Date(at.getTime() + 60_000),
    decision: undefined,
    state: { kind: 'pending' },
    sealed: undefined,
    ...part,
  })
  const secret = (): Proposal =>
    policy({
      change: {
        ...{ kind: 'secret', name: 'web', base: at.toISOString() },
        trials: [{ target: 'web-1', login: 'deploy', outcome: 'opened', message: 'it opened' }],
      },
      sealed: '["sealed"]',
    })
  const decision = (kind: ProposalDecision['kind']): ProposalDecision => ({
    ...{ kind, by: make.person('olga'), at, reason: 'gut' },
  })

  describe(`${name} keeps proposals`, () => {
    let place: StorePlace
    let store: Store
    let other: Store
    beforeEach(async () => {
      place = await newPlace()
      store = await place.open()
      other = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await other.close()
      await place.remove()
    })

    it('as they were, and lists them newest first, or those in one state', async () => {
      const [first, second] = [policy(), secret()]
      await store.proposals.insert(first)
      await store.proposals.insert(second)
      expect(await other.proposals.find(first.id)).toEqual(first)
      expect(await other.proposals.list({ limit: 10 })).toEqual([second, first])
      expect(await other.proposals.list({ limit: 1 })).toEqual([second])
      await store.proposals.move(first.id, 'pending', { kind: 'withdrawn', at })
      expect(await other.proposals.list({ state: 'pending', limit: 10 })).toEqual([second])
      expect(await store.proposals.find(newProposalId())).toBeUndefined()
    })

    it.each<ProposalState>([
      { kind: 'approved', at },
      { kind: 'rejected', at },
      { kind: 'withdrawn', at },
      { kind: 'expired', at },
      { kind: 'stale', at, reason: 'changed \u001b' },
      { kind: 'failed', at, reason: 'full' },
      { kind: 'applied', at },
    ])('and each state: $kind, of which what is sealed outlives only an approval', async (state) => {
      const proposal = secret()
      await store.proposals.insert(proposal)
      const moved = await store.proposals.move(proposal.id, 'pending', state, decision('approve'))
      expect(moved).toMatchObject({ state, decision: { kind: 'approve', reason: 'gut' } })
      expect(moved?.sealed).toBe(state.kind === 'approved' ? proposal.sealed : undefined)
      expect(await other.proposals.find(proposal.id)).toEqual(moved)
    })

    it('moves one once, of fifty at once on two connections, and keeps the decision of the one that won', async () => {
      const proposal = policy()
      await store.proposals.insert(proposal)
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          const kind = index % 2 === 0 ? 'approve' : 'reject'
          const state = { kind: kind === 'approve' ? 'approved' : 'rejected', at } as const
          return (index % 3 === 0 ? store : other).proposals.move(proposal.id, 'pending', state, decision(kind))
        }),
      )
      const won = results.filter((result) => result !== undefined)
      expect(won).toHaveLength(1)
      expect(await store.proposals.find(proposal.id)).toEqual(won[0])
      expect(await store.proposals.move(newProposalId(), 'pending', { kind: 'expired', at })).toBeUndefined()
    })
  })
}
