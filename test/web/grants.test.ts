import { describe, expect, it } from 'vitest'
import type { GrantView } from '../../src/web/views/grant.ts'
import type { HoldView } from '../../src/web/views/hold.ts'
import { setUp } from './setup.ts'
import { LIMIT, PEOPLE } from './world.ts'

const setup = setUp()

interface Problem {
  readonly error: { readonly code: string; readonly message: string }
}
interface Grants {
  readonly grants: readonly GrantView[]
}

const TEXT = 'systemctl restart nginx'
const word = (grant: unknown, decision = 'approve') => ({ method: 'POST', body: { decision, reason: 'deploy', grant } })

async function held(grant: typeof LIMIT | undefined = LIMIT) {
  const { world } = setup
  const session = await world.openSession(PEOPLE.alice)
  const waiting = await world.hold(session, { text: TEXT, quorum: { grant } })
  return { session, waiting, path: `/api/v1/holds/${waiting.hold.id}/decisions` }
}
const again = (session: Awaited<ReturnType<typeof held>>['session']) =>
  setup.world.hold(session, { text: TEXT, quorum: { grant: LIMIT } })

describe('a decision with a grant', () => {
  it('is offered as the rule says, and lets the same command run without a hold', async () => {
    const { session, waiting, path } = await held()
    const bob = await setup.as('bob')
    const view = await bob.json<HoldView>(`/api/v1/holds/${waiting.hold.id}`)
    expect(view.body.grantable).toEqual({ longestMinutes: 60, scopes: ['session', 'person'] })
    expect((await bob.send(path, word({ minutes: 10, scope: 'person' }))).status).toBe(201)
    await expect(again(session)).rejects.toThrow('did not hold it')
    const { body } = await bob.json<Grants>('/api/v1/grants')
    expect(body.grants).toEqual([
      expect.objectContaining({
        text: TEXT,
        hold: waiting.hold.id,
        person: expect.objectContaining({ name: 'Alice Ames' }),
        by: expect.objectContaining({ name: 'Bob Bell' }),
        target: 'web-1',
        scope: 'person',
        until: '2026-11-24T20:10:00.000Z',
        reason: 'deploy',
        uses: 1,
        viewer: { isOwner: false, mayRevoke: true },
      }),
    ])
  })

  it('is refused where the rule allows none, for longer, wider, with a rejection, and malformed; nothing is decided', async () => {
    const bob = await setup.as('bob')
    const once = await held({ ...LIMIT, scope: 'session' })
    const tries: readonly (readonly [unknown, string, string])[] = [
      [{ minutes: 61, scope: 'session' }, 'approve', '1 to 60 minutes'],
      [{ minutes: 5, scope: 'person' }, 'approve', 'not beyond it'],
      [{ minutes: 5, scope: 'session' }, 'reject', 'A rejection grants nothing'],
      [{ minutes: 0, scope: 'session' }, 'approve', 'malformed at grant.minutes'],
      [{ minutes: 5, scope: 'everywhere' }, 'approve', 'malformed at grant.scope'],
    ]
    for (const [grant, decision, message] of tries) {
      const answer = await bob.json<Problem>(once.path, word(grant, decision))
      expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringContaining(message)])
    }
    const { waiting } = await setup.world.hold(once.session, { text: 'x' }).then((it) => ({ waiting: it }))
    expect((await bob.json<HoldView>(`/api/v1/holds/${waiting.hold.id}`)).body.grantable).toBeNull()
    const answer = await bob.json<Problem>(
      `/api/v1/holds/${waiting.hold.id}/decisions`,
      word({ minutes: 1, scope: 'session' }),
    )
    expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringContaining('approved once')])
    expect(await setup.world.events('hold.approved', 'hold.rejected', 'grant.given')).toEqual([])
  })

  it('fault 43: is not the requester’s to give', async () => {
    const { path } = await held()
    for (const client of [await setup.as('alice'), setup.program('alice')])
      expect((await client.send(path, word({ minutes: 5, scope: 'session' }))).status).toBe(403)
    expect(await setup.world.events('grant.given')).toEqual([])
  })
})

describe('GET /grants', () => {
  it('shows a person theirs, reviewers and administrators what they may revoke, auditors everything', async () => {
    const { path } = await held()
    await (await setup.as('bob')).send(path, word({ minutes: 5, scope: 'session' }))
    const seen = async (who: 'alice' | 'dave' | 'bob' | 'erin' | 'carol' | 'rita') =>
      (await (await setup.as(who)).json<Grants>('/api/v1/grants')).body.grants.map(({ viewer }) => viewer)
    expect(await seen('alice')).toEqual([{ isOwner: true, mayRevoke: true }])
    expect(await seen('dave')).toEqual([])
    for (const who of ['bob', 'erin', 'rita'] as const)
      expect(await seen(who)).toEqual([{ isOwner: false, mayRevoke: true }])
    expect(await seen('carol')).toEqual([{ isOwner: false, mayRevoke: false }])
  })

  it('shows none that is over', async () => {
    const { path } = await held()
    const bob = await setup.as('bob')
    await bob.send(path, word({ minutes: 5, scope: 'session' }))
    setup.clock.advance(5 * 60_000)
    expect((await bob.json<Grants>('/api/v1/grants')).body.grants).toEqual([])
  })
})

describe('DELETE /grants/{id}', () => {
  it('ends it at once, for the person too, and once', async () => {
    const { session, path } = await held()
    await (await setup.as('bob')).send(path, word({ minutes: 5, scope: 'person' }))
    const alice = await setup.as('alice')
    const id = (await alice.json<Grants>('/api/v1/grants')).body.grants[0]!.id
    expect((await alice.send(`/api/v1/grants/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await again(session)).kind).toBe('waiting')
    expect((await alice.send(`/api/v1/grants/${id}`, { method: 'DELETE' })).status).toBe(409)
    expect((await alice.send('/api/v1/grants/gnothing', { method: 'DELETE' })).status).toBe(404)
    expect((await setup.world.events('grant.revoked')).map(({ actorName }) => actorName)).toEqual(['Alice Ames'])
  })
})
