/** Further roles are asked where nobody has decided: whom the rule names, once, and on record. */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Waiting } from '../../src/approval/desk.ts'
import type { Hold } from '../../src/core/hold.ts'
import type { Store } from '../../src/core/ports.ts'
import type { Quorum } from '../../src/core/verdict.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from '../support/store.ts'
import { alice, approve, bob, type DeskUnderTest, deskOver, person, reject, word } from './parts.ts'

const ESCALATED: Partial<Quorum> = { escalation: { afterMs: 600_000, to: ['managers', 'sre'] } }
const mona = person('mona', { groups: ['managers'] })

let temporary: TemporaryStore
let store: Store
let clock: ManualClock
let here: DeskUnderTest

beforeAll(async () => {
  temporary = await temporaryStore()
  store = temporary.store
})
afterAll(() => temporary.close())
beforeEach(() => {
  clock = new ManualClock()
  here = deskOver(store, clock)
})

const events = async ({ hold }: Waiting) =>
  (await store.audit.list({ hold: hold.id, limit: 50 })).map(({ type }) => type)

/** Lets the time come, and resolves to the hold as it is announced then. */
function escalated({ desk }: DeskUnderTest, ms = 600_000): Promise<Hold> {
  const announced = new Promise<Hold>((resolve) => {
    const stop = desk.escalations.subscribe((hold) => {
      stop()
      resolve(hold)
    })
  })
  clock.advance(ms)
  return announced
}

it('lets those decide whom the rule names, from its time on and no sooner', async () => {
  const waiting = await here.held(ESCALATED)
  clock.advance(599_999)
  await expect(here.desk.decide(waiting.hold.id, mona, approve)).rejects.toMatchObject({ code: 'forbidden' })
  const hold = await escalated(here, 1)
  expect(hold).toMatchObject({ id: waiting.hold.id, escalatedAt: clock.now(), state: { kind: 'pending' } })
  expect(hold.quorum.reviewers).toEqual(['sre', 'managers'])
  const [event] = await store.audit.list({ types: ['hold.escalated'], hold: hold.id, limit: 1 })
  expect(event).toMatchObject({ actor: alice.id, detail: { asked: ['sre'], to: ['managers', 'sre'] } })
  await here.desk.decide(hold.id, mona, approve)
  expect(word(await waiting.outcome)).toBe('approved')
})

it('still lets the first ones decide, and never the requester, whatever their roles', async () => {
  const manager = person('max', { groups: ['managers'] })
  const waiting = await here.held(ESCALATED, { principal: manager })
  await escalated(here)
  await expect(here.desk.decide(waiting.hold.id, manager, approve)).rejects.toMatchObject({ code: 'forbidden' })
  const twin = person('max', { groups: ['managers'], issuer: 'https://other.example' })
  await expect(here.desk.decide(waiting.hold.id, twin, approve)).rejects.toMatchObject({ code: 'forbidden' })
  await here.desk.decide(waiting.hold.id, bob, approve)
  expect(word(await waiting.outcome)).toBe('approved')
})

it('announces it to the pages, which then show it to them', async () => {
  const seen: Hold[] = []
  here.desk.subscribe((hold) => seen.push(hold))
  await here.held(ESCALATED)
  await escalated(here)
  expect(seen.map(({ quorum }) => quorum.reviewers.includes('managers'))).toEqual([false, true])
})

it.each<[string, (waiting: Waiting) => Promise<unknown>]>([
  ['decided', ({ hold }) => here.desk.decide(hold.id, bob, reject)],
  [
    'taken back',
    async (waiting) => {
      waiting.withdraw('Ctrl-C')
      await waiting.outcome
    },
  ],
])('asks nobody further where it was %s before', async (_, end) => {
  const waiting = await here.held(ESCALATED)
  await end(waiting)
  const timer = clock.nextInMs
  clock.advance(600_000)
  expect(timer).toBeUndefined()
  expect(await events(waiting)).not.toContain('hold.escalated')
  expect((await here.desk.find(waiting.hold.id)).quorum.reviewers).toEqual(['sre'])
})

it('asks nobody further where that cannot be put on record', async () => {
  const full = deskOver(
    withAudit(store, (nth) => {
      if (nth === 2) throw STORAGE_FULL
    }),
    clock,
  )
  const waiting = await full.held(ESCALATED)
  clock.advance(600_000)
  await vi.waitFor(() =>
    expect(full.log.lines.map(({ message }) => message)).toEqual(['a hold could not be escalated']),
  )
  expect((await full.desk.find(waiting.hold.id)).quorum.reviewers).toEqual(['sre'])
  await expect(full.desk.decide(waiting.hold.id, mona, approve)).rejects.toMatchObject({ code: 'forbidden' })
})

it('asks nobody where the rule names nobody', async () => {
  const waiting = await here.held()
  clock.advance(899_999)
  expect((await here.desk.find(waiting.hold.id)).quorum.reviewers).toEqual(['sre'])
})
