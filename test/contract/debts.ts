/** What every DebtStore must do, as a part of the Store contract. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import type { Debt } from '../../src/core/debt.ts'
import type { Decision, Hold } from '../../src/core/hold.ts'
import { newHoldId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import { fixtures } from './fixtures.ts'
import type { StorePlace } from './store.ts'

export function debtContract(name: string, newPlace: () => Promise<StorePlace>, clock: Clock): void {
  const make = fixtures(clock)
  const debtOf = ({ id, action }: Hold): Debt => ({
    hold: id,
    principal: action.principal,
    reason: 'es brennt \u202e',
    brokenAt: clock.now(),
    dueAt: new Date(clock.now().getTime() + 86_400_000),
    alert: ['on-call'],
    reviewers: ['sre', 'security'],
    closed: undefined,
  })
  const broken = ({ action }: Hold): Decision =>
    make.decision({ kind: 'break-glass', by: action.principal, reason: 'es brennt' })

  describe(`${name} keeps debts`, () => {
    let place: StorePlace
    let store: Store
    let other: Store
    beforeEach(async () => {
      place = await newPlace()
      store = await place.open()
      other = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await other.close()
      await place.remove()
    })
    const held = async (): Promise<Hold> => {
      const hold = make.hold({
        quorum: {
          ...make.hold().quorum,
          stepUp: { maxAgeMs: 60_000, acr: ['mfa'] },
          glass: {
            who: ['engineer'],
            alert: ['on-call'],
            reviewers: ['sre'],
            withinMs: 1000,
            stepUp: { maxAgeMs: 300_000, acr: [] },
          },
        },
      })
      await store.holds.insert(hold)
      return hold
    }

    it('and breaks the glass in one step: the decision, the state and the debt', async () => {
      const hold = await held()
      const decision = broken(hold)
      const after = { ...hold, decisions: [decision], state: { kind: 'approved', at: decision.at } }
      expect(await store.debts.incur(debtOf(hold), decision)).toEqual(after)
      expect(await other.holds.find(hold.id)).toEqual(after)
      expect(await other.debts.find(hold.id)).toEqual(debtOf(hold))
      expect(await other.debts.find(newHoldId())).toBeUndefined()
    })

    it('of which one of many at once wins, and the others leave nothing', async () => {
      const hold = await held()
      const results = await Promise.all(
        [store, other, store, other].map((each) => each.debts.incur(debtOf(hold), broken(hold))),
      )
      expect(results.filter((result) => result !== undefined)).toHaveLength(1)
      expect(await store.debts.list({ limit: 10 })).toHaveLength(1)
    })

    it('but not for what is decided, or not there', async () => {
      const hold = await held()
      await store.holds.transition(hold.id, 'pending', { kind: 'withdrawn', at: clock.now(), reason: 'x' })
      expect(await store.debts.incur(debtOf(hold), broken(hold))).toBeUndefined()
      const never = make.hold()
      expect(await store.debts.incur(debtOf(never), broken(never))).toBeUndefined()
      expect(await store.debts.list({ limit: 10 })).toEqual([])
    })

    it('and neither where one of the two cannot be kept', async () => {
      const hold = await held()
      const bad = { ...debtOf(hold), dueAt: new Date(Number.NaN) }
      await expect(store.debts.incur(bad, broken(hold))).rejects.toMatchObject({ code: 'internal' })
      expect(await store.holds.find(hold.id)).toEqual(hold)
    })

    it('closes one once, and lists open and closed ones, newest first', async () => {
      const [first, second] = [await held(), await held()]
      for (const hold of [first, second]) await store.debts.incur(debtOf(hold), broken(hold))
      expect((await store.debts.list({ limit: 10 })).map(({ hold }) => hold)).toEqual([second.id, first.id])
      const closed = { at: clock.now(), by: make.person('bob'), word: 'gut so' }
      const results = await Promise.all([
        store.debts.close(first.id, closed),
        other.debts.close(first.id, { ...closed, word: 'nicht gut' }),
      ])
      expect(results.sort()).toEqual([false, true])
      expect(await store.debts.close(newHoldId(), closed)).toBe(false)
      expect((await store.debts.list({ open: true, limit: 10 })).map(({ hold }) => hold)).toEqual([second.id])
      expect((await store.debts.list({ open: false, limit: 10 })).map(({ hold }) => hold)).toEqual([first.id])
      expect(await store.debts.list({ limit: 1 })).toHaveLength(1)
      expect((await store.debts.find(first.id))?.closed?.at).toEqual(closed.at)
    })
  })
}
