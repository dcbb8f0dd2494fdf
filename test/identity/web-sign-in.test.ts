import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newBrowser } from '../support/idp-browser.ts'
import { CALLBACK, type IdentityParts, startIdentity } from './parts.ts'

const browser = () => newBrowser({ stopAt: CALLBACK })

describe('web sign-in', () => {
  let parts: IdentityParts
  beforeAll(async () => {
    parts = await startIdentity()
  })
  afterAll(() => parts.idp.close())

  const begin = () => parts.identity.beginWebSignIn()
  const signIn = async (person: string) => {
    const sign = await begin()
    const page = await browser().signIn(sign.location.href, person)
    return { ...sign, callback: new URL(page.url) }
  }

  it('sends the browser away with PKCE S256, a nonce and a state, and keeps what proves it is the same one', async () => {
    const { location, state, secret } = await begin()
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'bastion',
      redirect_uri: CALLBACK,
      scope: 'openid profile email groups',
      code_challenge_method: 'S256',
      nonce: secret.nonce,
      state,
    })
    expect(secret.state).toBe(state)
    expect(location.href).not.toContain(secret.codeVerifier)
    expect(JSON.parse(JSON.stringify(secret))).toEqual(secret)
    expect((await begin()).secret).not.toEqual(secret)
  })

  it('resolves to who signed in', async () => {
    const { callback, secret } = await signIn('bob')
    expect((await parts.identity.finishWebSignIn(callback, secret)).principal).toMatchObject({
      id: `${parts.idp.issuer}#bob`,
      email: 'bob@example.test',
      groups: ['sre'],
    })
  })

  it('reads only the query of the callback, whatever a proxy did to the rest', async () => {
    const { callback, secret } = await signIn('bob')
    const seen = new URL(`http://internal:8080/other${callback.search}`)
    expect((await parts.identity.finishWebSignIn(seen, secret)).principal.subject).toBe('bob')
  })

  it('refuses a replayed callback, and keeps the code out of the error', async () => {
    const { callback, secret } = await signIn('bob')
    await parts.identity.finishWebSignIn(callback, secret)
    const error = await parts.identity.finishWebSignIn(callback, secret).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'unauthenticated' })
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(callback.searchParams.get('code') ?? 'code')
    expect(inspect(error, { depth: 20, showHidden: true })).toContain('invalid_grant')
  })

  it('refuses a wrong, a missing and a doubled state before it asks anybody', async () => {
    const { callback, secret } = await signIn('bob')
    const wrong = new URL(callback)
    wrong.searchParams.set('state', 'other')
    const missing = new URL(callback)
    missing.searchParams.delete('state')
    const doubled = new URL(callback)
    doubled.searchParams.append('state', secret.state)
    for (const url of [wrong, missing, doubled]) {
      await expect(parts.identity.finishWebSignIn(url, secret)).rejects.toMatchObject({ code: 'unauthenticated' })
    }
    // The code was not spent on the way.
    expect((await parts.identity.finishWebSignIn(callback, secret)).principal.subject).toBe('bob')
  })

  it('refuses an ID token with another nonce', async () => {
    const { callback, secret } = await signIn('bob')
    const other = { ...secret, nonce: (await begin()).secret.nonce }
    const error = await parts.identity.finishWebSignIn(callback, other).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'untrusted' })
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('bob')
  })

  it('refuses another code verifier', async () => {
    const { callback, secret } = await signIn('bob')
    const other = { ...secret, codeVerifier: (await begin()).secret.codeVerifier }
    await expect(parts.identity.finishWebSignIn(callback, other)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('fault 6: a code of one sign-in does not fit into another', async () => {
    const [alice, bob] = await Promise.all([signIn('alice'), signIn('bob')])
    const injected = new URL(bob.callback)
    injected.searchParams.set('code', alice.callback.searchParams.get('code') ?? '')
    await expect(parts.identity.finishWebSignIn(injected, bob.secret)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(parts.identity.finishWebSignIn(alice.callback, bob.secret)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    expect((await parts.identity.finishWebSignIn(bob.callback, bob.secret)).principal.subject).toBe('bob')
  })

  it('refuses an answer in the name of another provider (RFC 9207)', async () => {
    const { callback, secret } = await signIn('bob')
    const error = async (change: (query: URLSearchParams) => void) => {
      const url = new URL(callback)
      change(url.searchParams)
      return parts.identity.finishWebSignIn(url, secret).catch((cause: unknown) => cause)
    }
    const other = await error((query) => query.set('iss', 'https://other.example.test'))
    expect(other).toMatchObject({ code: 'untrusted' })
    expect(inspect(other, { depth: 20, showHidden: true })).not.toContain(callback.searchParams.get('code') ?? 'code')
    expect(await error((query) => query.delete('iss'))).toMatchObject({ code: 'untrusted' })
  })

  it.each([
    ['access_denied', 'forbidden'],
    ['login_required', 'unauthenticated'],
    ['server_error', 'unavailable'],
    ['__proto__', 'unavailable'],
  ])('translates the error %s of the provider to %s, without its text', async (error, code) => {
    const { secret } = await begin()
    const url = new URL(CALLBACK)
    url.search = String(
      new URLSearchParams({
        error,
        error_description: '<b>call 555-0100</b>',
        state: secret.state,
        iss: parts.idp.issuer,
      }),
    )
    await expect(parts.identity.finishWebSignIn(url, secret)).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('555-0100'),
    })
  })
})
