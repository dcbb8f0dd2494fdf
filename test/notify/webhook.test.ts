/** Webhooks of a real desk, at a real HTTP server that fails as receivers do. */
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NotifyRoute } from '../../src/config.ts'
import { Courier, type DeadLetter, MAX_MESSAGES, WAITS_MS } from '../../src/notify/courier.ts'
import { messageOf, NOTICES } from '../../src/notify/message.ts'
import { readSecret, sign } from '../../src/notify/webhook.ts'
import { GLASS, PEOPLE } from '../web/world.ts'
import { KEY, type NotifyWorld, notifyWorld, type Received, type Receiver, SECRET, startReceiver } from './parts.ts'

let parts: NotifyWorld
let receiver: Receiver
beforeEach(async () => {
  parts = await notifyWorld()
  receiver = await startReceiver()
})
afterEach(async () => {
  receiver.close()
  await parts.close()
})

const route = (more: Partial<Extract<NotifyRoute, { url: URL }>> = {}): NotifyRoute => ({
  name: 'pager',
  url: receiver.url,
  secret: 'hook',
  events: NOTICES,
  withText: false,
  ...more,
})
const held = async (text = 'rm -rf /srv/data/old') => {
  const session = await parts.world.openSession(PEOPLE.alice)
  return (await parts.world.hold(session, { text })).hold
}
const ids = () => receiver.received.map(({ headers }) => headers['webhook-id'])
const types = () => receiver.received.map(({ body }) => JSON.parse(body).type)

/** As a receiver would, from the specification alone. */
function isSigned({ headers, body }: Received): boolean {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', KEY).update(content).digest('base64')}`
}

it('signs as the specification’s own example is signed', () => {
  const key = Buffer.from('plJ3nmyCDGBKInavdOK15jsl', 'base64')
  const body = '{"event_type":"ping","data":{"success":true}}'
  expect(sign(key, { id: 'msg_loFOjxBNrRLzqYUf', timestamp: 1731705121, body })).toBe(
    'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
  )
})

it.each(['', 'whsec_', 'whsec_c2hvcnQ=', `${SECRET}!`, 'a'.repeat(40)])('refuses the secret %j', (text) => {
  expect(() => readSecret(Buffer.from(text))).toThrow('A webhook’s secret is')
})

describe('broken glass', () => {
  it('is told of to those who want it, by its rule’s names, when it is overdue, and when it is closed', async () => {
    parts.start(route({ withText: true }))
    const session = await parts.world.openSession(PEOPLE.alice)
    const { hold } = await parts.world.hold(session, { quorum: { glass: { ...GLASS, alert: ['adm\u202ein'] } } })
    await receiver.until(1)
    const authentication = { authTime: parts.clock.now(), acr: undefined }
    await parts.world.desk.glass.break(hold.id, PEOPLE.alice, { reason: 'it burns \u001b[2J', authentication })
    await receiver.until(2)
    const overdue = new Promise<void>((resolve) => {
      parts.world.desk.debts.subscribe((_, step) => step === 'overdue' && resolve())
    })
    parts.clock.advance(GLASS.withinMs)
    await overdue
    await receiver.until(3)
    await parts.world.desk.debts.close(hold.id, PEOPLE.bob, 'it did')
    await receiver.until(4)
    // Nobody decided it, so no decision is told of.
    expect(types()).toEqual(['hold.created', 'glass.broken', 'debt.overdue', 'debt.closed'])
    const [, broken, , closed] = receiver.received.map(({ body }) => JSON.parse(body))
    expect(broken.data).toMatchObject({
      requester: 'Alice Ames',
      reason: 'it burns ␛[2J',
      glass: { alert: ['adm⟨202e⟩in'], reviewers: ['reviewer'], dueAt: '2026-11-29T08:00:00.000Z', closedBy: null },
    })
    expect(closed.data).toMatchObject({ reason: 'it did', glass: { closedBy: 'Bob Bell' } })
    expect(receiver.received.every(isSigned)).toBe(true)
  })
})

describe('a hold', () => {
  it('is told of when it is created and decided, signed, without the command’s text', async () => {
    parts.start(route())
    const hold = await held()
    await receiver.until(1)
    parts.clock.advance(1000)
    await parts.world.desk.decide(hold.id, PEOPLE.bob, { kind: 'approve', reason: 'agreed' })
    await receiver.until(2)
    expect(receiver.received.every(isSigned)).toBe(true)
    expect(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).toEqual(['1795852800', '1795852801'])
    const [created, decided] = receiver.received.map(({ body }) => JSON.parse(body))
    expect(created).toEqual({
      type: 'hold.created',
      timestamp: '2026-11-28T08:00:00.000Z',
      data: {
        hold: hold.id,
        url: `http://127.0.0.1:8080/holds/${hold.id}`,
        state: 'pending',
        requester: 'Alice Ames',
        target: 'web-1',
        login: 'deploy',
        rule: hold.because.name,
        reviewers: ['reviewer'],
        expiresAt: hold.expiresAt.toISOString(),
        decidedBy: [],
      },
    })
    expect(decided).toMatchObject({ type: 'hold.decided', data: { state: 'approved', decidedBy: ['Bob Bell'] } })
    expect(new Set(ids()).size).toBe(2)
  })

  it('is told of when it expires, and a route hears only what it asked for', async () => {
    parts.start(route({ events: ['hold.expired'] }))
    const hold = await held()
    parts.clock.advance(hold.expiresAt.getTime() - parts.clock.now().getTime())
    await receiver.until(1)
    expect(types()).toEqual(['hold.expired'])
  })

  it('brings its text only where the route says so, and then without anything that is obeyed', async () => {
    parts.start(route({ withText: true }))
    await held('echo \u001b[2J\u202e <b>x</b>\r\n')
    await receiver.until(1)
    const { data } = JSON.parse(receiver.received[0]!.body)
    expect(data.text).toBe('echo ␛[2J⟨202e⟩ <b>x</b>⟨000d⟩⏎')
    expect(receiver.received[0]!.headers['content-type']).toBe('application/json')
  })
})

describe('a receiver that fails', () => {
  const lettersOf = async () => (await parts.world.events('notification.failed')).map(({ detail }) => detail)

  it('gets each message again, under the same id, until it takes it: every third request fails', async () => {
    receiver.answer = (nth) => (nth % 3 === 0 ? [500, 0, 302][(nth / 3) % 3]! : 200)
    const notifications = parts.start(route({ events: ['hold.created'] }))
    for (let each = 0; each < 9; each += 1) await held(`rm ${each}`)
    await receiver.until(9)
    await vi.waitFor(() => expect(notifications.counts()[0]).toMatchObject({ delivered: 6, failed: 3 }))
    parts.clock.advance(WAITS_MS[0])
    await vi.waitFor(() => expect(notifications.counts()[0]).toMatchObject({ delivered: 8, failed: 4 }))
    parts.clock.advance(WAITS_MS[1])
    await vi.waitFor(() => expect(notifications.counts()[0]).toMatchObject({ delivered: 9, waiting: 0, dead: 0 }))
    expect(receiver.received).toHaveLength(13)
    expect(new Set(ids()).size).toBe(9)
    expect(receiver.received.every(isSigned)).toBe(true)
  })

  it('for good makes a dead letter, in the audit log, after the last attempt', async () => {
    receiver.answer = () => 503
    const notifications = parts.start(route({ events: ['hold.created'] }))
    const { id } = await held()
    for (const [index, wait] of WAITS_MS.entries()) {
      await vi.waitFor(() => expect(notifications.counts()[0]!.failed).toBe(index + 1))
      parts.clock.advance(wait - 1)
      expect(receiver.received).toHaveLength(index + 1)
      parts.clock.advance(1)
    }
    await vi.waitFor(async () => expect(await lettersOf()).toHaveLength(1))
    expect(notifications.counts()[0]).toMatchObject({ failed: 6, dead: 1, waiting: 0 })
    const [event] = await parts.world.events('notification.failed')
    expect(event).toMatchObject({ hold: id, detail: { route: 'pager', attempts: 6, why: 'the receiver answered 503' } })
  })

  it('is not asked again where it says that it is gone', async () => {
    receiver.answer = () => 410
    parts.start(route({ events: ['hold.created'] }))
    await held()
    await vi.waitFor(async () => expect(await lettersOf()).toMatchObject([{ attempts: 1 }]))
    expect(receiver.received).toHaveLength(1)
  })

  it('is sent nothing that cannot be signed', async () => {
    const notifications = parts.start(route({ secret: 'odd' }), route({ name: 'other', secret: 'not-there' }))
    await held()
    await vi.waitFor(() => expect(notifications.counts().map(({ failed }) => failed)).toEqual([1, 1]))
    expect(receiver.received).toEqual([])
  })

  it('does not make the bastion keep more than it may: the rest is dead at once', async () => {
    const dead: DeadLetter[] = []
    const { promise: never } = Promise.withResolvers<void>()
    const courier = new Courier({
      clock: parts.clock,
      channel: { deliver: () => never },
      onOutcome() {},
      onDead: (letter) => dead.push(letter),
    })
    const hold = await held()
    const options = { route: 'pager', publicUrl: new URL('http://127.0.0.1'), withText: false }
    for (let each = 0; each <= MAX_MESSAGES; each += 1) courier.send(messageOf(hold, 'hold.created', options))
    expect(courier.size).toBe(MAX_MESSAGES)
    expect(dead).toMatchObject([{ attempts: 0, why: '1000 others wait already' }])
    courier.close()
  })
})
