import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Claim,
  canonical,
  challengeOf,
  relyingPartyOf,
  statementOf,
  verifyReceipt,
} from '../../src/approval/receipt.ts'
import type { PublicJwk, Receipt } from '../../src/core/passkey.ts'
import { action, bob, erin, kept } from './parts.ts'

const KEYS = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const
const at = new Date('2026-11-28T06:00:00Z')
const relyingParty = { id: 'bastion.example', origin: 'https://bastion.example' }
const base = action()

const held = kept(at, {
  action: action({ target: { ...base.target, hostKeys: ['ssh-ed25519 AAAA1', 'ssh-rsa AAAA2'] } }),
  state: { kind: 'pending' },
})

function claimWith(publicKey: KeyObject): Claim {
  return {
    hold: held,
    decision: { kind: 'approve', by: bob, at, reason: 'space is needed' },
    terms: {
      grant: { minutes: 30, scope: 'session' },
      policy: 'd1',
      auditHead: { size: 41, hash: 'f00d' },
      expiresAt: new Date(at.getTime() + 120_000),
      nonce: 'n0nce',
    },
    passkey: { credential: 'Y3JlZA', principal: bob.id, publicKey: publicKey.export({ format: 'jwk' }) as PublicJwk },
    relyingParty,
  }
}

interface Signing {
  readonly client?: Record<string, unknown>
  readonly rpId?: string
  readonly flags?: number
}

/** What an authenticator and a browser do together (WebAuthn §6.3.3 and §5.8.1). */
function signedBy(privateKey: KeyObject, { terms, decision }: Claim, signing: Signing = {}): Receipt {
  const statement = statementOf(held, decision, terms)
  const client = Buffer.from(
    JSON.stringify({
      type: 'webauthn.get',
      challenge: challengeOf(statement),
      origin: relyingParty.origin,
      crossOrigin: false,
      ...signing.client,
    }),
  )
  const authenticator = Buffer.concat([
    createHash('sha256')
      .update(signing.rpId ?? relyingParty.id)
      .digest(),
    Buffer.from([signing.flags ?? 0x05, 0, 0, 0, 7]),
  ])
  const signed = Buffer.concat([authenticator, createHash('sha256').update(client).digest()])
  const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return {
    statement,
    assertion: {
      credential: 'Y3JlZA',
      authenticatorData: authenticator.toString('base64url'),
      clientData: client.toString('base64url'),
      signature: sign(algorithm, signed, privateKey).toString('base64url'),
    },
  }
}

const { publicKey, privateKey } = KEYS.ES256
const claim = claimWith(publicKey)
const good = signedBy(privateKey, claim)
const why = (receipt: Receipt, against: Claim = claim) => {
  const result = verifyReceipt(receipt, against)
  return result.kind === 'refused' ? result.why : 'holds'
}

/** The path of each leaf of a JSON value. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, each]) => leaves(each, [...path, name]))
}

/** The same value with another leaf at `path`. */
function altered(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return typeof value === 'number' ? value + 1 : `${String(value)}.`
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === name ? altered(each, rest) : each))
  const fields = value as Record<string, unknown>
  return { ...fields, [name]: altered(fields[name], rest) }
}

describe('verifyReceipt()', () => {
  it.each(Object.entries(KEYS))('takes a signature by %s, and by no other key of its kind', (name, pair) => {
    const theirs = claimWith(pair.publicKey)
    expect(why(signedBy(pair.privateKey, theirs), theirs)).toBe('holds')
    for (const [other, { privateKey: stranger }] of Object.entries(KEYS)) {
      if (other !== name) expect(why(signedBy(stranger, theirs), theirs)).toBe('the signature does not fit')
    }
  })

  it.each(leaves(good.statement).map((path) => [path.join('.'), path] as const))('refuses another %s', (_, path) => {
    const statement = altered(good.statement, path) as Receipt['statement']
    expect(why({ ...good, statement })).toBe('the statement is not about this decision')
    // And where the statement is left as it was, but what it is said to be about is not: the challenge is another one.
    expect(challengeOf(statement)).not.toBe(challengeOf(good.statement))
  })

  it('covers all that the brief of a signed decision names', () => {
    const names = leaves(good.statement).map(([name]) => name)
    expect(names).toEqual(expect.arrayContaining(['session', 'target', 'text', 'policy', 'auditHead', 'expiresAt']))
    expect(leaves(good.statement).map((path) => path.join('.'))).toContain('target.hostKeys.0')
  })

  it.each<[string, Partial<Claim>]>([
    ['another command', { hold: { ...held, action: { ...held.action, text: 'rm -rf /' } } }],
    ['another session', { hold: { ...held, action: { ...held.action, session: action().session } } }],
    ['a rejection', { decision: { ...claim.decision, kind: 'reject' } }],
    ['another person’s word', { decision: { ...claim.decision, by: erin } }],
    ['another policy', { terms: { ...claim.terms, policy: 'd2' } }],
    ['no grant', { terms: { ...claim.terms, grant: undefined } }],
  ])('refuses it for %s', (_, over) => {
    expect(why(good, { ...claim, ...over })).toBe('the statement is not about this decision')
  })

  it('refuses a passkey of somebody else, another passkey, and a decision after its time', () => {
    expect(why(good, { ...claim, passkey: { ...claim.passkey, principal: erin.id } })).toContain('another person')
    expect(why(good, { ...claim, passkey: { ...claim.passkey, credential: 'b3RoZXI' } })).toContain('another passkey')
    const late = { ...claim, decision: { ...claim.decision, at: claim.terms.expiresAt } }
    expect(why(good, late)).toContain('after the signature expired')
  })

  it.each<[string, Signing, string]>([
    ['a registration', { client: { type: 'webauthn.create' } }, 'not an assertion'],
    ['another challenge', { client: { challenge: 'AAAA' } }, 'another statement'],
    ['another origin', { client: { origin: 'https://bastion.example.evil' } }, 'another site'],
    ['a frame', { client: { crossOrigin: true } }, 'inside of another site'],
    ['another relying party', { rpId: 'evil.example' }, 'for another site'],
    ['nobody present', { flags: 0x04 }, 'nobody touched'],
    ['nobody verified', { flags: 0x01 }, 'did not make sure'],
  ])('fault 45: refuses what was rightly signed for %s', (_, signing, expected) => {
    expect(why(signedBy(privateKey, claim, signing))).toContain(expected)
  })

  it('refuses every changed byte of what the authenticator and the browser said, and every other spelling', () => {
    for (const part of ['authenticatorData', 'clientData', 'signature'] as const) {
      const bytes = Buffer.from(good.assertion[part], 'base64url')
      for (let index = 0; index < bytes.length; index++) {
        const other = Buffer.from(bytes)
        other[index]! ^= 1
        expect(why({ ...good, assertion: { ...good.assertion, [part]: other.toString('base64url') } })).not.toBe(
          'holds',
        )
      }
      for (const text of [`${good.assertion[part]}=`, ` ${good.assertion[part]}`, '', 'A'])
        expect(why({ ...good, assertion: { ...good.assertion, [part]: text } })).not.toBe('holds')
    }
  })

  it.each(['null', '[]', '7', '{', ''])('refuses browser data that is %s', (text) => {
    const clientData = Buffer.from(text).toString('base64url')
    expect(why({ ...good, assertion: { ...good.assertion, clientData } })).not.toBe('holds')
  })

  it('refuses a key that it does not know how to verify', () => {
    const { publicKey: weak, privateKey: weakPrivate } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const theirs = claimWith(weak)
    expect(why(signedBy(weakPrivate, theirs), theirs)).toBe('the signature does not fit')
    expect(why(good, { ...claim, passkey: { ...claim.passkey, publicKey: { kty: 'oct', k: 'AAAA' } } })).not.toBe(
      'holds',
    )
  })
})

describe('relyingPartyOf()', () => {
  it.each([
    ['https://bastion.example', 'bastion.example'],
    ['https://bastion.example:8443', 'bastion.example'],
    ['http://localhost:8080', 'localhost'],
    ['http://bastion.example', undefined],
    ['https://192.0.2.7', undefined],
    ['https://0x7f000001', undefined],
    ['http://127.0.0.1:8080', undefined],
    ['https://[::1]', undefined],
  ])('is for %s %s', (url, id) => {
    expect(relyingPartyOf(new URL(url))?.id).toBe(id)
  })
})

describe('canonical()', () => {
  it('is one text for one value, whatever the order, and reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value))
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return
        const backwards = Object.fromEntries(Object.entries(value).reverse())
        expect(canonical(backwards)).toBe(canonical(value))
      }),
    )
  })

  it('keeps different texts apart, broken halves of characters too', () => {
    expect(canonical('\ud800')).not.toBe(canonical('\ufffd'))
    expect(canonical({ a: ['b', 'c'] })).not.toBe(canonical({ a: ['b,c'] }))
  })
})
