/** A second real provider, which is no code of ours or of our libraries' authors: `SALLYPORT_LONG=1` runs it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { connectIdentityProvider, type IdentityProvider } from '../../src/identity/provider.ts'
import { CLIENT, type Glewlwyd, startGlewlwyd } from './glewlwyd.ts'
import { AUDIENCE, CALLBACK } from './parts.ts'

describe.runIf(process.env.SALLYPORT_LONG)('Glewlwyd', () => {
  let provider: Glewlwyd
  let identity: IdentityProvider

  beforeAll(async () => {
    provider = await startGlewlwyd(CALLBACK)
    await provider.addPerson('bob', ['sre', 'engineering'])
    identity = connectIdentityProvider(
      {
        ...{ issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, scopes: 'openid groups' },
        ...{ groupsPrefix: 'partner:', redirectUri: CALLBACK, audience: AUDIENCE, allowInsecureLoopback: true },
      },
      systemClock,
    )
  }, 60_000)
  afterAll(() => provider?.close())

  const signIn = async () => {
    const { location, secret } = await identity.beginWebSignIn()
    return identity.finishWebSignIn(await provider.signIn(location, 'bob'), secret)
  }

  it('signs a person in by a code with PKCE, with their groups', async () => {
    const { principal, refreshToken } = await signIn()
    expect(principal).toMatchObject({ issuer: provider.issuer, groups: ['partner:sre', 'partner:engineering'] })
    expect(principal.id).toBe(`${provider.issuer}#${principal.subject}`)
    expect(refreshToken).toEqual(expect.any(String))
    expect((await signIn()).principal.id).toBe(principal.id)
  })

  it('refuses a max_age of 0, so that no step-up is to be had by it', async () => {
    const { location, secret } = await identity.beginWebSignIn({ acr: [] })
    const callback = await provider.signIn(location, 'bob')
    expect(callback.searchParams.get('error_description')).toBe('max_age invalid')
    await expect(identity.finishWebSignIn(callback, secret)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('answers a refresh without an ID token, so that it says nothing of anybody’s groups, and nobody goes on by it', async () => {
    const { principal, refreshToken } = await signIn()
    await expect(identity.refresh(refreshToken ?? '', principal.id)).rejects.toMatchObject({ code: 'untrusted' })
  })
})
