import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redeem } from '../../src/approval/clearance.ts'
import { Desk, type Outcome } from '../../src/approval/desk.ts'
import { MAX_LIVE_PER_PERSON } from '../../src/approval/grants.ts'
import type { Action } from '../../src/core/action.ts'
import type { AuditType } from '../../src/core/audit.ts'
import type { Grant } from '../../src/core/grant.ts'
import { newSessionId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import type { Principal } from '../../src/core/principal.ts'
import type { Quorum } from '../../src/core/verdict.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { keptLog, STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from '../support/store.ts'
import { action, alice, approve, bob, erin, groupsAreRoles, hold, LIMIT, person, word } from './parts.ts'

let temporary: TemporaryStore
let store: Store
let clock: ManualClock
let policy: string
let desk: Desk

const rolesOf = (who: Principal) => groupsAreRoles(who)
const over = (faulty: Store) => new Desk({ store: faulty, clock, log: keptLog(), rolesOf, policyDigest: () => policy })

beforeAll(async () => {
  temporary = await temporaryStore()
  store = temporary.store
})
afterAll(() => temporary.close())
beforeEach(() => {
  clock = new ManualClock()
  policy = LIMIT.policy
  desk = over(store)
})

/** One person's session, so that tests do not find one another's grants. */
let people = 0
function asker(): Action {
  people += 1
  return action({
    text: 'systemctl restart nginx',
    effects: ['write'],
    principal: person(`asker-${people}`, { groups: [] }),
  })
}
const ask = (asked: Action, quorum: Partial<Quorum> = {}, by = desk) =>
  by.submit(asked, hold({ grant: LIMIT, ...quorum }), [])

async function isHeld(asked: Action, quorum: Partial<Quorum> = {}, by = desk): Promise<boolean> {
  const outcome = await ask(asked, quorum, by)
  if (outcome.kind === 'waiting') outcome.withdraw('the test is over')
  return outcome.kind === 'waiting'
}

/** Approves a request of this person's, with a grant. */
async function give(
  asked: Action,
  wish: { minutes: number; scope: 'session' | 'person' } = { minutes: 10, scope: 'person' },
  by: Principal = bob,
): Promise<{ readonly grant: Grant; readonly outcome: Outcome }> {
  const waiting = await ask(asked)
  if (waiting.kind !== 'waiting') throw new Error(`it was ${waiting.kind}`)
  await desk.decide(waiting.hold.id, by, { ...approve, grant: wish })
  const outcome = await waiting.outcome
  if (outcome.kind !== 'cleared' || outcome.grant === undefined) throw new Error('no grant was given')
  return { grant: outcome.grant, outcome }
}

const auditOf = async (grant: Grant): Promise<readonly AuditType[]> =>
  (await store.audit.list({ hold: grant.hold, limit: 100 })).map(({ type }) => type).reverse()

describe('an approval with a grant', () => {
  it('lets the same command run again, each time with a clearance of its own that names the grant', async () => {
    const asked = asker()
    const { grant } = await give(asked)
    for (const uses of [1, 2]) {
      const outcome = await ask(asked)
      if (outcome.kind !== 'cleared') throw new Error('it was held')
      expect(outcome).toMatchObject({ hold: undefined, grant: { id: grant.id, by: bob, uses } })
      expect(outcome.clearance).toMatchObject({ grant: grant.id, hold: undefined, text: asked.text })
      redeem(outcome.clearance, asked)
      expect(() => redeem(outcome.clearance, asked)).toThrow('used already')
    }
    expect(await auditOf(grant)).toEqual(['command.held', 'hold.approved', 'grant.given', 'grant.used', 'grant.used'])
    const [used] = await store.audit.list({ hold: grant.hold, types: ['grant.used'], limit: 1 })
    expect(used).toMatchObject({
      actor: asked.principal.id,
      session: asked.session,
      detail: { grant: grant.id, text: asked.text, by: bob.id, action: asked.id, until: grant.until.toISOString() },
    })
    expect(await desk.grants.find(grant.id)).toMatchObject({ uses: 2, lastUsedAt: clock.now() })
  })

  it.each<[string, Partial<Action>, Partial<Quorum>]>([
    ['another text', { text: 'systemctl restart nginx ' }, {}],
    ['another person', { principal: alice }, {}],
    ['another target', { target: { ...action().target, name: 'web-2' } }, {}],
    ['what the rule does not let be granted', {}, { grant: undefined }],
    ['a rule that asks others', {}, { reviewers: ['security'] }],
    ['a rule that asks two people', {}, { count: 2 }],
  ])('does not answer %s', async (_, change, quorum) => {
    const asked = asker()
    await give(asked)
    expect(await isHeld({ ...asked, ...change }, quorum)).toBe(true)
    expect(await isHeld(asked)).toBe(false)
  })

  it('for a session does not reach into another one, and ends with it', async () => {
    const asked = asker()
    const { grant } = await give(asked, { minutes: 10, scope: 'session' })
    expect(await isHeld({ ...asked, session: newSessionId() })).toBe(true)
    expect(await isHeld(asked)).toBe(false)
    await desk.grants.endSession(asked.session, asked.principal.id)
    expect(await isHeld(asked)).toBe(true)
    expect((await desk.grants.find(grant.id)).ended).toMatchObject({ by: undefined, reason: 'its session is over' })
    expect((await auditOf(grant)).at(-1)).toBe('grant.ended')
  })

  it('for a person does not end with the session', async () => {
    const asked = asker()
    await give(asked)
    await desk.grants.endSession(asked.session, asked.principal.id)
    expect(await isHeld({ ...asked, session: newSessionId() })).toBe(false)
  })

  it('is over at its time', async () => {
    const asked = asker()
    const { grant } = await give(asked)
    clock.advance(10 * 60_000 - 1)
    expect(await isHeld(asked)).toBe(false)
    clock.advance(1)
    expect(await isHeld(asked)).toBe(true)
    await expect(desk.grants.revoke(grant.id, bob, false)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('ends when the policy changes, and does not come back with the old one', async () => {
    const asked = asker()
    const { grant } = await give(asked)
    policy = 'd2'
    expect(await isHeld(asked, { grant: { ...LIMIT, policy } })).toBe(true)
    expect((await desk.grants.live()).map(({ id }) => id)).not.toContain(grant.id)
    await desk.grants.policyChanged()
    policy = LIMIT.policy
    expect(await isHeld(asked)).toBe(true)
    expect((await desk.grants.find(grant.id)).ended).toMatchObject({ reason: 'the policy changed' })
  })

  it('survives a restart where it is for a person, and not where it is for a session', async () => {
    const [one, other] = [asker(), asker()]
    await give(one)
    await give(other, { minutes: 10, scope: 'session' })
    desk = over(store)
    await desk.recover()
    expect(await isHeld(one)).toBe(false)
    expect(await isHeld(other)).toBe(true)
  })

  it('cannot be given by whoever may not approve: the requester, a double of theirs, a stranger', async () => {
    const asked = asker()
    const waiting = await ask(asked)
    if (waiting.kind !== 'waiting') throw new Error('it was not held')
    const word = { ...approve, grant: { minutes: 5, scope: 'person' as const } }
    const double = person('double', { email: asked.principal.email })
    for (const who of [{ ...asked.principal, groups: ['sre'] }, double, person('x', { groups: [] })])
      await expect(desk.decide(waiting.hold.id, who, word)).rejects.toMatchObject({ code: 'forbidden' })
    await desk.decide(waiting.hold.id, bob, approve)
    expect(await isHeld(asked)).toBe(true)
  })

  it('of somebody who is no reviewer any more is not good any more', async () => {
    const asked = asker()
    const leaver = person('leaver')
    await give(asked, { minutes: 10, scope: 'person' }, leaver)
    const after = new Desk({
      store,
      clock,
      log: keptLog(),
      rolesOf: (who) => (who.id === leaver.id ? [] : who.groups),
      policyDigest: () => policy,
    })
    expect(await isHeld(asked, {}, after)).toBe(true)
    expect(await isHeld(asked)).toBe(false)
  })

  it('that asks for too much decides nothing', async () => {
    const waiting = await ask(asker())
    if (waiting.kind !== 'waiting') throw new Error('it was not held')
    const decide = (kind: 'approve' | 'reject', minutes: number) =>
      desk.decide(waiting.hold.id, bob, { kind, reason: 'x', grant: { minutes, scope: 'person' } })
    await expect(decide('approve', 61)).rejects.toMatchObject({ code: 'invalid' })
    await expect(decide('reject', 5)).rejects.toMatchObject({ code: 'invalid' })
    expect((await desk.find(waiting.hold.id)).state.kind).toBe('pending')
    waiting.withdraw('over')
  })

  it(`is not given to somebody who has ${MAX_LIVE_PER_PERSON}`, async () => {
    const asked = asker()
    const { grant } = await give({ ...asked, text: 'first' })
    for (let n = 1; n < MAX_LIVE_PER_PERSON; n++)
      await store.grants.insert({ ...grant, id: `g-${people}-${n}` as Grant['id'] })
    await expect(give(asked)).rejects.toMatchObject({ code: 'too-many' })
  })
})

describe('revoke()', () => {
  it.each<[string, (asked: Action) => readonly [Principal, boolean]]>([
    ['who gave it', () => [bob, false]],
    ['another reviewer', () => [erin, false]],
    ['an administrator', () => [person('root', { groups: [] }), true]],
    ['the person it was given to', ({ principal }) => [principal, false]],
  ])('is open to %s, once', async (_, who) => {
    const asked = asker()
    const { grant } = await give(asked)
    const [by, isAdministrator] = who(asked)
    await desk.grants.revoke(grant.id, by, isAdministrator)
    expect(await isHeld(asked)).toBe(true)
    expect((await desk.grants.find(grant.id)).ended).toMatchObject({ by: { id: by.id } })
    expect((await auditOf(grant)).at(-1)).toBe('grant.revoked')
    await expect(desk.grants.revoke(grant.id, by, isAdministrator)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is not open to a stranger, and that is in the log', async () => {
    const asked = asker()
    const { grant } = await give(asked)
    await expect(desk.grants.revoke(grant.id, person('x', { groups: [] }), false)).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect((await auditOf(grant)).at(-1)).toBe('decision.refused')
    expect(await isHeld(asked)).toBe(false)
    await expect(desk.grants.revoke('g0' as Grant['id'], bob, false)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('between the look and the use is heard', async () => {
    const asked = asker()
    const { grant } = await give(asked)
    const late = over({
      ...store,
      grants: {
        ...store.grants,
        async live(filter) {
          const found = await store.grants.live(filter)
          await desk.grants.revoke(grant.id, bob, false)
          return found
        },
      },
    })
    expect(await isHeld(asked, {}, late)).toBe(true)
    expect(await auditOf(grant)).not.toContain('grant.used')
  })
})

describe('a store that fails', () => {
  it('makes a grant that cannot be read one that is not there', async () => {
    const asked = asker()
    await give(asked)
    for (const broken of ['live', 'use'] as const) {
      const grants = { ...store.grants, [broken]: () => Promise.reject(STORAGE_FULL) }
      expect(await isHeld(asked, {}, over({ ...store, grants }))).toBe(true)
    }
  })

  it('runs nothing whose use is not in the audit log', async () => {
    const asked = asker()
    await give(asked)
    const faulty = withAudit(store, () => {
      throw STORAGE_FULL
    })
    await expect(ask(asked, {}, over(faulty))).rejects.toBe(STORAGE_FULL)
  })

  it.each([
    ['the audit log', (good: Store) => withAudit(good, (append) => void (append >= 3 && fail()))],
    [
      'the store',
      (good: Store) => ({ ...good, grants: { ...good.grants, insert: () => Promise.reject(STORAGE_FULL) } }),
    ],
  ])('approves once and says so when %s does not take the grant', async (_, broken) => {
    const asked = asker()
    const faulty = over(broken(store))
    const waiting = await ask(asked, {}, faulty)
    if (waiting.kind !== 'waiting') throw new Error('it was not held')
    const word_ = { ...approve, grant: { minutes: 5, scope: 'person' as const } }
    await expect(faulty.decide(waiting.hold.id, bob, word_)).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringContaining('once only'),
    })
    const outcome = await waiting.outcome
    expect(word(outcome)).toBe('approved')
    expect(outcome).toMatchObject({ grant: undefined })
    expect(await isHeld(asked)).toBe(true)
  })
})

function fail(): never {
  throw STORAGE_FULL
}
