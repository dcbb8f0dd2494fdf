/** Search in recordings: words on screens and commands, for those who may watch the recording and nobody else. */
import { describe, expect, it } from 'vitest'
import type { SessionRecord } from '../../src/core/session.ts'
import type { HitView } from '../../src/web/routes/search.ts'
import type { SessionView } from '../../src/web/views/session.ts'
import { EXAMPLE_CAST } from './example-cast.ts'
import { setUp } from './setup.ts'
import { PEOPLE, type PersonName } from './world.ts'

const setup = setUp()

interface Found {
  readonly recordings: readonly { readonly session: SessionView }[]
  readonly hits: readonly HitView[]
  readonly hasMore: boolean
}

async function recorded(who: PersonName, cast = EXAMPLE_CAST): Promise<SessionRecord> {
  const now = setup.clock.now()
  const session = await setup.world.openSession(PEOPLE[who], { startedAt: now, endedAt: now })
  await setup.world.record(session, cast)
  return session
}

async function search(who: PersonName, words: string, more = ''): Promise<Found> {
  const path = `/api/v1/recordings?search=${encodeURIComponent(words)}${more}`
  return (await (await setup.as(who)).json<Found>(path)).body
}

const castOf = (...events: readonly (readonly [number, string, string])[]) =>
  `${[{ version: 3, term: { cols: 20, rows: 4 } }, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`

describe('search', () => {
  it('finds a line at the moment when it came, in whatever pieces and colours', async () => {
    const session = await recorded('alice')
    await setup.world.prepare(session)
    expect((await search('carol', 'dev vda3')).hits).toEqual([
      { session: session.id, kind: 'shown', seconds: 78.54, text: '/dev/vda3        80G   31G   45G  41% /srv' },
    ])
    // Typed over several events, between sequences.
    expect((await search('carol', 'orders.csv')).hits.map(({ seconds }) => seconds)).toEqual([1.16])
    expect((await search('carol', 'nothing of this kind')).hits).toEqual([])
  })

  it('finds what scrolled by, what was wiped at once, and what a full-screen program showed', async () => {
    const lines = Array.from({ length: 3_000 }, (_, n) => `needle${n} of many`).join('\r\n')
    const session = await recorded(
      'alice',
      castOf(
        [0.1, 'o', lines],
        [0.001, 'o', '\r\nwiped words\u001b[2J\u001b[H'],
        [0.001, 'o', '\u001b[?1049hinside vim\u001b[?1049l'],
        [0.001, 'o', 'a line that is longer than the screen is wide'],
      ),
    )
    await setup.world.prepare(session)
    for (const words of [
      'needle0 of',
      'needle1234',
      'needle2999',
      'wiped words',
      'inside vim',
      'longer than the screen is wide',
    ]) {
      expect((await search('alice', words)).hits, words).toHaveLength(1)
    }
  })

  it('finds only recordings that the person may watch', async () => {
    const { world } = setup
    const [held, quiet, own] = [await recorded('alice'), await recorded('alice'), await recorded('bob')]
    await world.hold(held)
    await world.prepare(held, quiet, own)
    const found = async (who: PersonName) => {
      const { hits, recordings } = await search(who, 'orders')
      const ids = [...new Set(hits.map(({ session }) => session))].sort()
      expect(recordings.map(({ session }) => session.id).sort()).toEqual(ids)
      return ids
    }
    const sorted = (...sessions: SessionRecord[]) => sessions.map(({ id }) => id).sort()
    expect(await found('alice')).toEqual(sorted(held, quiet))
    expect(await found('bob')).toEqual(sorted(held, own))
    expect(await found('erin')).toEqual(sorted(held))
    expect(await found('carol')).toEqual(sorted(held, quiet, own))
    expect(await found('dave')).toEqual([])
    // Who may end sessions need not see what is in them.
    expect(await found('rita')).toEqual([])
    world.roles.set('sre', [])
    expect(await found('bob')).toEqual(sorted(own))
  })

  it('looks through one recording where that is asked for, if the person may watch it', async () => {
    const [one, other] = [await recorded('alice'), await recorded('alice')]
    await setup.world.prepare(one, other)
    const { hits } = await search('alice', 'orders', `&session=${one.id}`)
    expect(new Set(hits.map(({ session }) => session))).toEqual(new Set([one.id]))
    const refused = await (await setup.as('dave')).send(`/api/v1/recordings?search=orders&session=${one.id}`)
    expect(refused.status).toBe(403)
  })

  it('finds commands, at their time', async () => {
    const { world, clock } = setup
    const session = await world.openSession(PEOPLE.alice)
    clock.advance(7_000)
    await world.hold(session, { text: 'shred /srv/keys/master.pem' })
    await world.record(session, EXAMPLE_CAST)
    await world.live.find(session.id)?.end('over')
    await world.prepare(session)
    expect((await search('alice', 'shred master')).hits).toEqual([
      { session: session.id, kind: 'run', seconds: 7, text: 'shred /srv/keys/master.pem' },
    ])
  })

  it('is an event, with its words', async () => {
    await setup.world.prepare(await recorded('alice'))
    await search('carol', 'orders csv')
    expect(await setup.world.events('recording.searched')).toMatchObject([
      { actorName: 'Carol Cole', detail: { words: ['orders', 'csv'], recordings: 1 } },
    ])
  })

  it.each([
    '"',
    'a" OR "b',
    'text:orders',
    'NEAR(orders)',
    'orders*',
    '^orders',
    '-orders',
    "'; drop table replays",
    '(',
    '\0x',
  ])('takes %j as words and not as a query', async (words) => {
    await setup.world.prepare(await recorded('alice'))
    const path = `/api/v1/recordings?search=${encodeURIComponent(words)}`
    expect([200, 400]).toContain((await (await setup.as('carol')).send(path)).status)
  })
})
