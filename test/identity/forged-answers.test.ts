import { createHmac, generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectIdentityProvider, type IdentityProvider } from '../../src/identity/provider.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { deviceGrant, type ForgingProvider, metadataOf, startForgingProvider } from './forging-provider.ts'
import { configFor } from './parts.ts'

const never = new AbortController().signal
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a provider that lies', () => {
  let forger: ForgingProvider
  let identity: IdentityProvider
  let clock: ManualClock
  beforeEach(async () => {
    forger = await startForgingProvider()
    clock = new ManualClock()
    identity = connectIdentityProvider(configFor(forger.issuer), clock)
  })
  afterEach(() => forger.close())

  const loginWith = async (idToken: string | undefined) => {
    forger.answer('/token', { access_token: 'access-token-text', token_type: 'bearer', id_token: idToken })
    const login = await identity.startDevice(never)
    await clock.step()
    return login.principal
  }

  it('is believed as long as it tells the truth', async () => {
    expect(await loginWith(await forger.idToken())).toMatchObject({ subject: 'mallory' })
  })

  const hour = 3600
  const { privateKey: foreignKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = () => Math.floor(Date.now() / 1000)
  it.each<[string, () => Promise<string | undefined>]>([
    ['signed by a key it does not publish', () => forger.idToken({}, foreignKey)],
    ['of another issuer', () => forger.idToken({ iss: 'https://other.example.test' })],
    ['for another client', () => forger.idToken({ aud: 'payroll' })],
    [
      'for several clients, of which another is the authorised party',
      () => forger.idToken({ aud: ['bastion', 'payroll'], azp: 'payroll' }),
    ],
    ['that has expired', () => forger.idToken({ exp: now() - hour })],
    ['that is not valid yet', () => forger.idToken({ nbf: now() + hour })],
    ['without a signature', async () => `${base64url({ alg: 'none' })}.${(await forger.idToken()).split('.')[1]}.`],
    [
      'signed with the client secret',
      async () => {
        const signed = `${base64url({ alg: 'HS256' })}.${(await forger.idToken()).split('.')[1]}`
        return `${signed}.${createHmac('sha256', configFor('').clientSecret ?? '')
          .update(signed)
          .digest('base64url')}`
      },
    ],
    ['that is not there', async () => undefined],
    ['that is no token', async () => 'ID'],
  ])('cannot sign anybody in with an ID token %s', async (_, make) => {
    const error = await loginWith(await make()).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'untrusted' })
    const shown = inspect(error, { depth: 20, showHidden: true })
    expect(shown).not.toContain('access-token-text')
    expect(shown).not.toContain('mallory')
  })

  it('cannot sign anybody in with claims that make no person', async () => {
    await expect(loginWith(await forger.idToken({ groups: { admins: true } }))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it.each<[string, Record<string, unknown>]>([
    ['a code with a terminal escape', { user_code: '\u001b[2JABCD' }],
    ['a code with spaces', { user_code: 'call 555 0100' }],
    ['a code that fills the screen', { user_code: 'A'.repeat(500) }],
    ['a link that is a script', { verification_uri: 'javascript:alert(1)' }],
    ['a link without TLS', { verification_uri: 'http://login.example.test/' }],
    ['a link with a user name', { verification_uri: 'https://bank.example.test@evil.example.test/' }],
    ['a complete link that is a script', { verification_uri_complete: 'data:text/html,hello' }],
    ['no link', { verification_uri: 'enter the code somewhere' }],
  ])('cannot show a person %s', async (_, change) => {
    forger.answer('/device', { ...deviceGrant(forger.issuer), ...change })
    await expect(identity.startDevice(never)).rejects.toMatchObject({ code: 'untrusted' })
    expect(clock.nextInMs).toBeUndefined()
  })

  it('cannot keep a code alive for a day, nor have us ask all the time', async () => {
    forger.answer('/device', { ...deviceGrant(forger.issuer), expires_in: 86_400, interval: 0.000_001 })
    const abort = new AbortController()
    const login = await identity.startDevice(abort.signal)
    expect(login.expiresAt.getTime() - clock.now().getTime()).toBe(15 * 60_000)
    expect(clock.nextInMs).toBe(50)
    abort.abort()
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['claims to be another', { issuer: 'https://other.example.test' }, 'untrusted'],
    ['names keys without TLS', { jwks_uri: 'http://keys.example.test/' }, 'untrusted'],
    ['names no keys', { jwks_uri: undefined }, 'untrusted'],
    [
      'names a device endpoint without TLS',
      { device_authorization_endpoint: 'http://other.example.test/' },
      'untrusted',
    ],
    ['has no device endpoint', { device_authorization_endpoint: undefined }, 'unavailable'],
  ])('is refused when it %s', async (_, change, code) => {
    forger.answer('/.well-known/openid-configuration', { ...metadataOf(forger.issuer), ...change })
    await expect(identity.startDevice(never)).rejects.toMatchObject({ code })
  })

  it('is not followed to a sign-in page without TLS', async () => {
    forger.answer('/.well-known/openid-configuration', {
      ...metadataOf(forger.issuer),
      authorization_endpoint: 'http://login.example.test/',
    })
    await expect(identity.beginWebSignIn()).rejects.toMatchObject({ code: 'untrusted' })
    forger.answer('/.well-known/openid-configuration', metadataOf(forger.issuer))
  })

  it('is not read beyond a megabyte', async () => {
    forger.answer('/.well-known/openid-configuration', { ...metadataOf(forger.issuer), filler: 'x'.repeat(2_000_000) })
    await expect(identity.startDevice(never)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/too large/),
    })
  })

  it.each([
    [401, { error: 'invalid_client' }],
    [400, { error: 'unauthorized_client' }],
  ])('that does not know this client is reported as the operator’s matter (%i)', async (status, body) => {
    forger.answer('/device', body, status)
    await expect(identity.startDevice(never)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/client id or secret/),
    })
  })

  it('that answers with a proxy’s error page is waited for', async () => {
    forger.answer('/token', '<h1>502 Bad Gateway</h1>', 502)
    const login = await identity.startDevice(never)
    await clock.step()
    await clock.waitForTimer()
    forger.answer('/token', { access_token: 'a', token_type: 'bearer', id_token: await forger.idToken() })
    expect(await clock.step()).toBe(2000)
    expect(await login.principal).toMatchObject({ subject: 'mallory' })
  })

  it('that asks to slow down is asked less often', async () => {
    forger.answer('/token', { error: 'slow_down' }, 400)
    const abort = new AbortController()
    await identity.startDevice(abort.signal)
    expect([await clock.step(), await clock.step(), await clock.step()]).toEqual([1000, 6000, 11_000])
    abort.abort()
  })

  it('signs bearer tokens: one that names a client, no person (RFC 9068 §2.2), and one of another kind are refused', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    forger.answer('/jwks', { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256' }] })
    const sign = (sub: string, typ: string) =>
      new SignJWT({ iss: forger.issuer, aud: 'sallyport', sub, client_id: 'robot', groups: ['admins'] })
        .setIssuedAt()
        .setExpirationTime('5m')
        .setProtectedHeader({ alg: 'ES256', typ })
        .sign(privateKey)
    await expect(identity.verifyBearer(await sign('robot', 'at+jwt'))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(identity.verifyBearer(await sign('carol', 'JWT'))).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await identity.verifyBearer(await sign('carol', 'at+jwt'))).toMatchObject({ subject: 'carol' })
  })
})
