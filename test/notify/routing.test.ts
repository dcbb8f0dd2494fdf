/** Which route is told of what: by role, by event, by the hour. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { NotifyRoute } from '../../src/config.ts'
import { NOTICES } from '../../src/notify/message.ts'
import { GLASS, type HoldOptions, PEOPLE } from '../web/world.ts'
import { type NotifyWorld, notifyWorld, type Receiver, startReceiver } from './parts.ts'

let parts: NotifyWorld
let first: Receiver
let second: Receiver
beforeEach(async () => {
  parts = await notifyWorld()
  first = await startReceiver()
  second = await startReceiver()
})
afterEach(async () => {
  first.close()
  second.close()
  await parts.close()
})

type More = Pick<NotifyRoute, 'roles' | 'quiet'>
const route = (receiver: Receiver, more: More = {}): NotifyRoute => ({
  ...{ name: receiver === first ? 'first' : 'second', url: receiver.url, secret: 'hook' },
  ...{ events: NOTICES, withText: false, ...more },
})
const held = async (quorum: HoldOptions['quorum'] = {}) =>
  (await parts.world.hold(await parts.world.openSession(PEOPLE.alice), { quorum })).hold
const types = ({ received }: Receiver) => received.map(({ body }) => JSON.parse(body).type)

it('tells the next group when it is asked, and not before', async () => {
  parts.start(route(first, { roles: ['reviewer'] }), route(second, { roles: ['manager'] }))
  const hold = await held({ escalation: { afterMs: 600_000, to: ['manager'] } })
  await first.until(1)
  // What is said meanwhile is no reason to leave anybody out.
  await parts.world.desk.conversation.explain(hold, 'ticket 4711')
  parts.clock.advance(600_000)
  await second.until(1)
  expect(types(second)).toEqual(['hold.escalated'])
  const { data, timestamp } = JSON.parse(second.received[0]!.body)
  expect([data.reviewers, timestamp]).toEqual([['reviewer', 'manager'], '2026-11-28T08:10:00.000Z'])
  await parts.world.desk.decide(hold.id, PEOPLE.bob, { kind: 'approve', reason: '' })
  await Promise.all([first.until(2), second.until(2)])
  expect([types(first), types(second)]).toEqual([
    ['hold.created', 'hold.decided'],
    ['hold.escalated', 'hold.decided'],
  ])
})

it('tells broken glass to those that its rule names, also in quiet hours', async () => {
  const quiet = { days: undefined, from: 0, to: 1439, zone: 'UTC' }
  parts.start(route(first, { roles: ['admin'], quiet }), route(second, { roles: ['nobody'] }))
  const { id } = await held({ glass: GLASS })
  const authentication = { authTime: parts.clock.now(), acr: undefined }
  await parts.world.desk.glass.break(id, PEOPLE.alice, { reason: 'it burns', authentication })
  await first.until(1)
  expect([types(first), types(second)]).toEqual([['glass.broken'], []])
})

it('keeps quiet in the hours of a place, counts what it kept back, and tells again afterwards', async () => {
  // 08:00 in London is 09:00 in Berlin.
  const quiet = { days: undefined, from: 22 * 60, to: 9 * 60 + 30, zone: 'Europe/Berlin' }
  const notifications = parts.start(route(first, { quiet }), route(second))
  await held()
  await second.until(1)
  expect(notifications.counts().map((counts) => counts.quiet)).toEqual([1, 0])
  parts.clock.advance(30 * 60_000)
  await held()
  await second.until(3)
  await vi.waitFor(() => expect(types(first)).toContain('hold.created'))
  expect(types(first).filter((type) => type === 'hold.created')).toHaveLength(1)
})
