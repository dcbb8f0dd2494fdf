import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { QualityDesk } from '../src/approval/quality-desk.ts'
import { reviewMetrics } from '../src/review-metrics.ts'
import { alice, approve, bob, deskOver } from './approval/parts.ts'
import { ManualClock } from './support/manual-clock.ts'
import { type TemporaryStore, temporaryStore } from './support/store.ts'

let temporary: TemporaryStore
beforeAll(async () => {
  temporary = await temporaryStore()
})
afterAll(() => temporary.close())

it('the quality of review is measured, without a name, a target or a command', async () => {
  const { store } = temporary
  const clock = new ManualClock()
  const { desk, held } = deskOver(store, clock)
  const metrics = new Registry()
  reviewMetrics(metrics, { quality: new QualityDesk({ store, clock }), debts: desk.debts })
  expect(await metrics.metrics()).toContain('sallyport_review_fast_share Nan')
  for (const ms of [1000, 60_000]) {
    const { hold } = await held()
    clock.advance(ms)
    await desk.decide(hold.id, bob, approve)
  }
  const glass = {
    who: ['engineering'],
    alert: ['sre'],
    reviewers: ['sre'],
    withinMs: 1000,
    stepUp: { maxAgeMs: 300_000, acr: [] },
  }
  const { hold } = await held({ glass })
  const authentication = { authTime: clock.now(), acr: undefined }
  await desk.glass.break(hold.id, alice, { reason: 'it burns', authentication })
  clock.advance(60_000)
  const text = await metrics.metrics()
  for (const line of [
    'sallyport_review_seconds{quantile="0.5"} 1',
    'sallyport_review_seconds{quantile="0.95"} 60',
    'sallyport_review_fast_share 0.5',
    'sallyport_review_pairs 0',
    'sallyport_review_holds{rule="risky",outcome="approved"} 2',
    'sallyport_review_holds{rule="risky",outcome="brokenGlass"} 1',
    'sallyport_debts{state="open"} 1',
    'sallyport_debts{state="overdue"} 1',
  ])
    expect(text.split('\n')).toContain(line)
  expect(text).not.toMatch(/alice|bob|web-1|srv/)
})
