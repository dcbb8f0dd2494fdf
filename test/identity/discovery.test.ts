import { describe, expect, it } from 'vitest'
import { connectIdentityProvider, type IdentityConfig } from '../../src/identity/provider.ts'
import { bearerTokenFor } from '../support/idp-browser.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { startForgingProvider } from './forging-provider.ts'
import { configFor, startIdp } from './parts.ts'

const never = new AbortController().signal

describe('connectIdentityProvider()', () => {
  it('is patient: down at the start, each call says so, and works when the provider is there', async () => {
    const first = await startIdp()
    const port = Number(new URL(first.issuer).port)
    await first.close()
    const identity = connectIdentityProvider(configFor(first.issuer), new ManualClock())
    const unavailable = { code: 'unavailable', message: expect.stringMatching(/does not answer/) }
    await expect(identity.startDevice(never)).rejects.toMatchObject(unavailable)
    await expect(identity.beginWebSignIn()).rejects.toMatchObject(unavailable)
    await expect(identity.verifyBearer('a.b.c')).rejects.toMatchObject(unavailable)

    const second = await startIdp({ port })
    try {
      expect((await identity.startDevice(never)).userCode).toMatch(/^[A-Z-]{9}$/)
      expect((await identity.beginWebSignIn()).location.origin).toBe(second.issuer)
      expect((await identity.verifyBearer(await bearerTokenFor(second.issuer, 'bob'))).subject).toBe('bob')
    } finally {
      await second.close()
    }
  })

  it('says "unavailable", not "unauthenticated", when the keys cannot be fetched', async () => {
    const idp = await startIdp()
    const identity = connectIdentityProvider(configFor(idp.issuer), new ManualClock())
    const token = await bearerTokenFor(idp.issuer, 'bob')
    await identity.beginWebSignIn()
    await idp.close()
    await expect(identity.verifyBearer(token)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('asks once for callers that come together, and again after an hour', async () => {
    const forger = await startForgingProvider()
    try {
      const clock = new ManualClock()
      const identity = connectIdentityProvider(configFor(forger.issuer), clock)
      const asked = () => forger.asked.filter((path) => path.startsWith('/.well-known/')).length
      await Promise.all([identity.beginWebSignIn(), identity.beginWebSignIn(), identity.beginWebSignIn()])
      await identity.beginWebSignIn()
      expect(asked()).toBe(1)
      clock.advance(60 * 60_000)
      await identity.beginWebSignIn()
      expect(asked()).toBe(2)
    } finally {
      await forger.close()
    }
  })

  it.each<[string, Partial<IdentityConfig>]>([
    ['http to a loopback address that is not allowed', { allowInsecureLoopback: false }],
    ['http to another host', { issuer: 'http://id.example.test' }],
    ['http to a host that only looks like loopback', { issuer: 'http://127.0.0.1.example.test' }],
    ['an issuer that is no URL', { issuer: 'id.example.test' }],
    ['an issuer with a fragment', { issuer: 'https://id.example.test/#a' }],
    ['an issuer with a query', { issuer: 'https://id.example.test/?tenant=a' }],
    ['a callback with a query', { redirectUri: 'https://bastion.example.test/auth/callback?next=/' }],
    ['a file as the issuer', { issuer: 'file:///etc/passwd' }],
    ['a callback without TLS', { redirectUri: 'http://bastion.example.test/auth/callback' }],
    ['scopes without openid', { scopes: 'profile email' }],
    ['no audience', { audience: '' }],
    ['no client', { clientId: '' }],
  ])('refuses %s at once', (_, change) => {
    const config = { ...configFor('http://127.0.0.1:9'), ...change }
    expect(() => connectIdentityProvider(config, new ManualClock())).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
  })

  it.each(['https://id.example.test/realms/a', 'http://localhost:9', 'http://[::1]:9', 'http://127.8.9.10:9'])(
    'takes %s',
    (issuer) => {
      expect(() => connectIdentityProvider(configFor(issuer), new ManualClock())).not.toThrow()
    },
  )
})
