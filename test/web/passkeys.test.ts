import { describe, expect, it } from 'vitest'
import { SIGNING_LIFE_MS } from '../../src/approval/signing.ts'
import { REGISTRATION_LIFE_MS } from '../../src/web/passkey-registration.ts'
import { PASSKEY_STEP_UP, type PasskeysView } from '../../src/web/routes/passkeys.ts'
import type { HoldView } from '../../src/web/views/hold.ts'
import { Authenticator } from './authenticator.ts'
import { type Client, signInWith } from './client.ts'
import { begin, post, register, signed as sign } from './passkey-parts.ts'
import { setUp } from './setup.ts'
import { GLASS, LIMIT, PEOPLE } from './world.ts'

const setup = setUp('http://localhost:8080')

interface Problem {
  readonly error: { readonly code: string; readonly message: string }
}

/** A hold of alice's that takes only signed approvals, bob, and his passkey. */
async function scene(quorum: object = { sign: 'passkey' }) {
  const { world } = setup
  const session = await world.openSession(PEOPLE.alice)
  const waiting = await world.hold(session, { quorum })
  const bob = await setup.as('bob')
  return { session, waiting, bob, authenticator: await register(bob), path: `/api/v1/holds/${waiting.hold.id}` }
}

const WORD = { decision: 'approve', reason: 'space is needed' }

const signed = (client: Client, path: string, authenticator: Authenticator, word: object = WORD) =>
  sign(client, path, authenticator, word)

async function refusal(client: Client, path: string, body: unknown): Promise<string> {
  const answer = await client.json<Problem>(`${path}/decisions`, post(body))
  expect(answer.status).toBe(403)
  return answer.body.error.message
}

describe('a rule that wants approvals signed', () => {
  it('takes a signed one, says who vouches for it, and keeps the receipt with the decision and in the log', async () => {
    const { waiting, bob, authenticator, path } = await scene()
    const { status, body } = await bob.json<HoldView>(`${path}/decisions`, post(await signed(bob, path, authenticator)))
    expect(status).toBe(201)
    expect(body.state.kind).toBe('approved')
    expect(body.decisions.map(({ vouchedBy }) => vouchedBy)).toEqual(['passkey'])
    expect((await waiting.outcome).kind).toBe('cleared')
    const stored = await setup.world.store.holds.find(waiting.hold.id)
    const receipt = stored?.decisions[0]?.receipt
    expect(receipt?.statement).toMatchObject({ hold: waiting.hold.id, reviewer: PEOPLE.bob.id, policy: 'd1' })
    const [event] = await setup.world.events('hold.approved')
    expect(event?.detail.receipt).toEqual(receipt)
  })

  it('refuses an unsigned approval with what to do, and tells the log; a rejection needs no signature', async () => {
    const { bob, path, waiting } = await scene()
    expect(await refusal(bob, path, WORD)).toContain('only approvals that are signed with a passkey')
    const [event] = await setup.world.events('decision.refused')
    expect(event).toMatchObject({ actor: PEOPLE.bob.id, hold: waiting.hold.id })
    const { body } = await bob.json<HoldView>(`${path}/decisions`, post({ decision: 'reject', reason: 'no' }))
    expect(body.decisions.map(({ vouchedBy }) => vouchedBy)).toEqual(['server'])
  })

  it('counts no unsigned approval, whichever way it came to be there', async () => {
    const { waiting } = await scene({ sign: 'passkey', count: 2 })
    const { store, desk } = setup.world
    const at = setup.clock.now()
    await store.holds.addDecision(
      waiting.hold.id,
      { kind: 'approve', by: PEOPLE.erin, at, reason: '' },
      () => undefined,
    )
    await expect(desk.decide(waiting.hold.id, PEOPLE.bob, { kind: 'approve', reason: '' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect((await store.holds.find(waiting.hold.id))?.state.kind).toBe('pending')
  })
})

describe('breaking the glass with a signature', () => {
  const old = async (glass: typeof GLASS = GLASS) => {
    const alice = await setup.as('alice')
    const authenticator = await register(alice)
    setup.clock.advance(GLASS.stepUp.maxAgeMs + 1)
    const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice), { quorum: { glass } })
    return { alice, authenticator, waiting, path: `/api/v1/holds/${waiting.hold.id}/glass` }
  }
  const WHY = { reason: 'it burns' }

  it('needs no fresh sign-in, says so, and keeps the receipt', async () => {
    const { alice, authenticator, waiting, path } = await old()
    expect((await alice.send(path, post(WHY))).status).toBe(401)
    const broken = await alice.json<HoldView>(path, post(await signed(alice, path, authenticator, WHY)))
    expect(broken.body.decisions).toMatchObject([{ kind: 'break-glass', vouchedBy: 'passkey' }])
    const [event] = await setup.world.events('glass.broken')
    expect(event?.detail.receipt).toMatchObject({
      statement: { decision: 'break-glass', hold: waiting.hold.id, reviewer: PEOPLE.alice.id, reason: 'it burns' },
    })
  })

  it('takes only what was signed: not another reason, and not where the rule names how to sign in', async () => {
    const { alice, authenticator, path, waiting } = await old()
    const other = { ...(await signed(alice, path, authenticator, WHY)), reason: 'another' }
    expect((await alice.send(path, post(other))).status).toBe(403)
    expect((await setup.world.desk.find(waiting.hold.id)).state.kind).toBe('pending')
    const named = await old({ ...GLASS, stepUp: { ...GLASS.stepUp, acr: ['mfa'] } })
    const body = await signed(named.alice, named.path, named.authenticator, WHY)
    expect((await named.alice.send(named.path, post(body))).status).toBe(401)
  })
})

describe('a signature', () => {
  it('may be given where no rule wants it, and without one the bastion vouches', async () => {
    const { bob, path, authenticator } = await scene({ count: 2 })
    await bob.send(`${path}/decisions`, post(await signed(bob, path, authenticator)))
    const erin = await setup.as('erin')
    const { body } = await erin.json<HoldView>(`${path}/decisions`, post(WORD))
    expect(body.decisions.map(({ vouchedBy }) => vouchedBy)).toEqual(['passkey', 'server'])
  })

  it('of another hold is refused, with its own request and with this one’s', async () => {
    const { session, bob, path, authenticator } = await scene()
    const other = await setup.world.hold(session, { text: 'rm other', quorum: { sign: 'passkey' } })
    const theirs = await signed(bob, `/api/v1/holds/${other.hold.id}`, authenticator)
    const mine = await signed(bob, path, authenticator)
    expect(await refusal(bob, path, theirs)).toContain('asked for another request')
    const moved = { ...mine, signature: { ...mine.signature, assertion: theirs.signature.assertion } }
    expect(await refusal(bob, path, moved)).toContain('signed for another statement')
  })

  it('is good once, and for two minutes', async () => {
    const { bob, path, authenticator } = await scene({ sign: 'passkey', count: 2 })
    const late = await signed(bob, path, authenticator)
    await setup.clock.advance(SIGNING_LIFE_MS)
    expect(await refusal(bob, path, late)).toContain('took too long')
    const word = await signed(bob, path, authenticator)
    expect((await bob.send(`${path}/decisions`, post(word))).status).toBe(201)
    // The same person's second word is refused before its signature is looked at; what was asked for is gone as well.
    expect(setup.world.desk.signing).toBeDefined()
    const hold = (await setup.world.store.holds.find(path.split('/').at(-1) as never))!
    await expect(
      setup.world.desk.signing.receiptOf(hold, hold.decisions[0]!, { signature: word.signature }),
    ).rejects.toThrow('used before')
  })

  it.each([
    ['another reason', { reason: 'another' }],
    ['another decision', { decision: 'reject' }],
    ['a grant', { grant: { minutes: 10, scope: 'session' } }],
  ])('is refused for %s than was signed', async (_, over) => {
    const { bob, path, authenticator } = await scene({ sign: 'passkey', grant: LIMIT })
    const word = await signed(bob, path, authenticator)
    expect(await refusal(bob, path, { ...word, ...over })).toContain('signed for another statement')
  })

  it('covers the grant that it gives', async () => {
    const { bob, path, authenticator } = await scene({ sign: 'passkey', grant: LIMIT })
    const word = await signed(bob, path, authenticator, { ...WORD, grant: { minutes: 10, scope: 'session' } })
    expect((await bob.send(`${path}/decisions`, post(word))).status).toBe(201)
    expect((await setup.world.events('grant.given')).length).toBe(1)
  })

  it('by another person’s passkey, or for another person’s request, is refused', async () => {
    const { bob, path, authenticator } = await scene()
    const erin = await setup.as('erin')
    const hers = await register(erin)
    expect(await refusal(bob, path, await signed(bob, path, hers))).toContain('another person')
    const bobs = await signed(bob, path, authenticator)
    expect(await refusal(erin, path, bobs)).toContain('asked for another request')
  })

  it('by a passkey that was revoked, is unknown, or has a copy, is refused', async () => {
    const { bob, path, authenticator } = await scene()
    expect(await refusal(bob, path, await signed(bob, path, new Authenticator()))).toContain('not registered here')
    const phone = await register(bob)
    const word = await signed(bob, path, phone)
    expect((await bob.send(`/api/v1/passkeys/${phone.credential}`, { method: 'DELETE' })).status).toBe(204)
    expect(await refusal(bob, path, word)).toContain('was revoked')
    const { store } = setup.world
    await store.passkeys.use(authenticator.credential, { counter: 7, at: setup.clock.now() })
    expect(await refusal(bob, path, await signed(bob, path, authenticator))).toContain('a copy of it')
  })

  it('is asked of nobody who may not decide, or has no passkey', async () => {
    const { path } = await scene()
    const status = async (who: 'alice' | 'dave' | 'erin') =>
      (await (await setup.as(who)).send(`${path}/signatures`, post(WORD))).status
    expect([await status('alice'), await status('dave'), await status('erin')]).toEqual([403, 403, 400])
  })
})

describe('adding a passkey', () => {
  it('is one’s own, shown to nobody else, and revoked by nobody else', async () => {
    const bob = await setup.as('bob')
    const authenticator = await register(bob)
    const erin = await setup.as('erin')
    const labels = async (client: Client) =>
      (await client.json<PasskeysView>('/api/v1/passkeys')).body.passkeys.map(({ label, state }) => [label, state])
    expect([await labels(bob), await labels(erin)]).toEqual([[['laptop', 'in-force']], []])
    const gone = (client: Client) => client.send(`/api/v1/passkeys/${authenticator.credential}`, { method: 'DELETE' })
    expect([(await gone(erin)).status, (await gone(bob)).status, (await gone(bob)).status]).toEqual([404, 204, 404])
    expect(await labels(bob)).toEqual([['laptop', 'revoked']])
    expect((await setup.world.events('passkey.registered', 'passkey.revoked')).length).toBe(2)
  })

  it('answers what was asked of the same browser, once, in time and on this site', async () => {
    const [bob, other] = [await setup.as('bob'), await setup.as('bob')]
    const add = async (client: Client, response: unknown) =>
      (await client.send('/api/v1/passkeys', post({ label: 'laptop', response }))).status
    const { challenge } = await begin(bob)
    expect(await add(other, new Authenticator().make(challenge))).toBe(403)
    expect(await add(bob, new Authenticator().make('AAAA'))).toBe(403)
    expect(await add(bob, new Authenticator().make(challenge))).toBe(403)
    const late = await begin(bob)
    await setup.clock.advance(REGISTRATION_LIFE_MS)
    expect(await add(bob, new Authenticator().make(late.challenge))).toBe(403)
    await signInWith(bob, setup.world, 'bob')
    const elsewhere = new Authenticator()
    elsewhere.origin = 'http://localhost:9090'
    expect(await add(bob, elsewhere.make((await begin(bob)).challenge))).toBe(403)
    expect(await add(bob, new Authenticator().make((await begin(bob)).challenge))).toBe(201)
  })

  it('takes a sign-in that is minutes old, and says so as programs and pages understand it', async () => {
    const stale = await setup.as('bob')
    setup.clock.advance(PASSKEY_STEP_UP.maxAgeMs + 1)
    const { status, headers } = await stale.send('/api/v1/passkeys/options', post({}))
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", max_age=300',
    ])
    expect((await stale.json<PasskeysView>('/api/v1/passkeys')).body.stepUp).toEqual({ maxAgeSeconds: 300, acr: [] })
    const again = await stale.send('/auth/start?fresh=1&return=/me')
    const callback = new URL(again.headers.get('location')!)
    await stale.send(`${callback.pathname}${callback.search}`)
    expect(setup.world.provider.fresh).toEqual({ acr: [] })
    await register(stale)
    // A provider that does not say when somebody signed in satisfies nothing.
    setup.world.provider.isStale = true
    expect((await (await setup.as('erin')).send('/api/v1/passkeys/options', post({}))).status).toBe(401)
  })

  it('does not take one that is somebody’s already, and needs a browser', async () => {
    const authenticator = await register(await setup.as('bob'))
    const erin = await setup.as('erin')
    const response = authenticator.make((await begin(erin)).challenge)
    expect((await erin.send('/api/v1/passkeys', post({ label: 'mine', response }))).status).toBe(409)
    expect((await setup.program('bob').send('/api/v1/passkeys/options', post({}))).status).toBe(403)
  })
})

describe('a bastion that is called by a number', () => {
  const numbered = setUp('http://127.0.0.1:8080')

  it('says that there can be no passkeys, and what to do about it', async () => {
    const bob = await numbered.as('bob')
    expect((await bob.json<PasskeysView>('/api/v1/passkeys')).body.usable).toBe(false)
    const { status, body } = await bob.json<Problem>('/api/v1/passkeys/options', post({}))
    expect([status, body.error.message]).toEqual([503, expect.stringContaining('web.url')])
  })
})
