/** Back-channel logout tokens, good and forged: every check of Back-Channel Logout 1.0 §2.6 by a token that fails it alone. */
import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectIdentityProvider, type IdentityProvider } from '../../src/identity/provider.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type ForgingProvider, startForgingProvider } from './forging-provider.ts'
import { configFor } from './parts.ts'

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const refused = { code: 'invalid' }

let provider: ForgingProvider
let identity: IdentityProvider
let clock: ManualClock
let count = 0
const token = (claims: Record<string, unknown> = {}) =>
  provider.idToken({ jti: `j${++count}`, events: EVENTS, sid: 's-1', ...claims })

beforeEach(async () => {
  provider = await startForgingProvider()
  clock = new ManualClock()
  identity = connectIdentityProvider(configFor(provider.issuer), clock)
})
afterEach(() => provider.close())

describe('verifyLogout()', () => {
  it('resolves to whom the token signs out: a person, a session, or both', async () => {
    const { issuer } = provider
    expect(await identity.verifyLogout(await token())).toEqual({ issuer, subject: 'mallory', sid: 's-1' })
    expect(await identity.verifyLogout(await token({ sid: undefined }))).toMatchObject({ sid: undefined })
    expect(await identity.verifyLogout(await token({ sub: undefined }))).toEqual({
      issuer,
      subject: undefined,
      sid: 's-1',
    })
  })

  it.each<[string, Record<string, unknown>]>([
    ['no event, as an ID token has none', { events: undefined }],
    ['another event', { events: { 'http://schemas.openid.net/event/other': {} } }],
    ['an event that is no object', { events: { 'http://schemas.openid.net/event/backchannel-logout': true } }],
    ['a nonce, as an ID token has', { nonce: 'n' }],
    ['no jti', { jti: undefined }],
    ['nobody in it', { sub: undefined, sid: undefined }],
    ['an empty sid', { sid: '' }],
    ['a sub that is no text', { sub: 7 }],
    ['another audience', { aud: 'payroll' }],
    ['another issuer', { iss: 'https://other.example' }],
    ['an end that is past', { exp: Math.floor(Date.now() / 1000) - 60 }],
  ])('refuses one with %s', async (_, claims) => {
    await expect(identity.verifyLogout(await token(claims))).rejects.toMatchObject(refused)
  })

  it('refuses one that somebody else signed, and what is no token', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const forged = await provider.idToken({ jti: 'j', events: EVENTS, sid: 's-1' }, privateKey)
    for (const text of [forged, '', 'x', '...', 'a'.repeat(100_000)]) {
      await expect(identity.verifyLogout(text)).rejects.toMatchObject(refused)
    }
  })

  it('takes one once, and none that is more than five minutes old', async () => {
    const once = await token()
    await identity.verifyLogout(once)
    await expect(identity.verifyLogout(once)).rejects.toMatchObject(refused)
    const old = await token({ exp: Math.floor(Date.now() / 1000) + 3600 })
    clock.advance(5 * 60_000 + 5_000)
    await expect(identity.verifyLogout(old)).rejects.toMatchObject(refused)
  })

  it('says that the provider is away, where its keys cannot be had', async () => {
    const good = await token()
    await provider.close()
    await expect(identity.verifyLogout(good)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
