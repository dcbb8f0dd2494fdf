import { describe, expect, it } from 'vitest'
import { principalId } from '../../src/core/ids.ts'
import type { HoldView } from '../../src/web/views/hold.ts'
import { setUp } from './setup.ts'
import { PEOPLE } from './world.ts'

const setup = setUp()

interface Holds {
  readonly holds: readonly HoldView[]
}
interface Problem {
  readonly error: { readonly code: string; readonly message: string }
}

const approve = (reason = '') => ({ method: 'POST', body: { decision: 'approve', reason } })
const reject = (reason = '') => ({ method: 'POST', body: { decision: 'reject', reason } })

describe('GET /holds', () => {
  it('shows a person their own, what is theirs to decide, and to auditors everything', async () => {
    const { world } = setup
    const alices = await world.openSession(PEOPLE.alice)
    const bobs = await world.openSession(PEOPLE.bob)
    await world.hold(alices, { text: 'rm a' })
    await world.hold(bobs, { text: 'rm b' })
    await world.hold(alices, { text: 'rm c', quorum: { reviewers: ['dba'] } })
    const seen = async (who: 'alice' | 'dave' | 'bob' | 'carol' | 'rita') => {
      const { body } = await (await setup.as(who)).json<Holds>('/api/v1/holds?state=pending')
      return body.holds.map(({ text, viewer }) => `${text}${viewer.mayDecide ? ' (decides)' : ''}`).sort()
    }
    expect(await seen('alice')).toEqual(['rm a', 'rm c'])
    expect(await seen('dave')).toEqual([])
    expect(await seen('bob')).toEqual(['rm a (decides)', 'rm b'])
    expect(await seen('carol')).toEqual(['rm a', 'rm b', 'rm c'])
    expect(await seen('rita')).toEqual([])
  })

  it('lists only the state that was asked for', async () => {
    const session = await setup.world.openSession(PEOPLE.alice)
    const { hold } = await setup.world.hold(session, { text: 'rm decided' })
    await setup.world.hold(session, { text: 'rm waiting' })
    await setup.world.desk.decide(hold.id, PEOPLE.bob, { kind: 'reject', reason: 'no' })
    const bob = await setup.as('bob')
    const texts = async (state: string) =>
      (await bob.json<Holds>(`/api/v1/holds?state=${state}`)).body.holds.map(({ text }) => text)
    expect(await texts('pending')).toEqual(['rm waiting'])
    expect(await texts('rejected')).toEqual(['rm decided'])
    expect((await bob.send('/api/v1/holds?state=any')).status).toBe(400)
  })

  it('says nothing of where the target is or what opens it', async () => {
    await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    const text = await (await (await setup.as('bob')).send('/api/v1/holds')).text()
    expect(text).toContain('web-1')
    for (const secret of ['10.1.2.3', 'web-1-credential', 'AAAAsecret-looking']) expect(text).not.toContain(secret)
  })

  it('shows the screen to who may watch the session, and not to who may only read the log', async () => {
    const { hold } = await setup.world.hold(await setup.world.openSession(PEOPLE.alice), { screen: ['$ secret'] })
    const screen = async (who: 'alice' | 'bob' | 'carol') =>
      (await (await setup.as(who)).json<HoldView>(`/api/v1/holds/${hold.id}`)).body.screen
    expect([await screen('alice'), await screen('bob'), await screen('carol')]).toEqual([
      ['$ secret'],
      ['$ secret'],
      ['$ secret'],
    ])
    Object.assign(setup.world.services, {
      permissionsOf: () => ({ watchAllRecordings: false, readAudit: true, killSessions: false }),
    })
    expect(await screen('carol')).toEqual([])
  })

  it('shows what the requester says about why, and tells the reviewers’ pages', async () => {
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    await waiting.explain('ticket <b>4711</b>')
    const bob = await setup.as('bob')
    const { body } = await bob.json<HoldView>(`/api/v1/holds/${waiting.hold.id}`)
    expect(body.explanations.map(({ text }) => text)).toEqual(['ticket <b>4711</b>'])
  })

  it('fault 40: carries text with markup as JSON and nothing else', async () => {
    const text = '<img src=x onerror=alert(1)></script><script>alert(2)</script>\u2028"\u0000'
    const { hold } = await setup.world.hold(await setup.world.openSession(PEOPLE.alice), {
      text,
      message: text,
      screen: [text],
    })
    const response = await (await setup.as('bob')).send(`/api/v1/holds/${hold.id}`)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ text, message: text, screen: [text] })
  })
})

describe('what helps to decide', () => {
  it('shows how the same was decided before, to each only what they may see', async () => {
    const { world } = setup
    const alices = await world.openSession(PEOPLE.alice)
    const before = await world.hold(alices, { text: 'rm -rf /srv/data/old' })
    await world.desk.decide(before.hold.id, PEOPLE.bob, { kind: 'reject', reason: 'no' })
    const davesOnly = await world.hold(await world.openSession(PEOPLE.dave), { quorum: { reviewers: ['admin'] } })
    await world.desk.decide(davesOnly.hold.id, PEOPLE.rita, { kind: 'reject', reason: 'no' })
    const { hold } = await world.hold(alices)
    const seen = async (who: 'alice' | 'bob' | 'carol') =>
      (await (await setup.as(who)).json<Holds>(`/api/v1/holds/${hold.id}/similar`)).body.holds.map(({ id }) => id)
    expect(await seen('bob')).toEqual([before.hold.id])
    expect(await seen('carol')).toEqual([davesOnly.hold.id, before.hold.id])
    expect((await (await setup.as('dave')).send(`/api/v1/holds/${hold.id}/similar`)).status).toBe(403)
  })

  it('names who may decide and is looking, and nobody once it is decided', async () => {
    const { world } = setup
    const { hold } = await world.hold(await world.openSession(PEOPLE.alice))
    for (const who of [PEOPLE.alice, PEOPLE.bob, PEOPLE.carol]) world.desk.presence.enter(who)
    const online = async () =>
      (await setup.as('bob').then((bob) => bob.json<HoldView>(`/api/v1/holds/${hold.id}`))).body
    expect((await online()).online).toEqual(['Bob Bell'])
    await world.desk.decide(hold.id, PEOPLE.bob, { kind: 'reject', reason: 'no' })
    expect((await online()).online).toEqual([])
  })

  it('offers to end the session to who may, while it runs, and not to its owner', async () => {
    const { world } = setup
    const session = await world.openSession(PEOPLE.bob)
    const { hold } = await world.hold(session, { quorum: { reviewers: ['admin', 'reviewer'] } })
    const may = async (who: 'bob' | 'erin' | 'rita') =>
      (await (await setup.as(who)).json<HoldView>(`/api/v1/holds/${hold.id}`)).body.viewer.mayEndSession
    expect([await may('bob'), await may('erin'), await may('rita')]).toEqual([false, false, true])
    await world.live.find(session.id)!.end('over')
    expect(await may('rita')).toBe(false)
  })
})

describe('POST /holds/{id}/decisions', () => {
  it('fault 43: refuses the requester, by page and by token, and each attempt is an audit event', async () => {
    const { hold } = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    const path = `/api/v1/holds/${hold.id}/decisions`
    for (const client of [await setup.as('alice'), setup.program('alice')]) {
      const { status, body } = await client.json<Problem>(path, approve())
      expect(status).toBe(403)
      expect(body.error.message).toContain('somebody else has to decide')
    }
    const refused = await setup.world.events('decision.refused')
    expect(refused.map(({ actorName, hold: about }) => [actorName, about])).toEqual([
      ['Alice Ames', hold.id],
      ['Alice Ames', hold.id],
    ])
    expect((await setup.world.desk.find(hold.id)).state.kind).toBe('pending')
  })

  it('fault 43: refuses the requester who comes by another provider or with the same e-mail address', async () => {
    const { hold } = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    const other = 'https://other.example.test'
    const doubles = [
      { ...PEOPLE.bob, id: principalId(other, 'alice'), issuer: other, subject: 'alice' },
      { ...PEOPLE.bob, id: principalId(other, 'x7'), issuer: other, subject: 'x7', email: 'alice@example.test' },
    ]
    for (const double of doubles) {
      Object.assign(setup.world.services, { bearer: async () => double })
      const answer = await setup.program('any').json<Problem>(`/api/v1/holds/${hold.id}/decisions`, approve())
      expect(answer.status).toBe(403)
    }
    expect((await setup.world.desk.find(hold.id)).decisions).toEqual([])
  })

  it('lets one peer decide, once; a second tab gets 409 or 403, a second peer 409', async () => {
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    const path = `/api/v1/holds/${waiting.hold.id}/decisions`
    const [bob, erin] = [await setup.as('bob'), await setup.as('erin')]
    const answers = await Promise.all(Array.from({ length: 20 }, () => bob.send(path, approve())))
    const [first, ...others] = answers.map(({ status }) => status).sort()
    expect(first).toBe(201)
    expect(others.every((status) => status === 403 || status === 409)).toBe(true)
    await expect(waiting.outcome).resolves.toMatchObject({ kind: 'cleared' })
    const late = await erin.json<Problem>(path, reject('too late'))
    expect(late.status).toBe(409)
    expect(late.body.error).toMatchObject({ code: 'conflict', message: expect.stringContaining('approved') })
    expect(await setup.world.events('hold.approved')).toHaveLength(1)
  })

  it('wants a reason with a rejection, and tells the requester', async () => {
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    const path = `/api/v1/holds/${waiting.hold.id}/decisions`
    const bob = await setup.as('bob')
    expect((await bob.json<Problem>(path, reject('  '))).body.error.message).toBe('Say why you reject it.')
    expect((await bob.send(path, reject('not today'))).status).toBe(201)
    await expect(waiting.outcome).resolves.toMatchObject({ message: 'rejected by Bob Bell: not today' })
  })

  it('answers 404 for a hold that never was, 409 for one that expired, 400 for nonsense', async () => {
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    const path = `/api/v1/holds/${waiting.hold.id}/decisions`
    const bob = await setup.as('bob')
    expect((await bob.send('/api/v1/holds/hnothing/decisions', approve())).status).toBe(404)
    for (const body of [{}, { decision: 'allow' }, { decision: 'approve', reason: 7 }, 'approve', null]) {
      expect((await bob.send(path, { method: 'POST', body })).status).toBe(400)
    }
    const broken = await bob.send(path, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: approve().body,
    })
    expect(broken.status).toBe(415)
    expect(await broken.json()).toMatchObject({ error: { code: 'invalid' } })
    setup.clock.advance(waiting.hold.quorum.expiresAfterMs)
    await waiting.outcome
    expect((await bob.send(path, approve())).status).toBe(409)
  })

  it('asks for as many people as the rule says', async () => {
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice), { quorum: { count: 2 } })
    const path = `/api/v1/holds/${waiting.hold.id}/decisions`
    const bob = await setup.as('bob')
    const first = await bob.json<HoldView>(path, approve())
    expect(first.body.state.kind).toBe('pending')
    expect(first.body.viewer).toMatchObject({ mayDecide: false, why: expect.stringContaining('your word counts once') })
    expect((await bob.send(path, approve())).status).toBe(403)
    expect((await (await setup.as('erin')).json<HoldView>(path, approve())).body.state.kind).toBe('approved')
    await expect(waiting.outcome).resolves.toMatchObject({ kind: 'cleared' })
  })
})
