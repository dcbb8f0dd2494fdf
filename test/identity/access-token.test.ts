import { createHmac, generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, exportSPKI, importJWK, jwtVerify, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_PEOPLE } from '../../src/demo/identity-provider.ts'
import { connectIdentityProvider } from '../../src/identity/provider.ts'
import { agentToken, bearerTokenFor, newBrowser } from '../support/idp-browser.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { CALLBACK, configFor, type IdentityParts, startIdentity, startIdp } from './parts.ts'

const refused = { code: 'unauthenticated' }
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('verifyBearer()', () => {
  let parts: IdentityParts
  let token: string
  beforeAll(async () => {
    parts = await startIdentity()
    token = await bearerTokenFor(parts.idp.issuer, 'carol')
  })
  afterAll(() => parts.idp.close())

  const verify = (text: string) => parts.identity.verifyBearer(text)

  it('resolves to the person a good token names', async () => {
    expect(decodeProtectedHeader(token).typ).toBe('at+jwt')
    expect(await verify(token)).toEqual({
      id: `${parts.idp.issuer}#carol`,
      issuer: parts.idp.issuer,
      subject: 'carol',
      name: 'carol',
      email: 'carol@example.test',
      groups: ['compliance'],
    })
  })

  it('refuses an expired token', async () => {
    const later = new ManualClock(new Date(Date.now() + 3_600_000 + 60_000))
    const identity = connectIdentityProvider(parts.config, later)
    await expect(identity.verifyBearer(token)).rejects.toMatchObject(refused)
    const justBefore = new ManualClock(new Date(Date.now() + 3_600_000 - 60_000))
    expect((await connectIdentityProvider(parts.config, justBefore).verifyBearer(token)).subject).toBe('carol')
  })

  it('refuses a token for another audience', async () => {
    const other = connectIdentityProvider({ ...parts.config, audience: 'payroll' }, parts.clock)
    await expect(other.verifyBearer(token)).rejects.toMatchObject(refused)
  })

  it('refuses a token of another issuer, also when that one uses our name', async () => {
    const other = await startIdp()
    try {
      const foreign = await bearerTokenFor(other.issuer, 'carol')
      await expect(verify(foreign)).rejects.toMatchObject(refused)
    } finally {
      await other.close()
    }
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'ES256' })
      .sign(privateKey)
    await expect(verify(forged)).rejects.toMatchObject(refused)
  })

  it('refuses alg none', async () => {
    const claims = token.split('.')[1] ?? ''
    for (const alg of ['none', 'None', 'NONE']) {
      await expect(verify(`${base64url({ alg, typ: 'at+jwt' })}.${claims}.`)).rejects.toMatchObject(refused)
    }
  })

  it('refuses an HMAC made with the public key', async () => {
    const jwks = (await (await fetch(`${parts.idp.issuer}/jwks`)).json()) as { keys: [Record<string, string>] }
    const [jwk] = jwks.keys
    const key = await importJWK(jwk, 'ES256')
    if (key instanceof Uint8Array) throw new Error('a key pair was expected')
    const secrets = [await exportSPKI(key), JSON.stringify(jwk), jwk.x ?? '']
    for (const secret of secrets) {
      const signed = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid: jwk.kid })}.${token.split('.')[1]}`
      const signature = createHmac('sha256', secret).update(signed).digest('base64url')
      await expect(verify(`${signed}.${signature}`)).rejects.toMatchObject(refused)
    }
    // The key is the right one: the same check accepts the genuine token.
    expect((await jwtVerify(token, createLocalJWKSet(jwks))).payload.sub).toBe('carol')
  })

  it('refuses a changed claim', async () => {
    const [header, claims, signature] = token.split('.')
    const changed = base64url({ ...decodeJwt(`${header}.${claims}.${signature}`), groups: ['admins'] })
    await expect(verify(`${header}.${changed}.${signature}`)).rejects.toMatchObject(refused)
  })

  describe('of a client that acts for itself', () => {
    const agents = new Map([['demo-agent', { owner: 'alice', groups: ['robots'] }]])

    it('names an agent, its owner and its groups, where the configuration knows it', async () => {
      const agent = await agentToken(parts.idp.issuer)
      expect(decodeJwt(agent).sub).toBe('demo-agent')
      const identity = connectIdentityProvider({ ...parts.config, agents }, parts.clock)
      expect(await identity.verifyToken(agent)).toEqual({
        principal: {
          id: `${parts.idp.issuer}#demo-agent`,
          issuer: parts.idp.issuer,
          subject: 'demo-agent',
          name: 'demo-agent',
          email: undefined,
          groups: ['robots'],
          owner: `${parts.idp.issuer}#alice`,
        },
        expiresAt: new Date((decodeJwt(agent).exp ?? 0) * 1000),
      })
    })

    it('is refused where nobody answers for it', async () => {
      await expect(verify(await agentToken(parts.idp.issuer))).rejects.toMatchObject(refused)
    })

    it('makes nobody an agent who signed in with another client', async () => {
      const identity = connectIdentityProvider({ ...parts.config, agents }, parts.clock)
      expect((await identity.verifyBearer(token)).owner).toBeUndefined()
    })
  })

  it('refuses an ID token in place of an access token, also where the audience fits', async () => {
    const sign = await parts.identity.beginWebSignIn()
    const page = await newBrowser({ stopAt: CALLBACK }).signIn(sign.location.href, 'carol')
    const { clientId, clientSecret = '' } = parts.config
    const response = await fetch(`${parts.idp.issuer}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
      },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: new URL(page.url).searchParams.get('code') ?? '',
        redirect_uri: CALLBACK,
        code_verifier: sign.secret.codeVerifier,
      }),
    })
    const { id_token: idToken } = (await response.json()) as { id_token: string }
    expect(decodeJwt(idToken).sub).toBe('carol')
    const identity = connectIdentityProvider({ ...parts.config, audience: clientId }, parts.clock)
    await expect(identity.verifyBearer(idToken)).rejects.toMatchObject(refused)
  })

  it.each([
    ['nothing', ''],
    ['no JWT', 'opaque-token'],
    ['three dots', '...'],
    ['very much', 'a'.repeat(200_000)],
  ])('refuses %s', async (_, text) => {
    await expect(verify(text)).rejects.toMatchObject(refused)
  })

  it('ignores an address that the provider did not verify', async () => {
    const [alice] = DEMO_PEOPLE
    if (alice === undefined) throw new Error('nobody there')
    const idp = await startIdp({ people: [{ ...alice, email: 'ceo@example.test', isEmailVerified: false }] })
    try {
      const identity = connectIdentityProvider(configFor(idp.issuer), parts.clock)
      expect(await identity.verifyBearer(await bearerTokenFor(idp.issuer, 'alice'))).toMatchObject({ email: undefined })
    } finally {
      await idp.close()
    }
  })
})
