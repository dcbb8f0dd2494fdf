import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/policy-changes.ts'
import type { BacktestView, CheckedView, PolicyView } from '../../src/web/routes/policies.ts'
import type { ProposalView } from '../../src/web/views/proposal.ts'
import { POLICY } from '../support/administration.ts'
import { setUp } from './setup.ts'
import { PEOPLE } from './world.ts'

const setup = setUp()
const STRICT = POLICY.replace('      hold: { reviewers: [reviewer] }', '      deny: no changes today')

async function post<T>(path: string, body: unknown): Promise<T> {
  const { body: answer } = await (await setup.as('rita')).json<T>(`/api/v1/${path}`, { method: 'POST', body })
  return answer
}

describe('the policy, for administrators', () => {
  it('is shown with its rules, and tells where the file says something else than what is in force', async () => {
    const rita = await setup.as('rita')
    const { body } = await rita.json<PolicyView>('/api/v1/policies')
    expect(body).toMatchObject({ text: POLICY, digest: digestOf(POLICY), inForce: digestOf(POLICY), stepUp: null })
    expect(body.rules).toEqual([
      { name: 'look around', line: 9, answer: 'allow' },
      { name: 'ask before change', line: 13, answer: 'hold' },
    ])
    const stepUp = POLICY.replace('rules:', 'changes: { step-up: { max-age: 10m, acr: [mfa] } }\nrules:')
    const wish = { kind: 'policy', text: stepUp, base: digestOf(POLICY), reason: 'audit' }
    const { id } = await post<ProposalView>('proposals', wish)
    const olga = await setup.as('olga')
    const decision = { method: 'POST', body: { decision: 'approve' } }
    expect((await olga.send(`/api/v1/proposals/${id}/decisions`, decision)).status).toBe(201)
    expect((await rita.json<PolicyView>('/api/v1/policies')).body.stepUp).toEqual({ maxAgeSeconds: 600, acr: ['mfa'] })
    const next = await post<ProposalView>('proposals', { ...wish, text: POLICY, base: digestOf(stepUp) })
    const refused = await olga.send(`/api/v1/proposals/${next.id}/decisions`, decision)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", max_age=600, acr_values="mfa"',
    ])
  })

  it('is checked without being used: mistakes with their place, what is not meant, and what its tests say', async () => {
    const broken = await post<CheckedView>('policies/check', {
      text: POLICY.replace('who: [engineer]', 'who: [engineeer]'),
    })
    expect(broken).toMatchObject({
      problems: [{ line: 10, column: 11, message: expect.stringContaining('did you mean “engineer”?') }],
      tests: null,
    })
    const strict = await post<CheckedView>('policies/check', { text: STRICT })
    expect(strict.tests).toMatchObject({
      passed: 1,
      failed: [{ line: 7, run: 'rm -rf /srv/x', rule: 'ask before change' }],
    })
    expect(strict.tests?.failed[0]?.differences).toEqual([{ what: 'verdict', expected: 'hold', actual: 'deny' }])
    expect(setup.world.admin.policy.current.digest).toBe(digestOf(POLICY))
  })

  it('is tried on what people really asked for', async () => {
    const session = await setup.world.openSession(PEOPLE.alice)
    await setup.world.hold(session)
    await setup.world.hold(session)
    expect(await post<BacktestView>('policies/backtest', { text: POLICY })).toMatchObject({ judged: 2, kinds: 0 })
    const strict = await post<BacktestView>('policies/backtest', { text: STRICT })
    expect(strict).toMatchObject({ judged: 2, kinds: 1, before: { holds: 2 }, after: { holds: 0 } })
    expect(strict.changes).toMatchObject([
      { before: { kind: 'hold' }, after: { kind: 'deny' }, count: 2, people: ['Alice Ames'], target: 'web-1' },
    ])
  })
})
