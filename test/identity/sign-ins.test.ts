/** Sign-ins against the real provider: asked again while in use, changed at once, ended with the provider's no. */
import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BastionError } from '../../src/core/errors.ts'
import { newSignInId, type SignInId } from '../../src/core/ids.ts'
import type { Sealer, Store } from '../../src/core/ports.ts'
import type { Principal, SignInRecord } from '../../src/core/principal.ts'
import { DEMO_PEOPLE, type DemoPerson } from '../../src/demo/identity-provider.ts'
import { FRESH_MS, SignIns, type SignInsParts } from '../../src/identity/sign-ins.ts'
import { readVaultKey } from '../../src/vault/key.ts'
import { openSealer } from '../../src/vault/sealer.ts'
import { newBrowser } from '../support/idp-browser.ts'
import { keptLog, type TemporaryStore, temporaryStore } from '../support/store.ts'
import { CALLBACK, type IdentityParts, startIdentity } from './parts.ts'

const MINUTE = 60_000
const LIMITS = { recheckMs: 2 * MINUTE, outageMs: 30 * MINUTE, recheckRequired: true }

let people: DemoPerson[]
let idp: IdentityParts
let temporary: TemporaryStore
let store: Store
let sealer: Sealer
let log: ReturnType<typeof keptLog>
let signIns: SignIns
let endings: { readonly id: SignInId; readonly reason: string }[]
let changes: Principal[]
let asked: number

beforeEach(async () => {
  people = [...DEMO_PEOPLE]
  idp = await startIdentity({ people })
  temporary = await temporaryStore()
  store = temporary.store
  sealer = openSealer(await readVaultKey({ env: randomBytes(32).toString('hex'), file: '' }), idp.clock)
  signIns = open()
})
afterEach(async () => {
  signIns.close()
  await idp.idp.close()
  await temporary.close()
})

function open(parts: Partial<SignInsParts> = {}): SignIns {
  log = keptLog()
  endings = []
  changes = []
  asked = 0
  const opened = new SignIns({
    store,
    sealer,
    clock: idp.clock,
    log,
    async refresh(token, person) {
      asked++
      return idp.identity.refresh(token, person.id)
    },
    limits: LIMITS,
    ...parts,
  })
  opened.subscribe({ ended: (id, reason) => endings.push({ id, reason }), changed: (who) => changes.push(who) })
  return opened
}

async function signIn(person: string): Promise<SignInRecord> {
  const { location, secret } = await idp.identity.beginWebSignIn()
  const page = await newBrowser({ stopAt: CALLBACK }).signIn(location.href, person)
  return signIns.begin(await idp.identity.finishWebSignIn(new URL(page.url), secret))
}

function regroup(userName: string, groups: readonly string[] | undefined): void {
  const at = people.findIndex((person) => person.userName === userName)
  if (groups === undefined) people.splice(at, 1)
  else people[at] = { ...people[at]!, groups }
}

/** Lets the time pass, and then whatever the code under test asks of the provider be answered. */
async function pass(ms: number, done: () => boolean): Promise<void> {
  idp.clock.advance(ms)
  await expect.poll(done, { interval: 5, timeout: 10_000 }).toBe(true)
}

const events = async (type: 'sign-in.changed' | 'sign-in.ended') => store.audit.list({ types: [type], limit: 9 })

describe('a sign-in in use', () => {
  it('is asked about again when it is due, and not before', async () => {
    const { id } = await signIn('alice')
    await signIns.watch(id)
    idp.clock.advance(LIMITS.recheckMs - 1)
    expect(asked).toBe(0)
    await pass(1, () => asked === 1)
    await expect.poll(async () => (await store.signIns.find(id))?.checkedAt).toEqual(idp.clock.now())
    await expect.poll(() => idp.clock.nextInMs).toBe(LIMITS.recheckMs)
    expect(endings).toEqual([])
  })

  it('loses a group at the next check, at most five minutes after the provider took it', async () => {
    const { id, principal } = await signIn('bob')
    await signIns.watch(id)
    regroup('bob', ['visitors'])
    await pass(LIMITS.recheckMs, () => changes.length === 1)
    expect(signIns.people.current(principal).groups).toEqual(['visitors'])
    expect(endings).toEqual([])
    await expect
      .poll(async () => (await events('sign-in.changed'))[0]?.detail)
      .toMatchObject({
        before: ['sre'],
        after: ['visitors'],
      })
  })

  it('ends where the provider knows the person no more, with a reason, once', async () => {
    const { id } = await signIn('bob')
    await signIns.watch(id)
    regroup('bob', undefined)
    await pass(LIMITS.recheckMs, () => endings.length === 1)
    expect(endings[0]).toEqual({ id, reason: expect.stringContaining('no longer vouches') })
    await expect(signIns.admit(id)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect.poll(async () => (await events('sign-in.ended')).length).toBe(1)
    expect((await store.signIns.find(id))?.refresh).toBeUndefined()
    // Nobody asks about it again.
    idp.clock.advance(10 * LIMITS.recheckMs)
    expect(asked).toBe(1)
  })

  it('is asked about once for all that came in by it, and no more when the last of them is gone', async () => {
    const { id } = await signIn('alice')
    const [one, other] = [await signIns.watch(id), await signIns.watch(id)]
    one()
    one()
    await pass(LIMITS.recheckMs, () => asked === 1)
    await expect.poll(() => idp.clock.nextInMs).toBe(LIMITS.recheckMs)
    other()
    idp.clock.advance(10 * LIMITS.recheckMs)
    expect(asked).toBe(1)
  })

  it('outlives a provider that is away for a while, and is asked about as soon as it is back', async () => {
    const { id } = await signIn('alice')
    let isAway = true
    const refresh: SignInsParts['refresh'] = async (token, person) => {
      asked++
      if (isAway) throw new BastionError('unavailable', 'The identity provider does not answer.')
      return idp.identity.refresh(token, person.id)
    }
    signIns.close()
    signIns = open({ refresh })
    await signIns.watch(id)
    await pass(LIMITS.recheckMs, () => asked === 1 && log.lines.length === 1)
    await expect.poll(() => idp.clock.nextInMs).toBe(30_000)
    isAway = false
    await pass(30_000, () => asked === 2)
    await expect.poll(() => idp.clock.nextInMs).toBe(LIMITS.recheckMs)
    expect(endings).toEqual([])
  })

  it('ends when the provider has been silent for the bound', async () => {
    const { id } = await signIn('alice')
    await signIns.watch(id)
    await idp.idp.close()
    for (let turn = 0; endings.length === 0 && turn < 100; turn++) {
      const before = asked
      idp.clock.advance(idp.clock.nextInMs ?? 0)
      await expect
        .poll(() => asked > before && (endings.length > 0 || idp.clock.nextInMs !== undefined), { interval: 2 })
        .toBe(true)
    }
    expect(endings).toEqual([{ id, reason: expect.stringContaining('has not answered for too long') }])
    const silentMs = idp.clock.now().getTime() - (await store.signIns.find(id))!.checkedAt.getTime()
    expect(silentMs).toBe(LIMITS.outageMs)
  })
})

describe('whoever comes in anew', () => {
  it('is let in on a fresh word without asking, and on an old one only after asking', async () => {
    const { id } = await signIn('bob')
    idp.clock.advance(FRESH_MS - 1)
    await signIns.admit(id)
    expect(asked).toBe(0)
    regroup('bob', [])
    idp.clock.advance(1)
    expect((await signIns.admit(id)).groups).toEqual([])
    expect(asked).toBe(1)
  })

  it('is asked about once, however many come at the same moment', async () => {
    const { id } = await signIn('alice')
    idp.clock.advance(FRESH_MS)
    await Promise.all(Array.from({ length: 20 }, () => signIns.admit(id)))
    expect(asked).toBe(1)
  })

  it('is refused while the provider is away, and the sign-in is still there afterwards', async () => {
    const { id } = await signIn('alice')
    await idp.idp.close()
    idp.clock.advance(FRESH_MS)
    await expect(signIns.admit(id)).rejects.toMatchObject({ code: 'unavailable' })
    expect((await store.signIns.find(id))?.ended).toBeUndefined()
  })

  it('is refused after a restart too, where the person was removed meanwhile', async () => {
    const { id } = await signIn('bob')
    signIns.close()
    regroup('bob', undefined)
    idp.clock.advance(FRESH_MS)
    signIns = open()
    await expect(signIns.admit(id)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is refused with an id that nobody has, with none, and where a sign-in had no refresh token', async () => {
    for (const id of [undefined, newSignInId()]) {
      await expect(signIns.admit(id)).rejects.toMatchObject({ code: 'unauthenticated' })
    }
    const { principal } = await signIn('alice')
    const without = { principal, refreshToken: undefined, sid: undefined, authTime: undefined, acr: undefined }
    await expect(signIns.begin(without)).rejects.toThrow(/refresh token/)
    signIns.close()
    signIns = open({ limits: { ...LIMITS, recheckRequired: false } })
    expect(await signIns.admit((await signIns.begin(without)).id)).toEqual(principal)
  })

  it('is refused where the provider answers about somebody else', async () => {
    const { id } = await signIn('alice')
    const other = await signIn('bob')
    const stolen = await store.signIns.find(other.id)
    const token = Buffer.from(sealer.open(`refresh-token/${other.id}`, stolen?.refresh ?? '')).toString()
    signIns.close()
    signIns = open({ refresh: (_, person) => idp.identity.refresh(token, person.id) })
    idp.clock.advance(FRESH_MS)
    await expect(signIns.admit(id)).rejects.toMatchObject({ code: 'untrusted' })
    expect(endings.map((ending) => ending.id)).toEqual([id])
  })
})

describe('a refresh token', () => {
  it('is nowhere in the clear: not in the database, the log, the audit log or an error', async () => {
    let token = ''
    signIns.close()
    signIns = open({
      refresh(given, person) {
        token = given
        return idp.identity.refresh(given, person.id)
      },
    })
    const { id } = await signIn('bob')
    await signIns.watch(id)
    await pass(LIMITS.recheckMs, () => token !== '')
    await expect.poll(() => idp.clock.nextInMs).toBe(LIMITS.recheckMs)
    regroup('bob', undefined)
    await pass(LIMITS.recheckMs, () => endings.length === 1)
    const error = await idp.identity.refresh(token, newSignInId() as never).catch((cause: unknown) => cause)
    const seen = inspect([await store.signIns.find(id), log.lines, await store.audit.list({ limit: 99 }), error], {
      depth: 20,
      showHidden: true,
    })
    expect(token.length).toBeGreaterThan(20)
    expect(seen).not.toContain(token)
  })

  it('is refused where another sign-in’s lies in its place, or one that was changed', async () => {
    const [one, other] = [await signIn('alice'), await signIn('alice')]
    const sealed = (await store.signIns.find(other.id))?.refresh ?? ''
    for (const refresh of [sealed, sealed.slice(0, -4), '[]', '']) {
      await store.signIns.checked(one.id, { principal: one.principal, refresh, checkedAt: one.checkedAt })
      idp.clock.advance(FRESH_MS)
      await expect(signIns.admit(one.id)).rejects.toMatchObject({ code: expect.stringMatching(/^un/) })
    }
    expect(asked).toBe(0)
  })
})
