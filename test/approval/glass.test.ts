/** Breaking the glass, and the debt that it leaves, over a real store. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Waiting } from '../../src/approval/desk.ts'
import type { AuditType } from '../../src/core/audit.ts'
import type { Debt } from '../../src/core/debt.ts'
import type { HoldId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import type { Authentication, Principal } from '../../src/core/principal.ts'
import type { GlassTerms } from '../../src/core/verdict.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from '../support/store.ts'
import { alice, bob, type DeskUnderTest, deskOver, erin, person, RULE, word } from './parts.ts'

const DAY_MS = 86_400_000
const TERMS: GlassTerms = {
  who: ['engineering'],
  alert: ['on-call'],
  reviewers: ['sre'],
  withinMs: DAY_MS,
  stepUp: { maxAgeMs: 300_000, acr: [] },
}
const carol = person('carol', { groups: ['compliance'] })

let temporary: TemporaryStore
let store: Store
let clock: ManualClock
let here: DeskUnderTest

beforeAll(async () => {
  temporary = await temporaryStore()
  store = temporary.store
})
afterAll(() => temporary.close())
beforeEach(async () => {
  // Far from each other, so that one test's debts are not another's.
  clock = new ManualClock()
  here = deskOver(store, clock)
  for (const { hold } of await here.desk.debts.open())
    await store.debts.close(hold, { at: clock.now(), by: bob, word: 'x' })
})

const fresh = (over: Partial<Authentication> = {}): Authentication => ({
  authTime: clock.now(),
  acr: undefined,
  ...over,
})
const heldWithGlass = (over: Partial<GlassTerms> = {}, by: Principal = alice): Promise<Waiting> =>
  here.held({ glass: { ...TERMS, ...over } }, { principal: by })
const breakIt = (id: HoldId, over: { reason?: string; authentication?: Authentication; by?: Principal } = {}) =>
  here.desk.glass.break(id, over.by ?? alice, {
    reason: over.reason ?? 'the disk is full and pages fail',
    authentication: over.authentication ?? fresh(),
  })
const eventsOf = async (id: HoldId): Promise<readonly AuditType[]> =>
  (await store.audit.list({ hold: id, limit: 100 })).map(({ type }) => type).reverse()

describe('breaking the glass', () => {
  it('runs what is held at once, with a debt, in the requester’s name and on record', async () => {
    const { hold, outcome } = await heldWithGlass()
    const told: (readonly [HoldId, string])[] = []
    here.desk.debts.subscribe((debt, step) => told.push([debt.hold, step]))
    const broken = await breakIt(hold.id)
    expect(broken).toMatchObject({
      state: { kind: 'approved' },
      decisions: [{ kind: 'break-glass', by: alice, reason: 'the disk is full and pages fail' }],
    })
    const cleared = await outcome
    expect(cleared).toMatchObject({
      kind: 'cleared',
      clearance: { text: hold.action.text, session: hold.action.session },
    })
    expect(await here.desk.debts.find(hold.id)).toEqual({
      hold: hold.id,
      principal: alice,
      reason: 'the disk is full and pages fail',
      brokenAt: clock.now(),
      dueAt: new Date(clock.now().getTime() + DAY_MS),
      alert: ['on-call'],
      reviewers: ['sre'],
      closed: undefined,
    } satisfies Debt)
    expect(told).toEqual([[hold.id, 'incurred']])
    expect(await eventsOf(hold.id)).toEqual(['command.held', 'glass.broken'])
    const [event] = await store.audit.list({ hold: hold.id, limit: 1 })
    expect(event).toMatchObject({ actor: alice.id, detail: { rule: RULE, alert: ['on-call'], reviewers: ['sre'] } })
    await here.desk.approvals.running(hold.id)
    await here.desk.approvals.finished(hold.id, 0)
    expect((await here.desk.find(hold.id)).state.kind).toBe('done')
  })

  it.each([
    ['nobody knows when they signed in', { authTime: undefined, acr: undefined }],
    ['they signed in this morning', { authTime: new Date(0), acr: undefined }],
  ])('needs a step-up: not where %s', async (_, authentication) => {
    const { hold } = await heldWithGlass()
    await expect(breakIt(hold.id, { authentication })).rejects.toMatchObject({
      code: 'unauthenticated',
      stepUp: TERMS.stepUp,
    })
    expect((await here.desk.find(hold.id)).state.kind).toBe('pending')
  })

  it('needs one of the authentication contexts that the rule names', async () => {
    const { hold } = await heldWithGlass({ stepUp: { maxAgeMs: 300_000, acr: ['mfa', 'hardware'] } })
    for (const acr of [undefined, 'pwd', 'MFA'])
      await expect(breakIt(hold.id, { authentication: fresh({ acr }) })).rejects.toMatchObject({
        code: 'unauthenticated',
      })
    await breakIt(hold.id, { authentication: fresh({ acr: 'hardware' }) })
  })

  it('needs a reason', async () => {
    const { hold } = await heldWithGlass()
    await expect(breakIt(hold.id, { reason: '  ' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(breakIt(hold.id, { reason: 'x'.repeat(2001) })).rejects.toMatchObject({ code: 'invalid' })
  })

  it.each([
    ['another engineer', person('dave', { groups: ['engineering'] })],
    ['a reviewer', bob],
    [
      'the requester’s account at another provider',
      person('alice', { issuer: 'https://other', groups: ['engineering'] }),
    ],
  ])('is the requester’s alone: not %s', async (_, by) => {
    const { hold } = await heldWithGlass()
    await expect(breakIt(hold.id, { by })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await eventsOf(hold.id)).toEqual(['command.held', 'decision.refused'])
  })

  it('is nobody’s where the rule does not say so, or not of their role', async () => {
    const without = await here.held()
    await expect(breakIt(without.hold.id)).rejects.toMatchObject({ code: 'forbidden' })
    const others = await heldWithGlass({ who: ['on-call'] })
    await expect(breakIt(others.hold.id)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('is never an agent’s', async () => {
    const agent = person('agent', { groups: ['engineering'], owner: alice.id })
    const { hold } = await heldWithGlass({}, agent)
    await expect(breakIt(hold.id, { by: agent })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('happens once, and not to what is decided', async () => {
    const one = await heldWithGlass()
    const results = await Promise.allSettled([breakIt(one.hold.id), breakIt(one.hold.id), breakIt(one.hold.id)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await eventsOf(one.hold.id)).filter((type) => type === 'glass.broken')).toHaveLength(1)
    const other = await heldWithGlass()
    await here.desk.decide(other.hold.id, bob, { kind: 'reject', reason: 'no' })
    await expect(breakIt(other.hold.id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await store.debts.find(other.hold.id)).toBeUndefined()
  })

  it('or a rejection comes first: terminal, page and log tell the same', async () => {
    const { hold, outcome } = await heldWithGlass()
    await Promise.allSettled([
      breakIt(hold.id),
      here.desk.decide(hold.id, bob, { kind: 'reject', reason: 'no' }),
      here.desk.decide(hold.id, erin, { kind: 'approve', reason: '' }),
    ])
    const told = word(await outcome)
    const { state, decisions } = await here.desk.find(hold.id)
    expect(state.kind).toBe(told)
    expect(decisions).toHaveLength(1)
    expect((await store.debts.find(hold.id)) !== undefined).toBe(decisions[0]?.kind === 'break-glass')
  })

  it('that cannot be put on record runs nothing, and still has to be looked at', async () => {
    let isFull = false
    here = deskOver(
      withAudit(store, () => {
        if (isFull) throw STORAGE_FULL
      }),
      clock,
    )
    const { hold, outcome } = await heldWithGlass()
    isFull = true
    await expect(breakIt(hold.id)).rejects.toMatchObject({ code: 'storage-full' })
    expect(await outcome).toMatchObject({ kind: 'refused', how: 'broken' })
    expect((await here.desk.find(hold.id)).state.kind).toBe('revoked')
    expect((await store.debts.find(hold.id))?.closed).toBeUndefined()
  })
})

describe('a debt', () => {
  it('is closed by somebody else with a word, once', async () => {
    const { hold } = await heldWithGlass()
    await breakIt(hold.id)
    await expect(here.desk.debts.close(hold.id, bob, ' ')).rejects.toMatchObject({ code: 'invalid' })
    const results = await Promise.allSettled([
      here.desk.debts.close(hold.id, bob, 'it was right'),
      here.desk.debts.close(hold.id, erin, 'it was wrong'),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await store.debts.find(hold.id))?.closed).toMatchObject({ by: bob, word: 'it was right' })
    await expect(here.desk.debts.close(hold.id, erin, 'later')).rejects.toMatchObject({ code: 'conflict' })
    expect(await eventsOf(hold.id)).toEqual(['command.held', 'glass.broken', 'debt.closed'])
  })

  it.each([
    ['whoever broke the glass, whatever their role', person('alice', { groups: ['engineering', 'sre'] })],
    ['their account at another provider', person('alice', { issuer: 'https://other', groups: ['sre'] })],
    ['their account of the same address', person('al', { email: 'Alice@example.org', groups: ['sre'] })],
    ['an agent', person('agent', { groups: ['sre'], owner: bob.id })],
    ['somebody without the role', carol],
  ])('is not closed by %s', async (_, by) => {
    const { hold } = await heldWithGlass()
    await breakIt(hold.id)
    await expect(here.desk.debts.close(hold.id, by, 'fine')).rejects.toMatchObject({ code: 'forbidden' })
    expect(await eventsOf(hold.id)).toContain('decision.refused')
    expect((await store.debts.find(hold.id))?.closed).toBeUndefined()
  })

  it('that is overdue keeps its person from breaking the glass until it is closed, and nobody else', async () => {
    const first = await heldWithGlass()
    await breakIt(first.hold.id)
    clock.advance(DAY_MS - 1)
    const second = await heldWithGlass()
    await breakIt(second.hold.id)
    clock.advance(1)
    const third = await heldWithGlass()
    await expect(breakIt(third.hold.id)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining(first.hold.id),
    })
    const otherAccount = person('alice', { issuer: 'https://other', groups: ['engineering'] })
    const theirs = await heldWithGlass({}, otherAccount)
    await expect(breakIt(theirs.hold.id, { by: otherAccount })).rejects.toMatchObject({ code: 'forbidden' })
    const dave = person('dave', { groups: ['engineering'] })
    await breakIt((await heldWithGlass({}, dave)).hold.id, { by: dave })
    await here.desk.debts.close(first.hold.id, bob, 'seen, late')
    await breakIt(third.hold.id)
  })

  it('that is overdue is told of once, also over a restart', async () => {
    const { hold } = await heldWithGlass()
    await breakIt(hold.id)
    const overdueBy = (debts: DeskUnderTest['desk']['debts']) =>
      new Promise<HoldId>((resolve) => {
        debts.subscribe((debt, step) => {
          if (step === 'overdue') resolve(debt.hold)
        })
      })
    // The bastion goes away before the time is up, and comes back after it.
    await here.desk.close('restart')
    clock.advance(DAY_MS)
    expect(await eventsOf(hold.id)).toEqual(['command.held', 'glass.broken', 'hold.revoked'].slice(0, 2))
    const after = deskOver(store, clock)
    const told = overdueBy(after.desk.debts)
    await after.desk.debts.recover()
    clock.advance(0)
    expect(await told).toBe(hold.id)
    expect((await eventsOf(hold.id)).filter((type) => type === 'debt.overdue')).toHaveLength(1)
    // Once more: another debt that becomes overdue tells when this one would have been.
    await after.desk.close('restart')
    here = deskOver(store, clock)
    const dave = person('dave', { groups: ['engineering'] })
    const other = await heldWithGlass({ withinMs: 60_000 }, dave)
    await breakIt(other.hold.id, { by: dave })
    await here.desk.debts.recover()
    const next = overdueBy(here.desk.debts)
    clock.advance(60_000)
    expect(await next).toBe(other.hold.id)
    expect((await eventsOf(hold.id)).filter((type) => type === 'debt.overdue')).toHaveLength(1)
  })
})

describe('a step-up for decisions', () => {
  it('is asked of who approves, and not of who rejects', async () => {
    const stepUp = { maxAgeMs: 300_000, acr: [] }
    const { hold } = await here.held({ stepUp })
    const approve = { kind: 'approve', reason: '' } as const
    const old = fresh({ authTime: new Date(clock.now().getTime() - 300_001) })
    await expect(here.desk.decide(hold.id, bob, approve)).rejects.toMatchObject({ code: 'unauthenticated', stepUp })
    await expect(here.desk.decide(hold.id, bob, { ...approve, authentication: old })).rejects.toMatchObject({ stepUp })
    const early = fresh({ authTime: new Date(clock.now().getTime() + 60_000) })
    await expect(here.desk.decide(hold.id, bob, { ...approve, authentication: early })).rejects.toMatchObject({
      stepUp,
    })
    expect((await here.desk.find(hold.id)).decisions).toEqual([])
    await here.desk.decide(hold.id, bob, { ...approve, authentication: fresh() })
    const other = await here.held({ stepUp })
    await here.desk.decide(other.hold.id, bob, { kind: 'reject', reason: 'no' })
  })
})
