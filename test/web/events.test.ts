import { describe, expect, it } from 'vitest'
import type { Desk } from '../../src/approval/desk.ts'
import { newHoldId } from '../../src/core/ids.ts'
import { LIFE_MS } from '../../src/web/browser-sessions.ts'
import { EventStream } from '../../src/web/event-stream.ts'
import { MOST_CHANGES, MOST_CHARACTERS, PastChanges } from '../../src/web/past-changes.ts'
import type { HoldView } from '../../src/web/views/hold.ts'
import { BEAT_MS, PROGRAM_STREAM_MS } from '../../src/web/watchers.ts'
import type { Client } from './client.ts'
import { setUp } from './setup.ts'
import { PEOPLE, type PersonName } from './world.ts'

const setup = setUp()

/** Collects what arrives; `said` is everything so far, without the heartbeats. */
class Listener {
  readonly events: { readonly name: string; readonly data: unknown }[] = []
  beats = 0
  isOver = false
  /** Ids of events, and the last one that a browser would send back. */
  readonly ids: string[] = []
  seen = ''
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly response: Response

  constructor(response: Response) {
    this.response = response
    this.#reader = response.body!.getReader()
    void this.#read()
  }

  /** The connection is lost. */
  async leave(): Promise<void> {
    await this.#reader.cancel()
  }

  async #read(): Promise<void> {
    let text = ''
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await this.#reader.read()
      if (done) break
      text += decoder.decode(value, { stream: true })
      const messages = text.split('\n\n')
      text = messages.pop()!
      for (const message of messages) this.#take(message)
    }
    this.isOver = true
  }

  #take(message: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1]
    expect(field('id')).toMatch(/^[a-z0-9]+-\d+$/)
    this.seen = field('id')!
    if (message.startsWith(':')) {
      this.beats += 1
      return
    }
    this.ids.push(this.seen)
    this.events.push({ name: field('event')!, data: JSON.parse(field('data')!) })
  }

  get names(): readonly string[] {
    return this.events.map(({ name }) => name)
  }

  get holds(): readonly string[] {
    return this.events
      .filter(({ name }) => name === 'hold')
      .map(({ data }) => `${(data as HoldView).text} ${(data as HoldView).state.kind}`)
  }
}

async function listen(client: Client): Promise<Listener> {
  const response = await client.send('/api/v1/events')
  expect(response.status).toBe(200)
  const listener = new Listener(response)
  await expect.poll(() => listener.names).toEqual(['sync'])
  return listener
}

async function listenAs(who: PersonName): Promise<Listener> {
  return listen(await setup.as(who))
}

describe('fault 37: GET /events', () => {
  it('tells each person of those holds only that they may see', async () => {
    const { world } = setup
    const listeners = Object.fromEntries(
      await Promise.all(
        (['alice', 'dave', 'bob', 'carol', 'rita'] as const).map(async (who) => [who, await listenAs(who)] as const),
      ),
    ) as Record<PersonName, Listener>
    const session = await world.openSession(PEOPLE.alice)
    const first = await world.hold(session, { text: 'rm 1' })
    await world.hold(session, { text: 'rm 2', quorum: { reviewers: ['dba'] } })
    await world.desk.decide(first.hold.id, PEOPLE.erin, { kind: 'reject', reason: 'no' })
    await world.hold(await world.openSession(PEOPLE.dave), { text: 'rm 3' })
    await expect
      .poll(() => listeners.carol.holds)
      .toEqual(['rm 1 pending', 'rm 2 pending', 'rm 1 rejected', 'rm 3 pending'])
    expect(listeners.alice.holds).toEqual(['rm 1 pending', 'rm 2 pending', 'rm 1 rejected'])
    expect(listeners.bob.holds).toEqual(['rm 1 pending', 'rm 1 rejected', 'rm 3 pending'])
    expect(listeners.dave.holds).toEqual(['rm 3 pending'])
    expect(listeners.rita.holds).toEqual([])
  })

  it('says what each may do with it, in that person’s own words', async () => {
    const [alice, bob] = [await listenAs('alice'), await listenAs('bob')]
    await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    await expect.poll(() => [alice.holds.length, bob.holds.length]).toEqual([1, 1])
    const viewer = ({ events }: Listener) => (events.find(({ name }) => name === 'hold')!.data as HoldView).viewer
    expect(viewer(alice)).toMatchObject({ isRequester: true, mayDecide: false })
    expect(viewer(bob)).toMatchObject({ isRequester: false, mayDecide: true })
  })

  it('tells what the requester adds about why', async () => {
    const bob = await listenAs('bob')
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    await waiting.explain('ticket 4711')
    const said = () =>
      bob.events
        .filter(({ name }) => name === 'hold')
        .map(({ data }) => (data as HoldView).explanations.map(({ text }) => text))
    await expect.poll(said).toEqual([[], ['ticket 4711']])
  })

  it('stops telling who has lost the role', async () => {
    const bob = await listenAs('bob')
    const session = await setup.world.openSession(PEOPLE.alice)
    await setup.world.hold(session, { text: 'rm before' })
    await expect.poll(() => bob.holds).toEqual(['rm before pending'])
    setup.world.roles.set('sre', [])
    await setup.world.hold(session, { text: 'rm after' })
    await setup.world.hold(await setup.world.openSession(PEOPLE.bob), { text: 'rm own' })
    await expect.poll(() => bob.holds).toEqual(['rm before pending', 'rm own pending'])
  })

  it('says that live sessions changed to those who may see one that did', async () => {
    const [alice, dave, bob, carol] = [
      await listenAs('alice'),
      await listenAs('dave'),
      await listenAs('bob'),
      await listenAs('carol'),
    ]
    const session = await setup.world.openSession(PEOPLE.alice)
    await expect
      .poll(() => [alice.names, carol.names])
      .toEqual([
        ['sync', 'sessions'],
        ['sync', 'sessions'],
      ])
    await setup.world.hold(session)
    await setup.world.live.find(session.id)!.end('over')
    await expect.poll(() => alice.names).toEqual(['sync', 'sessions', 'hold', 'sessions'])
    expect(dave.names).toEqual(['sync'])
    // By the hold it became a session that bob may see; its end is his to know.
    expect(bob.names).toEqual(['sync', 'hold', 'sessions', 'sessions'])
  })

  it('ends with the browser session: signed out, or expired', async () => {
    const client = await setup.as('bob')
    const signedOut = await listen(client)
    const expired = await listenAs('erin')
    await client.send('/auth/sign-out', { method: 'POST' })
    await expect.poll(() => signedOut.isOver).toBe(true)
    expect(expired.isOver).toBe(false)
    setup.clock.advance(LIFE_MS)
    await expect.poll(() => expired.isOver).toBe(true)
    await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    expect([signedOut.holds, expired.holds]).toEqual([[], []])
  })

  it('ends for a program after a while, so that its token is looked at again', async () => {
    const listener = await listen(setup.program('bob'))
    setup.clock.advance(PROGRAM_STREAM_MS)
    await expect.poll(() => listener.isOver).toBe(true)
  })

  it('beats while nothing happens', async () => {
    const listener = await listenAs('bob')
    setup.clock.advance(BEAT_MS)
    await expect.poll(() => listener.beats).toBe(1)
    setup.clock.advance(BEAT_MS)
    await expect.poll(() => listener.beats).toBe(2)
  })

  it('gives a browser four streams; the oldest makes room and is told', async () => {
    const client = await setup.as('bob')
    const listeners: Listener[] = []
    for (let index = 0; index < 5; index += 1) listeners.push(await listen(client))
    await expect.poll(() => listeners.map(({ isOver }) => isOver)).toEqual([true, false, false, false, false])
    expect(listeners[0]!.names).toEqual(['sync', 'replaced'])
  })

  it('is not held up, and the desk neither, by a reader that has gone', async () => {
    const response = await (await setup.as('bob')).send('/api/v1/events')
    await response.body!.cancel()
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    await expect(
      setup.world.desk.decide(waiting.hold.id, PEOPLE.bob, { kind: 'approve', reason: '' }),
    ).resolves.toBeDefined()
  })

  it('is closed for one watcher only when telling it fails', async () => {
    const [bob, alice] = [await listenAs('bob'), await listenAs('alice')]
    const { rolesOf } = setup.world.services
    Object.assign(setup.world.services, {
      rolesOf: (who: Parameters<typeof rolesOf>[0]) => {
        if (who.id === PEOPLE.bob.id) throw new Error('the policy broke')
        return rolesOf(who)
      },
    })
    const desk: Desk = setup.world.desk
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    expect((await desk.find(waiting.hold.id)).state.kind).toBe('pending')
    await expect.poll(() => [bob.isOver, alice.holds.length]).toEqual([true, 1])
  })
})

describe('a page that lost its stream', () => {
  const again = async (client: Client, seen: string, query = false): Promise<Listener> => {
    const path = query ? `/api/v1/events?last-event-id=${encodeURIComponent(seen)}` : '/api/v1/events'
    return new Listener(await client.send(path, query ? {} : { headers: { 'last-event-id': seen } }))
  }
  const away = async (who: PersonName) => {
    const client = await setup.as(who)
    const listener = await listen(client)
    const { hold } = await setup.world.hold(await setup.world.openSession(PEOPLE.alice), { text: 'rm seen' })
    await expect.poll(() => listener.holds).toEqual(['rm seen pending'])
    await listener.leave()
    return { client, seen: listener.seen, hold }
  }

  it.each([false, true])(
    'is told what it missed, as it now stands, and nothing twice (by the address: %s)',
    async (query) => {
      const { client, seen, hold } = await away('bob')
      const session = await setup.world.openSession(PEOPLE.dave)
      const missed = await setup.world.hold(session, { text: 'rm missed' })
      await setup.world.desk.decide(missed.hold.id, PEOPLE.erin, { kind: 'reject', reason: 'no' })
      const listener = await again(client, seen, query)
      await expect.poll(() => listener.holds).toEqual(['rm missed rejected'])
      expect(listener.names).not.toContain('sync')
      await setup.world.desk.decide(hold.id, PEOPLE.bob, { kind: 'approve', reason: '' })
      await expect.poll(() => listener.holds).toEqual(['rm missed rejected', 'rm seen approved'])
      // Ids only grow, so that the next one who loses it goes on from the right place.
      const numbers = listener.ids.map((id) => Number(id.split('-')[1]))
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
    },
  )

  it('is told nothing where it missed nothing, and does not fall behind while only others are told', async () => {
    const client = await setup.as('dave')
    const listener = await listen(client)
    const before = listener.seen
    await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    setup.clock.advance(BEAT_MS)
    await expect.poll(() => listener.beats).toBe(1)
    expect(listener.names).toEqual(['sync'])
    expect(listener.seen).not.toBe(before)
    await listener.leave()
    const back = await again(client, listener.seen)
    setup.clock.advance(BEAT_MS)
    await expect.poll(() => back.beats).toBe(1)
    expect(back.names).toEqual([])
  })

  it('is told nothing that it may not see by now', async () => {
    const { client, seen } = await away('bob')
    await setup.world.hold(await setup.world.openSession(PEOPLE.alice), { text: 'rm secret' })
    setup.world.roles.set('sre', [])
    await setup.world.hold(await setup.world.openSession(PEOPLE.bob), { text: 'rm own' })
    const listener = await again(client, seen)
    await expect.poll(() => listener.holds).toEqual(['rm own pending'])
  })

  it('hears that sessions changed', async () => {
    const { client, seen } = await away('carol')
    await setup.world.openSession(PEOPLE.dave)
    const listener = await again(client, seen)
    await expect.poll(() => listener.names).toEqual(['sessions'])
  })

  it.each([
    ['of another start', (seen: string) => `x${seen}`],
    ['from the future', (seen: string) => seen.replace(/\d+$/, '99999')],
    ['that is none', () => 'DROP TABLE'],
    ['that is a number of old', () => '7'],
  ])('asks for everything again with an id %s', async (_, other) => {
    const { client, seen } = await away('bob')
    const listener = await again(client, other(seen))
    await expect.poll(() => listener.names).toEqual(['sync'])
    expect(listener.seen).not.toBe(other(seen))
  })
})

describe('PastChanges', () => {
  const sizes = async () => {
    const { hold } = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    return (text: string) =>
      ({ kind: 'hold', hold: { ...hold, id: newHoldId(), action: { ...hold.action, text } } }) as const
  }

  it('reaches as far back as its bounds in number and characters, and says where it does not', async () => {
    const held = await sizes()
    const past = new PastChanges()
    const first = past.id
    for (let each = 0; each < MOST_CHANGES; each += 1) past.add(held('ls'))
    expect(past.since(first)).toHaveLength(MOST_CHANGES)
    const second = past.since(first)![0]!.id
    past.add(held('ls'))
    expect(past.since(first)).toBeUndefined()
    expect(past.since(second)).toHaveLength(MOST_CHANGES)
    const last = past.id
    const long = 'x'.repeat(MOST_CHARACTERS / 4 - 1)
    const ids = [long, long].map((text) => past.add(held(text)))
    expect(past.since(last)).toHaveLength(2)
    expect(past.since(second)).toBeUndefined()
    past.add(held(long))
    expect(past.since(last)).toBeUndefined()
    expect(past.since(ids[0]!)).toHaveLength(2)
    expect(past.since(past.id)).toEqual([])
  })

  it('keeps of one thing what it is now, in the place of its newest change', async () => {
    const [held, past] = [await sizes(), new PastChanges()]
    const start = past.id
    const [one, other] = [held('one'), held('other')]
    past.add(one)
    past.add(other)
    past.add({ kind: 'hold', hold: { ...one.hold, message: 'newer' } })
    expect(past.since(start)!.map(({ change }) => change.kind === 'hold' && change.hold.message)).toEqual([
      other.hold.message,
      'newer',
    ])
  })
})

describe('EventStream', () => {
  it('replaces what does not fit by one `sync`, and never holds more than its bound', async () => {
    const stream = new EventStream(() => {})
    for (let index = 0; index < 1050; index += 1)
      stream.send({ id: 's-1', name: 'hold', data: { id: newHoldId(), index } })
    stream.end()
    const text = await new Response(stream.body).text()
    const names = [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name)
    expect(names.length).toBeLessThanOrEqual(201)
    expect(names).toContain('sync')
    // What came after the gap is there in full, and in order.
    const after = [...text.slice(text.lastIndexOf('event: sync')).matchAll(/"index":(\d+)/g)].map(([, index]) =>
      Number(index),
    )
    expect(after.at(-1)).toBe(1049)
    expect(after).toEqual(after.map((_, at) => 1050 - after.length + at))
  })

  it('keeps text with line breaks within one event', async () => {
    const stream = new EventStream(() => {})
    stream.send({ id: 's-1', name: 'hold', data: { text: 'a\n\nevent: sync\ndata: x\r\n\u2028' } })
    stream.end()
    const text = await new Response(stream.body).text()
    expect(text.split('\n\n').filter(Boolean)).toHaveLength(1)
    expect(text.match(/^data: /gm)).toHaveLength(1)
  })

  it('says once that it is closed', () => {
    let closed = 0
    const stream = new EventStream(() => {
      closed += 1
    })
    stream.end()
    stream.end()
    stream.send({ id: 's-1', name: 'sync', data: null })
    expect(closed).toBe(1)
  })
})
