import { describe, expect, it } from 'vitest'
import type { SessionView } from '../../src/web/views/session.ts'
import { setUp } from './setup.ts'
import { PEOPLE, type PersonName } from './world.ts'

const setup = setUp()

describe('GET /sessions', () => {
  it('shows a person their own, reviewers those with holds of theirs, auditors and who may end them all', async () => {
    const { world, clock } = setup
    const held = await world.openSession(PEOPLE.alice)
    await world.hold(held)
    clock.advance(1000)
    const quiet = await world.openSession(PEOPLE.dave, { endedAt: clock.now(), exitStatus: 3 })
    clock.advance(1000)
    const bobs = await world.openSession(PEOPLE.bob, { kind: 'exec', command: 'uptime' })
    const seen = async (who: PersonName) => {
      const { body } = await (await setup.as(who)).json<{ sessions: readonly SessionView[] }>('/api/v1/sessions')
      return body.sessions.map(({ id }) => id)
    }
    expect(await seen('alice')).toEqual([held.id])
    expect(await seen('dave')).toEqual([quiet.id])
    expect(await seen('bob')).toEqual([bobs.id, held.id])
    expect(await seen('erin')).toEqual([held.id])
    expect(await seen('carol')).toEqual([bobs.id, quiet.id, held.id])
    expect(await seen('rita')).toEqual([bobs.id, quiet.id, held.id])
    const live = await (await setup.as('carol')).json<{ sessions: readonly SessionView[] }>(
      '/api/v1/sessions?live=false',
    )
    expect(live.body.sessions.map(({ id, exitStatus, isLive }) => [id, exitStatus, isLive])).toEqual([
      [quiet.id, 3, false],
    ])
  })

  it('shows, with a session, only those of its holds that the person may see', async () => {
    const { world } = setup
    const session = await world.openSession(PEOPLE.alice)
    await world.hold(session, { text: 'rm mine' })
    await world.hold(session, { text: 'rm theirs', quorum: { reviewers: ['dba'] } })
    const bob = await setup.as('bob')
    const { body } = await bob.json<{ holds: readonly { text: string }[] }>(`/api/v1/sessions/${session.id}`)
    expect(body.holds.map(({ text }) => text)).toEqual(['rm mine'])
  })
})

describe('DELETE /sessions/{id}', () => {
  it('tells the session why, after the event is stored', async () => {
    const { world } = setup
    const session = await world.openSession(PEOPLE.alice)
    const rita = await setup.as('rita')
    expect(await rita.json(`/api/v1/sessions/${session.id}`, { method: 'DELETE' })).toEqual({
      status: 200,
      body: { isEnded: true },
    })
    expect(world.endings.get(session.id)).toBe('ended in the browser by Rita Root')
    expect((await world.events('session.killed')).map(({ actorName, session: about }) => [actorName, about])).toEqual([
      ['Rita Root', session.id],
    ])
    expect((await rita.send(`/api/v1/sessions/${session.id}`, { method: 'DELETE' })).status).toBe(409)
  })

  it('does not end it when the event cannot be stored', async () => {
    const { world } = setup
    const session = await world.openSession(PEOPLE.alice)
    const alice = await setup.as('alice')
    Object.assign(world.services, {
      store: { ...world.store, audit: { ...world.store.audit, append: () => Promise.reject(new Error('disk')) } },
    })
    expect((await alice.send(`/api/v1/sessions/${session.id}`, { method: 'DELETE' })).status).toBe(500)
    expect(world.endings.size).toBe(0)
  })

  it('answers 202 when the session takes its time', async () => {
    const { world, clock } = setup
    const record = await world.openSession(PEOPLE.alice)
    world.live.find(record.id)!.end = () => new Promise(() => {})
    const alice = await setup.as('alice')
    const answer = alice.json(`/api/v1/sessions/${record.id}`, { method: 'DELETE' })
    await expect.poll(() => world.events('session.killed')).toHaveLength(1)
    // The wait is the nearest timer but for those of browser sessions and holds, which are hours away.
    await expect.poll(() => clock.nextInMs).toBeLessThanOrEqual(5000)
    clock.advance(5000)
    expect(await answer).toEqual({ status: 202, body: { isEnded: false } })
  })
})
