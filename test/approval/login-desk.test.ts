import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LoginAttempt, LoginDesk, type LoginOrigin } from '../../src/approval/login-desk.ts'
import { pickWords, wordChoices } from '../../src/approval/matching-words.ts'
import { BastionError } from '../../src/core/errors.ts'
import type { AuditLog, Store } from '../../src/core/ports.ts'
import type { Principal } from '../../src/core/principal.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { door, STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from '../support/store.ts'
import { alice, bob } from './parts.ts'

const CODE = 'WDJB-MJHT'
const LIFETIME_MS = 300_000

let temporary: TemporaryStore
let clock: ManualClock
let desk: LoginDesk

beforeAll(async () => {
  temporary = await temporaryStore()
})
afterAll(() => temporary.close())
beforeEach(() => {
  clock = new ManualClock()
  desk = new LoginDesk({ audit: temporary.store.audit, clock })
})

interface Begun {
  readonly attempt: LoginAttempt
  confirm(by: Principal): Promise<void>
  fail(error: Error): void
}

const origin = (over: Partial<LoginOrigin> = {}): LoginOrigin => ({
  target: 'web-1',
  login: 'deploy',
  address: '192.0.2.1',
  fingerprint: undefined,
  clientVersion: 'OpenSSH_9.2',
  ...over,
})

async function begin(userCode = CODE, on = desk): Promise<Begun> {
  const { promise, resolve, reject } = Promise.withResolvers<Principal>()
  const attempt = await on.begin(origin(), {
    userCode,
    verificationUrl: `https://id.example/device?user_code=${userCode}`,
    expiresAt: new Date(clock.now().getTime() + LIFETIME_MS),
    principal: promise,
  })
  return {
    attempt,
    async confirm(by) {
      resolve(by)
      await promise
    },
    fail: reject,
  }
}

const eventsOf = async ({ attempt }: Begun) =>
  (await temporary.store.audit.list({ limit: 100 }))
    .filter(({ detail }) => detail.attempt === attempt.id)
    .map(({ type }) => type)
    .reverse()

describe('a sign-in', () => {
  it('lets in whom the provider vouches for, who picks the words', async () => {
    const begun = await begin()
    expect(desk.view(CODE, alice).waitsFor).toBe('identity')
    await begun.confirm(alice)
    const view = desk.view(CODE, alice)
    expect(view.waitsFor).toBe('consent')
    expect(view.choices).toContain(begun.attempt.words)
    await desk.consent(CODE, alice, begun.attempt.words)
    expect(await begun.attempt.outcome).toEqual({ kind: 'approved', principal: alice })
    expect(await eventsOf(begun)).toEqual(['login.started', 'login.approved'])
    expect(() => desk.view(CODE, alice)).toThrow('is not waiting')
  })

  it.each(['wdjb-mjht', 'WDJBMJHT', ' wdjb mjht ', 'WDJB–MJHT', 'w.d.j.b.m.j.h.t'])(
    'finds its code typed as “%s”',
    async (typed) => {
      await begin()
      expect(desk.view(typed, alice).origin.target).toBe('web-1')
    },
  )

  it('finds a code however it is typed', async () => {
    await begin()
    const separators = fc.array(fc.constantFrom('', '-', ' ', '·', '\t'), { minLength: 8, maxLength: 8 })
    const cases = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(separators, cases, (between, isLower) => {
        const typed = [...'WDJBMJHT'].map((letter, i) => (isLower[i] ? letter.toLowerCase() : letter) + between[i])
        expect(desk.view(typed.join(''), alice).waitsFor).toBe('identity')
      }),
    )
  })

  it('expires by the clock', async () => {
    const begun = await begin()
    await begun.confirm(alice)
    clock.advance(LIFETIME_MS)
    expect(await begun.attempt.outcome).toMatchObject({ kind: 'denied', message: expect.stringContaining('expired') })
    await expect(desk.consent(CODE, alice, begun.attempt.words)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is over at its time even if the timer is late', async () => {
    const late = new ManualClock()
    desk = new LoginDesk({ audit: temporary.store.audit, clock: Object.assign(late, { after: () => () => {} }) })
    const begun = await begin()
    await begun.confirm(alice)
    late.advance(LIFETIME_MS + 10_000)
    await expect(desk.consent(CODE, alice, begun.attempt.words)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('fault 7: is not let in by the provider alone, nor by the click alone', async () => {
    const begun = await begin()
    await expect(desk.consent(CODE, alice, begun.attempt.words)).rejects.toMatchObject({ code: 'conflict' })
    await begun.confirm(alice)
    let isOver = false
    void begun.attempt.outcome.then(() => {
      isOver = true
    })
    await new Promise((done) => setImmediate(done))
    expect(isOver).toBe(false)
  })

  it('ends at wrong words: no second guess', async () => {
    const begun = await begin()
    await begun.confirm(alice)
    const wrong = desk.view(CODE, alice).choices.find((words) => words !== begun.attempt.words)!
    await expect(desk.consent(CODE, alice, wrong)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await begun.attempt.outcome).kind).toBe('denied')
    await expect(desk.consent(CODE, alice, begun.attempt.words)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('ends at wrong words even if they cannot be recorded', async () => {
    desk = new LoginDesk({
      clock,
      audit: withAudit(temporary.store, (append) => {
        if (append === 2) throw STORAGE_FULL
      }).audit,
    })
    const begun = await begin()
    await begun.confirm(alice)
    await expect(desk.consent(CODE, alice, 'not these')).rejects.toBe(STORAGE_FULL)
    await expect(desk.consent(CODE, alice, begun.attempt.words)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('fault 7: does not let another person’s click through, with the right words too', async () => {
    const begun = await begin()
    await begun.confirm(alice)
    expect(desk.view(CODE, bob).waitsFor).toBe('other-person')
    await expect(desk.consent(CODE, bob, begun.attempt.words)).rejects.toMatchObject({ code: 'forbidden' })
    await desk.consent(CODE, alice, begun.attempt.words)
    expect(await begun.attempt.outcome).toEqual({ kind: 'approved', principal: alice })
    expect(await eventsOf(begun)).toEqual(['login.started', 'login.failed', 'login.approved'])
  })

  it('can be denied', async () => {
    const begun = await begin()
    await desk.deny(CODE, bob, { notMe: true })
    expect(await begun.attempt.outcome).toMatchObject({ kind: 'denied' })
    expect(await eventsOf(begun)).toEqual(['login.started', 'login.denied'])
  })

  it('is denied even if the denial cannot be recorded', async () => {
    const audit = withAudit(temporary.store, (append) => {
      if (append === 2) throw STORAGE_FULL
    }).audit
    desk = new LoginDesk({ clock, audit })
    const begun = await begin()
    await expect(desk.deny(CODE, bob, { notMe: false })).rejects.toBe(STORAGE_FULL)
    expect((await begun.attempt.outcome).kind).toBe('denied')
  })

  it('ends with the provider’s word, and never with a foreign error’s text', async () => {
    const denied = await begin()
    denied.fail(new BastionError('forbidden', 'You said no at the provider.'))
    expect(await denied.attempt.outcome).toEqual({ kind: 'denied', message: 'You said no at the provider.' })
    const broken = await begin('BBBB-CCCC')
    broken.fail(new Error('secret=hunter2'))
    expect(JSON.stringify(await broken.attempt.outcome)).not.toContain('hunter2')
    expect(await eventsOf(denied)).toEqual(['login.started', 'login.denied'])
    expect(await eventsOf(broken)).toEqual(['login.started', 'login.failed'])
  })

  it('is gone with its client', async () => {
    const begun = await begin()
    begun.attempt.cancel()
    expect((await begun.attempt.outcome).kind).toBe('denied')
    expect(() => desk.view(CODE, alice)).toThrow('is not waiting')
    expect(clock.nextInMs).toBeUndefined()
  })

  it('a cancelled attempt does not take a later one of the same code with it', async () => {
    const first = await begin()
    first.attempt.cancel()
    await begin()
    first.attempt.cancel()
    expect(desk.view(CODE, alice).waitsFor).toBe('identity')
  })

  it('is not left open when its start cannot be recorded', async () => {
    const audit = withAudit(temporary.store, () => Promise.reject(STORAGE_FULL)).audit
    desk = new LoginDesk({ clock, audit })
    await expect(begin()).rejects.toBe(STORAGE_FULL)
    expect(() => desk.view(CODE, alice)).toThrow('is not waiting')
    expect(clock.nextInMs).toBeUndefined()
  })
})

describe('while consent is being stored', () => {
  let stored: ReturnType<typeof door>
  let begun: Begun

  beforeEach(async () => {
    stored = door()
    const slow: AuditLog = withAudit(temporary.store as Store, (append) =>
      append === 2 ? stored.opened : undefined,
    ).audit
    desk = new LoginDesk({ audit: slow, clock })
    begun = await begin()
    await begun.confirm(alice)
  })

  it.each([
    ['the client leaves', () => begun.attempt.cancel()],
    ['the code expires', () => clock.advance(LIFETIME_MS)],
    ['it is denied elsewhere', () => desk.deny(CODE, bob, { notMe: true })],
    ['the bastion stops', () => desk.close('over')],
  ])('%s: nobody is let in, and the log says so', async (_, happens) => {
    const consent = desk.consent(CODE, alice, begun.attempt.words)
    void happens()
    stored.open()
    await expect(consent).rejects.toMatchObject({ code: 'not-found' })
    expect((await begun.attempt.outcome).kind).toBe('denied')
    expect((await eventsOf(begun)).at(-1)).not.toBe('login.approved')
  })

  it('a second click, right or wrong, does not overtake the first', async () => {
    const consent = desk.consent(CODE, alice, begun.attempt.words)
    await expect(desk.consent(CODE, alice, 'wrong words')).rejects.toMatchObject({ code: 'conflict' })
    await expect(desk.consent(CODE, alice, begun.attempt.words)).rejects.toMatchObject({ code: 'conflict' })
    stored.open()
    await consent
    expect((await begun.attempt.outcome).kind).toBe('approved')
    expect(await eventsOf(begun)).toEqual(['login.started', 'login.approved'])
  })
})

describe('many sign-ins', () => {
  it('fault 6: parallel attempts never mix', async () => {
    const people = Array.from({ length: 20 }, (_, index) => ({
      ...alice,
      id: `i#${index}` as Principal['id'],
      subject: `${index}`,
    }))
    const begun = await Promise.all(people.map((_, index) => begin(`CODE-${String(index).padStart(4, '0')}`)))
    await Promise.all(begun.toReversed().map((each, index) => each.confirm(people.at(-1 - index)!)))
    const clicks = await Promise.allSettled(
      begun.flatMap(({ attempt }, index) => [
        desk.consent(attempt.code, people[(index + 1) % 20]!, attempt.words),
        desk.consent(attempt.code, people[index]!, attempt.words),
      ]),
    )
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    const outcomes = await Promise.all(begun.map(({ attempt }) => attempt.outcome))
    expect(outcomes).toEqual(people.map((principal) => ({ kind: 'approved', principal })))
  })

  it('fault 6: the words of one attempt do not open another', async () => {
    const one = await begin('AAAA-AAAA')
    let other = await begin('BBBB-BBBB')
    for (let n = 0; other.attempt.words === one.attempt.words; n++) other = await begin(`BBBB-BBB${n}`)
    await one.confirm(alice)
    await other.confirm(alice)
    await expect(desk.consent(one.attempt.code, alice, other.attempt.words)).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect((await one.attempt.outcome).kind).toBe('denied')
  })

  it('refuses a code that waits already, and one that is too short to be a secret', async () => {
    await begin()
    await expect(begin('wdjb mjht')).rejects.toMatchObject({ code: 'too-many' })
    await expect(begin('A-1')).rejects.toMatchObject({ code: 'untrusted' })
    await expect(begin('Код-Слово')).rejects.toMatchObject({ code: 'untrusted' })
  })

  it('fault 14: lets nobody guess codes for long, and forgets it after a while', async () => {
    await begin()
    for (let n = 0; n < 10; n++) expect(() => desk.view(`GUES-S00${n}`, bob)).toThrow('is not waiting')
    expect(() => desk.view('GUES-S999', bob)).toThrow('Too many wrong codes')
    expect(() => desk.view(CODE, bob)).toThrow('Too many wrong codes')
    await expect(desk.deny(CODE, bob, { notMe: true })).rejects.toMatchObject({ code: 'too-many' })
    expect(desk.view(CODE, alice).waitsFor).toBe('identity')
    clock.advance(LIFETIME_MS)
    clock.advance(LIFETIME_MS)
    await begin()
    expect(desk.view(CODE, bob).waitsFor).toBe('identity')
  })

  it('has room for a thousand, and for another when one is gone', async () => {
    const audit: AuditLog = { append: async (event) => ({ ...event, seq: 1 }), list: async () => [] }
    desk = new LoginDesk({ audit, clock })
    const begun = await Promise.all(Array.from({ length: 1000 }, (_, n) => begin(`BULK-${String(n).padStart(4, '0')}`)))
    expect(desk.hasRoom).toBe(false)
    await expect(begin()).rejects.toMatchObject({ code: 'too-many' })
    begun[0]!.attempt.cancel()
    expect(desk.hasRoom).toBe(true)
    await begin()
    desk.close('over')
    expect((await begun[999]!.attempt.outcome).kind).toBe('denied')
    expect(clock.nextInMs).toBeUndefined()
  })
})

describe('matching words', () => {
  it('offers the right pair among three that share no word', () => {
    for (let n = 0; n < 200; n++) {
      const words = pickWords()
      const choices = wordChoices(words)
      expect(choices).toHaveLength(3)
      expect(choices).toContain(words)
      expect(new Set(choices.flatMap((choice) => choice.split(' '))).size).toBe(6)
    }
  })

  it('puts the right pair in every place', () => {
    const places = new Set(Array.from({ length: 200 }, () => wordChoices('amber otter').indexOf('amber otter')))
    expect(places).toEqual(new Set([0, 1, 2]))
  })
})
