/** Breaking the glass in the web: who may, with which sign-in, who is told, and who closes the review. */
import { describe, expect, it } from 'vitest'
import type { DebtView } from '../../src/web/views/debt.ts'
import type { HoldView } from '../../src/web/views/hold.ts'
import type { Client } from './client.ts'
import { setUp } from './setup.ts'
import { GLASS, PEOPLE } from './world.ts'

const setup = setUp()

interface Problem {
  readonly error: { readonly code: string; readonly message: string }
}
interface Debts {
  readonly debts: readonly DebtView[]
}

async function held(over: Partial<typeof GLASS> = {}) {
  const session = await setup.world.openSession(PEOPLE.alice)
  const waiting = await setup.world.hold(session, {
    quorum: { glass: { ...GLASS, ...over } },
    screen: ['$ df', '100%'],
  })
  return { waiting, session, id: waiting.hold.id }
}
const broken = (reason = 'the disk is full') => ({ method: 'POST', body: { reason } })
const debtsOf = async (client: Client, query = '') => (await client.json<Debts>(`/api/v1/debts${query}`)).body.debts

describe('breaking the glass in the web', () => {
  it('runs the command, and tells those who are named, and nobody else', async () => {
    const { id, waiting } = await held()
    const alice = await setup.as('alice')
    const before = await alice.json<HoldView>(`/api/v1/holds/${id}`)
    expect(before.body).toMatchObject({
      glass: { alert: ['admin'], reviewers: ['reviewer'], reviewWithinMinutes: 1440, stepUp: { maxAgeSeconds: 300 } },
      viewer: { mayBreakGlass: true, mayDecide: false },
    })
    const rita = await setup.as('rita')
    // Before the glass is broken it is nothing of hers.
    expect((await rita.send(`/api/v1/holds/${id}`)).status).toBe(403)
    const answer = await alice.json<HoldView>(`/api/v1/holds/${id}/glass`, broken())
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ state: { kind: 'approved' }, decisions: [{ kind: 'break-glass' }] })
    expect(await waiting.outcome).toMatchObject({ kind: 'cleared' })
    expect((await rita.send(`/api/v1/holds/${id}`)).status).toBe(200)
    expect(await debtsOf(rita)).toEqual([
      expect.objectContaining({
        hold: id,
        reason: 'the disk is full',
        text: 'rm -rf /srv/data/old',
        isOverdue: false,
        dueAt: '2026-11-25T20:00:00.000Z',
        closed: null,
        viewer: { isDebtor: false, mayClose: false, why: 'Only people with the role reviewer close this.' },
      }),
    ])
    expect((await debtsOf(alice))[0]?.viewer).toMatchObject({ isDebtor: true, mayClose: false })
    expect((await debtsOf(await setup.as('bob')))[0]?.viewer).toEqual({ isDebtor: false, mayClose: true, why: null })
    expect(await debtsOf(await setup.as('carol'))).toHaveLength(1)
    expect(await debtsOf(await setup.as('dave'))).toEqual([])
  })

  it('asks for a fresh sign-in, and takes the one that follows', async () => {
    const alice = await setup.as('alice')
    setup.clock.advance(300_001)
    const { id } = await held({ stepUp: { maxAgeMs: 300_000, acr: ['mfa'] } })
    const refused = await alice.send(`/api/v1/holds/${id}/glass`, broken())
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", max_age=300, acr_values="mfa"',
    )
    // Fresh, and not in the way that the rule wants.
    const again = async (acr: string | undefined) => {
      setup.world.provider.acr = acr
      const start = await alice.send(`/auth/start?fresh=1&acr=mfa&return=/holds/${id}`)
      const callback = new URL(start.headers.get('location')!)
      expect((await alice.send(`${callback.pathname}${callback.search}`)).headers.get('location')).toBe(`/holds/${id}`)
      expect(setup.world.provider.fresh).toEqual({ acr: ['mfa'] })
      return (await alice.send(`/api/v1/holds/${id}/glass`, broken())).status
    }
    expect(await again('pwd')).toBe(401)
    expect(await again('mfa')).toBe(201)
    const { body } = await alice.json<{ authentication: unknown }>('/api/v1/me')
    expect(body.authentication).toEqual({ at: '2026-11-24T20:05:00.001Z', acr: 'mfa' })
  })

  it('is not for programs, which have no browser to sign in with', async () => {
    const { id } = await held()
    const answer = await setup.program('alice').json<Problem>(`/api/v1/holds/${id}/glass`, broken())
    expect(answer.status).toBe(401)
    expect(answer.body.error.message).toContain('in a browser')
  })

  it('lets whoever looks at it afterwards see the session', async () => {
    const { id, session } = await held({ reviewers: ['auditor', 'admin'], alert: ['reviewer'] })
    const rita = await setup.as('rita')
    expect((await rita.send(`/api/v1/recordings/${session.id}/cast`)).status).toBe(403)
    await (await setup.as('alice')).send(`/api/v1/holds/${id}/glass`, broken())
    expect((await rita.json<HoldView>(`/api/v1/holds/${id}`)).body.screen).toEqual(['$ df', '100%'])
    // There is none in this world; but it is hers to see.
    expect((await rita.send(`/api/v1/recordings/${session.id}/cast`)).status).toBe(404)
  })
})

describe('a review', () => {
  it('is closed once, with a word, and then is no longer open', async () => {
    const { id } = await held()
    const alice = await setup.as('alice')
    await alice.send(`/api/v1/holds/${id}/glass`, broken())
    const bob = await setup.as('bob')
    const closing = (word: string) => ({ method: 'POST', body: { word } })
    const path = `/api/v1/debts/${id}/closing`
    expect((await bob.send(path, closing(' '))).status).toBe(400)
    const own = await alice.json<Problem>(path, closing('fine'))
    expect([own.status, own.body.error.message]).toEqual([
      403,
      'You broke the glass yourself; somebody else has to look at it.',
    ])
    const closed = await bob.json<DebtView>(path, closing('I would have done the same'))
    expect(closed.body.closed).toMatchObject({ by: { name: 'Bob Bell' }, word: 'I would have done the same' })
    expect((await (await setup.as('erin')).send(path, closing('me too'))).status).toBe(409)
    expect(await debtsOf(bob)).toEqual([])
    expect(await debtsOf(bob, '?state=all')).toHaveLength(1)
  })

  it('that is overdue is shown so, and blocks its person with the reason', async () => {
    const { id } = await held()
    await (await setup.as('alice')).send(`/api/v1/holds/${id}/glass`, broken())
    setup.clock.advance(86_400_000)
    const alice = await setup.as('alice')
    expect((await debtsOf(alice))[0]?.isOverdue).toBe(true)
    const next = await held()
    const refused = await alice.json<Problem>(`/api/v1/holds/${next.id}/glass`, broken())
    expect([refused.status, refused.body.error.message]).toEqual([403, expect.stringContaining(id)])
  })
})

describe('a decision under a rule that asks for a step-up', () => {
  it('is taken from a fresh sign-in, and refused from an old one and from a program', async () => {
    const session = await setup.world.openSession(PEOPLE.alice)
    const { hold } = await setup.world.hold(session, { quorum: { stepUp: { maxAgeMs: 60_000, acr: [] } } })
    const decision = { method: 'POST', body: { decision: 'approve' } }
    const path = `/api/v1/holds/${hold.id}/decisions`
    expect((await setup.program('bob').send(path, decision)).status).toBe(401)
    const bob = await setup.as('bob')
    setup.clock.advance(60_001)
    const refused = await bob.send(path, decision)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", max_age=60',
    ])
    expect((await (await setup.as('bob')).send(path, decision)).status).toBe(201)
  })
})
