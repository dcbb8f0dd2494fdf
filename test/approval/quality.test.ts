import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qualityOf, quantile } from '../../src/approval/quality.ts'
import { QualityDesk } from '../../src/approval/quality-desk.ts'
import type { Decision, Hold, HoldState } from '../../src/core/hold.ts'
import type { Principal } from '../../src/core/principal.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type TemporaryStore, temporaryStore } from '../support/store.ts'
import { action, alice, bob, erin, kept, person, RULE } from './parts.ts'

const AT = new Date('2026-11-28T10:00:00Z')
const dave = person('dave')
const later = (ms: number) => new Date(AT.getTime() + ms)

function decided(asker: Principal, by: Principal, tookMs: number, kind: Decision['kind'] = 'approve'): Hold {
  const at = later(tookMs)
  const state: HoldState =
    kind === 'reject' ? { kind: 'rejected', at, by, reason: 'no' } : { kind: 'done', at, exitStatus: 0 }
  const hold = kept(AT, { action: action({ principal: asker }), state })
  return { ...hold, decisions: [{ kind, by, at, reason: '' }] }
}
const times = (count: number, make: () => Hold) => Array.from({ length: count }, make)

describe('the quality of review', () => {
  it('is nothing of nothing', () => {
    expect(qualityOf([])).toEqual({
      decided: 0,
      p50Ms: undefined,
      p95Ms: undefined,
      approved: 0,
      rejected: 0,
      fast: 0,
      reviewers: [],
      pairs: [],
      rules: [],
    })
  })

  it('counts time to decide, and approvals that nobody can have read, for all and for each', () => {
    const quality = qualityOf([
      decided(alice, bob, 2999),
      decided(alice, bob, 3000),
      decided(alice, bob, 60_000, 'reject'),
      decided(alice, erin, 500, 'reject'),
      // The requester's own word is no review.
      decided(alice, alice, 10, 'break-glass'),
    ])
    expect(quality).toMatchObject({ decided: 4, p50Ms: 2999, p95Ms: 60_000, approved: 2, rejected: 2, fast: 1 })
    expect(quality.reviewers).toMatchObject([
      { person: bob, decided: 3, fast: 1, p50Ms: 3000 },
      { person: erin, decided: 1, fast: 0, rejected: 1 },
    ])
  })

  it.each([
    [[], 0.5, undefined],
    [[7], 0.95, 7],
    [[1, 2], 0.5, 1],
    [Array.from({ length: 100 }, (_, at) => at + 1), 0.95, 95],
  ])('quantile(%j, %d)', (sorted, q, expected) => {
    expect(quantile(sorted, q)).toBe(expected)
  })

  it('finds two who only approve each other, once', () => {
    const mutual = [...times(3, () => decided(bob, erin, 9000)), ...times(4, () => decided(erin, bob, 9000))]
    const [pair, ...more] = qualityOf(mutual).pairs
    expect([pair?.approvals, more]).toEqual([7, []])
    expect(new Set([pair?.one.id, pair?.other.id])).toEqual(new Set([bob.id, erin.id]))
  })

  it.each([
    ['too few of one', [...times(2, () => decided(bob, erin, 9000)), ...times(4, () => decided(erin, bob, 9000))]],
    ['only one way', times(9, () => decided(bob, erin, 9000))],
    [
      'one who also decides for others',
      [
        ...times(3, () => decided(bob, erin, 9000)),
        ...times(3, () => decided(erin, bob, 9000)),
        decided(dave, bob, 9000),
      ],
    ],
    [
      'one who also says no',
      [
        ...times(3, () => decided(bob, erin, 9000)),
        ...times(3, () => decided(erin, bob, 9000)),
        decided(erin, bob, 9000, 'reject'),
      ],
    ],
  ])('takes for no pair %s', (_, holds) => {
    expect(qualityOf(holds).pairs).toEqual([])
  })

  it('tells what became of what each rule held', () => {
    const state = (kind: 'expired' | 'withdrawn') =>
      kept(AT, { action: action(), state: { kind, at: AT, reason: 'x' } })
    const other = { ...kept(AT, { action: action(), state: { kind: 'pending' } }), because: { ...RULE, name: 'other' } }
    const holds = [
      decided(alice, bob, 9000),
      decided(alice, bob, 9000, 'reject'),
      decided(alice, alice, 9000, 'break-glass'),
      state('expired'),
      state('withdrawn'),
      other,
    ]
    expect(qualityOf(holds).rules).toEqual([
      { rule: 'risky', held: 5, pending: 0, approved: 1, rejected: 1, expired: 1, withdrawn: 1, brokenGlass: 1 },
      { rule: 'other', held: 1, pending: 1, approved: 0, rejected: 0, expired: 0, withdrawn: 0, brokenGlass: 0 },
    ])
  })
})

describe('the report', () => {
  let temporary: TemporaryStore
  beforeAll(async () => {
    temporary = await temporaryStore()
  })
  afterAll(() => temporary.close())

  it('is made of every hold of its time, also of many at one moment, and is kept for a minute', async () => {
    const { store } = temporary
    const clock = new ManualClock(later(0))
    const quality = new QualityDesk({ store, clock })
    const heldAt = (ms: number) => {
      const hold = kept(later(ms), { action: action(), state: { kind: 'pending' } })
      return store.holds.insert(hold)
    }
    for (let at = 0; at < 150; at += 1) await heldAt(-1000)
    for (let at = 0; at < 150; at += 1) await heldAt(-1000 * (at + 2))
    await heldAt(-86_400_000 * 2)
    expect(await quality.report(1)).toMatchObject({ holds: 300, isCut: false })
    expect(await quality.report(30)).toMatchObject({ holds: 301 })
    await heldAt(-1)
    clock.advance(59_999)
    expect(await quality.report(30)).toMatchObject({ holds: 301 })
    clock.advance(1)
    expect(await quality.report(30)).toMatchObject({ holds: 302, isCut: false })
  })
})
