import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redeem } from '../../src/approval/clearance.ts'
import type { Outcome } from '../../src/approval/desk.ts'
import { REASON_LIMIT } from '../../src/approval/word.ts'
import type { AuditType } from '../../src/core/audit.ts'
import type { Hold } from '../../src/core/hold.ts'
import type { HoldId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { door, STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from '../support/store.ts'
import {
  action,
  alice,
  approve,
  bob,
  type DeskUnderTest,
  deskOver,
  erin,
  hold,
  person,
  RULE,
  reject,
  word,
} from './parts.ts'

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

const stateOf = async (id: HoldId) => (await store.holds.find(id))!.state.kind

async function auditOf(id: HoldId): Promise<readonly AuditType[]> {
  return (await store.audit.list({ hold: id, limit: 1000 })).map(({ type }) => type).reverse()
}

/** What the gate, the store and the audit log say of a hold must be one story. */
async function expectOneStory(outcome: Outcome, id: HoldId): Promise<void> {
  const told = word(outcome)
  expect(await stateOf(id)).toBe(told)
  const ends = (await auditOf(id)).filter((type) => type.startsWith('hold.'))
  expect(ends.at(-1)).toBe(`hold.${told}`)
  expect(ends.filter((type) => type !== 'hold.approved').length + (told === 'approved' ? 1 : 0)).toBe(1)
}

describe('submit()', () => {
  it('clears what is allowed, and says so in the audit log first', async () => {
    const asked = action()
    const outcome = await here.desk.submit(asked, { kind: 'allow', because: RULE }, [])
    expect(outcome).toMatchObject({ kind: 'cleared', hold: undefined })
    const [event] = await store.audit.list({ session: asked.session, limit: 5 })
    expect(event).toMatchObject({ type: 'command.allowed', detail: { text: asked.text } })
  })

  it('refuses what is denied', async () => {
    const asked = action()
    const outcome = await here.desk.submit(asked, { kind: 'deny', because: RULE, message: 'no rm here' }, [])
    expect(outcome).toMatchObject({ kind: 'refused', how: 'denied', message: 'no rm here' })
    expect((await store.audit.list({ session: asked.session, limit: 5 }))[0]?.type).toBe('command.denied')
  })

  it('holds, keeps the hold and announces it', async () => {
    const announced: Hold[] = []
    here.desk.subscribe((held) => announced.push(held))
    const waiting = await here.held()
    expect(await stateOf(waiting.hold.id)).toBe('pending')
    expect(announced.map(({ id }) => id)).toEqual([waiting.hold.id])
    expect(await auditOf(waiting.hold.id)).toEqual(['command.held'])
  })

  it('is not stopped by a listener that fails', async () => {
    here.desk.subscribe(() => {
      throw new Error('a broken page')
    })
    const waiting = await here.held()
    await here.desk.decide(waiting.hold.id, bob, approve)
    expect(word(await waiting.outcome)).toBe('approved')
    expect(here.log.lines.map(({ message }) => message)).toContain('a listener to holds failed')
  })
})

describe('the ways of a hold', () => {
  it('approve → run → done', async () => {
    const waiting = await here.held()
    await here.desk.decide(waiting.hold.id, bob, approve)
    const outcome = await waiting.outcome
    await expectOneStory(outcome, waiting.hold.id)
    if (outcome.kind !== 'cleared') throw new Error('not cleared')
    redeem(outcome.clearance, { session: waiting.hold.action.session, text: 'rm -rf /srv/old' })
    await here.desk.approvals.running(waiting.hold.id)
    expect(await stateOf(waiting.hold.id)).toBe('running')
    await here.desk.approvals.finished(waiting.hold.id, 3)
    expect((await here.desk.find(waiting.hold.id)).state).toMatchObject({ kind: 'done', exitStatus: 3 })
    expect(await auditOf(waiting.hold.id)).toEqual([
      'command.held',
      'hold.approved',
      'command.released',
      'command.finished',
    ])
  })

  it('approve → revoked, where it never runs, and no more than that', async () => {
    const waiting = await here.held()
    await here.desk.approvals.revoke(waiting.hold.id, 'too early')
    expect(await stateOf(waiting.hold.id)).toBe('pending')
    await here.desk.decide(waiting.hold.id, bob, approve)
    await here.desk.approvals.revoke(waiting.hold.id, 'the one who asked is gone')
    await here.desk.approvals.revoke(waiting.hold.id, 'again')
    expect((await here.desk.find(waiting.hold.id)).state).toMatchObject({
      kind: 'revoked',
      reason: 'the one who asked is gone',
    })
    await expect(here.desk.approvals.running(waiting.hold.id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await auditOf(waiting.hold.id)).toEqual(['command.held', 'hold.approved', 'hold.revoked'])
  })

  it('approve → run → unknown', async () => {
    const waiting = await here.held()
    await here.desk.decide(waiting.hold.id, bob, approve)
    await here.desk.approvals.running(waiting.hold.id)
    await here.desk.approvals.finished(waiting.hold.id, undefined)
    expect(await stateOf(waiting.hold.id)).toBe('unknown')
  })

  it('reject', async () => {
    const waiting = await here.held({ count: 2 })
    await here.desk.decide(waiting.hold.id, bob, approve)
    await here.desk.decide(waiting.hold.id, erin, reject)
    const outcome = await waiting.outcome
    expect(outcome).toMatchObject({ message: 'rejected by erin: not today' })
    await expectOneStory(outcome, waiting.hold.id)
  })

  it('expire, by the clock, and not a moment before', async () => {
    const waiting = await here.held({ expiresAfterMs: 60_000 })
    clock.advance(59_999)
    expect(await stateOf(waiting.hold.id)).toBe('pending')
    clock.advance(1)
    await expectOneStory(await waiting.outcome, waiting.hold.id)
    expect(await stateOf(waiting.hold.id)).toBe('expired')
  })

  it('expire though the timer is late: nobody may approve after the time', async () => {
    const lateClock = new ManualClock()
    const late = deskOver(store, Object.assign(lateClock, { after: () => () => {} }))
    const waiting = await late.held({ expiresAfterMs: 60_000 })
    lateClock.advance(60_000)
    await expect(late.desk.decide(waiting.hold.id, bob, approve)).rejects.toMatchObject({ code: 'conflict' })
    await expectOneStory(await waiting.outcome, waiting.hold.id)
    expect(await stateOf(waiting.hold.id)).toBe('expired')
  })

  it('withdraw', async () => {
    const waiting = await here.held()
    waiting.withdraw('Ctrl-C')
    waiting.withdraw('Ctrl-C again')
    const outcome = await waiting.outcome
    expect(outcome).toMatchObject({ message: 'withdrawn: Ctrl-C' })
    await expectOneStory(outcome, waiting.hold.id)
  })

  it('cannot run what is not approved, nor twice', async () => {
    const waiting = await here.held()
    await expect(here.desk.approvals.running(waiting.hold.id)).rejects.toMatchObject({ code: 'conflict' })
    await here.desk.decide(waiting.hold.id, bob, approve)
    await here.desk.approvals.running(waiting.hold.id)
    await expect(here.desk.approvals.running(waiting.hold.id)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('stops the timer once it is decided', async () => {
    const waiting = await here.held()
    await here.desk.decide(waiting.hold.id, bob, approve)
    await waiting.outcome
    expect(clock.nextInMs).toBeUndefined()
  })
})

describe('decide()', () => {
  it.each([
    ['fault 43: the requester', { ...alice, groups: ['sre'] }],
    [
      'fault 43: the requester at another provider',
      person('alice', { issuer: 'https://other.example', email: undefined }),
    ],
    ['fault 43: the requester under another sub', person('alice2', { email: 'Alice@EXAMPLE.org' })],
    ['somebody without the role', person('carol', { groups: [] })],
  ])('refuses %s, in the audit log too', async (_, who) => {
    const waiting = await here.held()
    for (const decision of [approve, reject]) {
      await expect(here.desk.decide(waiting.hold.id, who, decision)).rejects.toMatchObject({ code: 'forbidden' })
    }
    expect(await auditOf(waiting.hold.id)).toEqual(['command.held', 'decision.refused', 'decision.refused'])
    expect(await stateOf(waiting.hold.id)).toBe('pending')
  })

  it('counts a reviewer once', async () => {
    const waiting = await here.held({ count: 2 })
    await here.desk.decide(waiting.hold.id, bob, approve)
    await expect(here.desk.decide(waiting.hold.id, bob, approve)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await stateOf(waiting.hold.id)).toBe('pending')
    await here.desk.decide(waiting.hold.id, erin, approve)
    await expectOneStory(await waiting.outcome, waiting.hold.id)
  })

  it('fault 43: two accounts of one reviewer, at the same moment, are one person', async () => {
    const waiting = await here.held({ count: 2 })
    const second = person('robert', { email: 'Bob@example.org' })
    await Promise.all([
      here.desk.decide(waiting.hold.id, bob, approve),
      here.desk.decide(waiting.hold.id, second, approve),
    ])
    expect(await stateOf(waiting.hold.id)).toBe('pending')
    await here.desk.decide(waiting.hold.id, erin, approve)
    expect(word(await waiting.outcome)).toBe('approved')
  })

  it.each([
    ['a rejection without a reason', {}, { kind: 'reject', reason: ' ' }],
    ['an approval where a reason is asked for', { reasonRequired: true }, { kind: 'approve', reason: '\n' }],
    ['a reason without end', {}, { kind: 'approve', reason: 'x'.repeat(REASON_LIMIT + 1) }],
  ] as const)('refuses %s', async (_, quorum, decision) => {
    const waiting = await here.held(quorum)
    await expect(here.desk.decide(waiting.hold.id, bob, decision)).rejects.toMatchObject({ code: 'invalid' })
    expect(await stateOf(waiting.hold.id)).toBe('pending')
  })

  it('says what became of a hold that is over', async () => {
    const waiting = await here.held()
    await here.desk.decide(waiting.hold.id, bob, reject)
    await expect(here.desk.decide(waiting.hold.id, erin, approve)).rejects.toThrow('rejected by bob')
    await expect(here.desk.decide('h0' as HoldId, erin, approve)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('has one winner of a hundred who decide at once', async () => {
    const waiting = await here.held()
    const people = Array.from({ length: 100 }, (_, index) => person(`reviewer-${index}`))
    const results = await Promise.allSettled(
      people.map((who, index) => here.desk.decide(waiting.hold.id, who, index % 2 === 0 ? approve : reject)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expectOneStory(await waiting.outcome, waiting.hold.id)
    expect((await here.desk.find(waiting.hold.id)).decisions).toHaveLength(1)
    expect((await auditOf(waiting.hold.id)).length).toBe(2)
  })
})

describe('races', () => {
  it('on one database, a hundred who decide by two bastions at once have one winner and one story', async () => {
    const path = await temporary.another()
    const elsewhere = deskOver(path, new ManualClock())
    const waiting = await here.held()
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => {
        const { desk } = index % 2 === 0 ? here : elsewhere
        return desk.decide(waiting.hold.id, person(`reviewer-${index}`), index % 3 === 0 ? approve : reject)
      }),
    )
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.state.kind] : []))
    expect(won).toEqual([await stateOf(waiting.hold.id)])
    for (const result of results) if (result.status === 'rejected') expect(result.reason.code).toBe('conflict')
    expect((await here.desk.find(waiting.hold.id)).decisions).toHaveLength(1)
    expect(await auditOf(waiting.hold.id)).toEqual(['command.held', `hold.${won[0]}`])
    await path.close()
  })

  it('fault 43: withdraw, approve, reject and expiry at one moment give one outcome everywhere (100 interleavings)', async () => {
    let seed = 1
    const random = (limit: number) => {
      seed = (seed * 48_271) % 0x7fffffff
      return seed % limit
    }
    const seen = new Set<string>()
    for (let round = 0; round < 100; round++) {
      const waiting = await here.held({ expiresAfterMs: 1000 })
      const steps = [
        () => waiting.withdraw('gone'),
        () => here.desk.decide(waiting.hold.id, bob, approve),
        () => here.desk.decide(waiting.hold.id, erin, reject),
        () => clock.advance(1000),
      ]
      const order = steps.map((step) => ({ step, at: random(8) })).sort((a, b) => a.at - b.at)
      await Promise.allSettled(
        order.map(async ({ step, at }) => {
          for (let turn = 0; turn < at; turn++) await Promise.resolve()
          if (at > 5) await new Promise((done) => setImmediate(done))
          return step()
        }),
      )
      const outcome = await waiting.outcome
      seen.add(word(outcome))
      await expectOneStory(outcome, waiting.hold.id)
    }
    expect(seen.size).toBeGreaterThan(2)
  })
})

describe('a store that fails', () => {
  const story = async (quorum: number, faultyStore: Store) => {
    const faulty = deskOver(faultyStore, clock)
    let waiting: Awaited<ReturnType<DeskUnderTest['held']>>
    try {
      waiting = await faulty.held({ count: quorum })
    } catch {
      return undefined
    }
    for (const who of [bob, erin].slice(0, quorum)) {
      await faulty.desk.decide(waiting.hold.id, who, approve).catch(() => {})
    }
    return { outcome: await waiting.outcome, id: waiting.hold.id }
  }

  it('runs nothing whose release is not in the audit log', async () => {
    const faulty = deskOver(
      withAudit(store, (append) => {
        if (append === 3) throw STORAGE_FULL
      }),
      clock,
    )
    const waiting = await faulty.held()
    await faulty.desk.decide(waiting.hold.id, bob, approve)
    await expect(faulty.desk.approvals.running(waiting.hold.id)).rejects.toThrow(STORAGE_FULL.message)
    expect(await stateOf(waiting.hold.id)).toBe('revoked')
    expect(await auditOf(waiting.hold.id)).toEqual(['command.held', 'hold.approved', 'hold.revoked'])
  })

  it.each([1, 2])('never clears what is not in the audit log, whichever append fails (quorum %i)', async (quorum) => {
    for (let fails = 1; fails <= quorum + 3; fails++) {
      const faulty = withAudit(store, (append) => {
        if (append === fails) throw STORAGE_FULL
      })
      const end = await story(quorum, faulty)
      if (fails === 1) expect(end).toBeUndefined()
      else if (fails <= quorum + 1) {
        expect(end?.outcome).toMatchObject({ kind: 'refused', how: 'broken', message: STORAGE_FULL.message })
        // Nothing is left that a later word could complete.
        expect(['expired', 'revoked']).toContain(await stateOf(end!.id))
      } else {
        expect(word(end!.outcome)).toBe('approved')
        expect(await auditOf(end!.id)).toEqual(['command.held', ...Array(quorum).fill('hold.approved')])
      }
    }
  })

  it.each([
    ['expiry', (_: DeskUnderTest) => clock.advance(900_000)],
    ['a withdrawal', undefined],
  ])('refuses the gate when %s cannot be recorded', async (_, end) => {
    const faulty = deskOver(
      withAudit(store, (append) => {
        if (append > 1) throw STORAGE_FULL
      }),
      clock,
    )
    const waiting = await faulty.held()
    if (end === undefined) waiting.withdraw('gone')
    else end(faulty)
    expect(await waiting.outcome).toMatchObject({ kind: 'refused', how: 'broken' })
  })

  it('does not leave a gate waiting for ever when a hold cannot be moved', async () => {
    const faulty = deskOver(
      { ...store, holds: { ...store.holds, transition: () => Promise.reject(STORAGE_FULL) } },
      clock,
    )
    const waiting = await faulty.held()
    clock.advance(900_000)
    expect(await waiting.outcome).toMatchObject({ kind: 'refused', how: 'broken' })
    await expect(faulty.desk.decide(waiting.hold.id, bob, approve)).rejects.toMatchObject({ code: 'conflict' })
    expect(await stateOf(waiting.hold.id)).toBe('pending')
  })

  it('holds nothing, and starts no timer, when the hold cannot be kept', async () => {
    const faulty = deskOver({ ...store, holds: { ...store.holds, insert: () => Promise.reject(STORAGE_FULL) } }, clock)
    await expect(faulty.held()).rejects.toBe(STORAGE_FULL)
    expect(clock.nextInMs).toBeUndefined()
  })

  it('hears a decision that comes while the hold is being kept', async () => {
    const kept = door()
    const inserted = Promise.withResolvers<HoldId>()
    const slow = deskOver(
      {
        ...store,
        holds: {
          ...store.holds,
          insert: async (it) => {
            await store.holds.insert(it)
            inserted.resolve(it.id)
            await kept.opened
          },
        },
      },
      clock,
    )
    const waiting = slow.desk.submit(action(), hold(), [])
    await slow.desk.decide(await inserted.promise, bob, approve)
    kept.open()
    const settled = await waiting
    if (settled.kind !== 'waiting') throw new Error('not held')
    expect(word(await settled.outcome)).toBe('approved')
  })
})

describe('recover() and close()', () => {
  it('settles what a crash left: nobody waits for the pending, nobody knows how the running ended', async () => {
    const pending = await here.held()
    const running = await here.held()
    const done = await here.held()
    const approved = await here.held()
    await here.desk.decide(approved.hold.id, bob, approve)
    for (const { hold: held } of [running, done]) {
      await here.desk.decide(held.id, bob, approve)
      await here.desk.approvals.running(held.id)
    }
    await here.desk.approvals.finished(done.hold.id, 0)
    await deskOver(store, clock).desk.recover()
    expect(await stateOf(pending.hold.id)).toBe('expired')
    expect(await stateOf(running.hold.id)).toBe('unknown')
    expect(await stateOf(done.hold.id)).toBe('done')
    expect(await stateOf(approved.hold.id)).toBe('revoked')
    expect((await auditOf(running.hold.id)).at(-1)).toBe('command.finished')
    expect(await auditOf(pending.hold.id)).toEqual(['command.held', 'hold.expired'])
  })

  it('ends every wait, and holds nothing any more', async () => {
    const waits = [await here.held(), await here.held(), await here.held()]
    await here.desk.close('the bastion is shutting down')
    for (const waiting of waits) {
      expect(await waiting.outcome).toMatchObject({ message: 'expired: the bastion is shutting down' })
      expect(await stateOf(waiting.hold.id)).toBe('expired')
    }
    await expect(here.held()).rejects.toMatchObject({ code: 'unavailable' })
    expect(clock.nextInMs).toBeUndefined()
  })

  it('tells every gate when the store is broken at the end', async () => {
    const faulty = deskOver(
      { ...store, holds: { ...store.holds, transition: () => Promise.reject(STORAGE_FULL) } },
      clock,
    )
    const waits = [await faulty.held(), await faulty.held()]
    await faulty.desk.close('over')
    for (const waiting of waits) expect(await waiting.outcome).toMatchObject({ how: 'broken' })
  })
})
