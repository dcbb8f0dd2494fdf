import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  DEMO_CLI_CLIENT_ID,
  DEMO_PEOPLE,
  type DemoIdentityProvider,
  startDemoIdentityProvider,
} from '../../src/demo/identity-provider.ts'
import { newBrowser } from '../support/idp-browser.ts'
import { AUDIENCE, CALLBACK, configFor, startIdentity, startIdp } from './parts.ts'

const never = new AbortController().signal

describe('the demo identity provider', () => {
  let idp: DemoIdentityProvider
  beforeAll(async () => {
    idp = await startIdp()
  })
  afterAll(() => idp.close())
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const authorizationUrl = () => {
    const query = new URLSearchParams({
      client_id: 'bastion',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid groups',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })
    return `${idp.issuer}/auth?${query}`
  }

  it.each(DEMO_PEOPLE.map(({ userName }) => userName))('signs %s in with one form', async (person) => {
    const page = await newBrowser({ stopAt: CALLBACK }).signIn(authorizationUrl(), person)
    expect(new URL(page.url).searchParams.get('code')).not.toBeNull()
  })

  it('has the people, groups and addresses of the demo', () => {
    expect(DEMO_PEOPLE.map(({ userName, groups }) => [userName, ...groups])).toEqual([
      ['alice', 'engineering'],
      ['dave', 'engineering'],
      ['bob', 'sre'],
      ['erin', 'sre'],
      ['carol', 'compliance'],
      ['root-admin', 'admins'],
      ['olga', 'admins'],
    ])
    expect(DEMO_PEOPLE.every(({ userName, email }) => email === `${userName}@example.test`)).toBe(true)
  })

  it('shows the form again for a wrong password or an unknown person, escaping what was typed', async () => {
    const wrong = await newBrowser({ stopAt: CALLBACK }).signIn(authorizationUrl(), 'alice', 'secret')
    expect(wrong.status).toBe(401)
    expect(wrong.body).toContain('role="alert"')
    const unknown = await newBrowser({ stopAt: CALLBACK }).signIn(authorizationUrl(), '"><script>alert(1)</script>')
    expect(unknown.status).toBe(401)
    expect(unknown.body).not.toContain('<script>')
    expect(unknown.forms[0]?.inputs.get('login')).toBe('"><script>alert(1)</script>')
  })

  it('labels every field, starts in the first one, and tells the password', async () => {
    const { body } = await newBrowser().get(authorizationUrl())
    expect(body).toMatch(/<label for="login">[^<]+<\/label>\s*<input id="login"[^>]* autofocus/)
    expect(body).toMatch(/<label for="password">[^<]+<\/label>\s*<input id="password"[^>]* type="password"/)
    expect(body).toContain('password is <b>demo</b>')
    expect(body).toContain('width=device-width')
  })

  it('forbids scripts, frames and foreign forms on every page', async () => {
    for (const url of [authorizationUrl(), `${idp.issuer}/device`, `${idp.issuer}/interaction/none`]) {
      const policy = (await newBrowser().get(url)).headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain(`form-action 'self' ${new URL(CALLBACK).origin};`)
      expect(policy).not.toContain('unsafe')
    }
  })

  it('sends the browser on after a device code, with the code as the terminal shows it', async () => {
    const parts = await startIdentity({ deviceReturnUrl: (code) => `http://127.0.0.1:9/login?code=${code}&x="1"` })
    try {
      const login = await parts.identity.startDevice(never)
      const page = await newBrowser().confirmDevice(login.verificationUriComplete ?? '', 'alice')
      expect(page.refresh).toBe(`http://127.0.0.1:9/login?code=${login.userCode}&x=%221%22`)
      expect(page.body).toMatch(/<a class="go" href="http:\/\/127\.0\.0\.1:9\/login\?code=/)
    } finally {
      await parts.idp.close()
    }
  })

  it('takes a code typed by hand, in small letters and without the dash', async () => {
    const parts = await startIdentity()
    try {
      const login = await parts.identity.startDevice(never)
      const browser = newBrowser()
      const typed = login.userCode.toLowerCase().replace('-', '')
      const start = await browser.get(login.verificationUri)
      const xsrf = start.forms[0]?.inputs.get('xsrf') ?? ''
      expect((await browser.post(login.verificationUri, { xsrf, user_code: typed })).body).toContain(login.userCode)
      expect((await browser.post(login.verificationUri, { xsrf, user_code: 'none' })).body).toContain(
        'There is no such code',
      )
    } finally {
      await parts.idp.close()
    }
  })

  it('lets another person take over on the device page', async () => {
    const parts = await startIdentity()
    try {
      const browser = newBrowser()
      const first = await parts.identity.startDevice(never)
      await browser.confirmDevice(first.verificationUriComplete ?? '', 'alice')
      const second = await parts.identity.startDevice(never)
      await browser.post(`${parts.idp.issuer}/device-as-somebody-else`, { user_code: second.userCode })
      await browser.confirmDevice(second.verificationUriComplete ?? '', 'bob')
      await parts.clock.step()
      expect((await first.principal).subject).toBe('alice')
      expect((await second.principal).subject).toBe('bob')
    } finally {
      await parts.idp.close()
    }
  })

  it('gives programs a refresh token', async () => {
    const ask = async (path: string, form: Record<string, string>) => {
      const body = new URLSearchParams({ client_id: DEMO_CLI_CLIENT_ID, ...form })
      return (await (await fetch(`${idp.issuer}${path}`, { method: 'POST', body })).json()) as Record<string, string>
    }
    const grant = await ask('/device/auth', { scope: 'openid groups' })
    expect(grant.interval).toBe(1)
    await newBrowser().confirmDevice(grant.verification_uri_complete ?? '', 'dave')
    const deviceGrant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: grant.device_code ?? '',
    }
    const tokens = await ask('/token', deviceGrant)
    expect(await ask('/token', deviceGrant)).toMatchObject({ error: 'invalid_grant' })
    // A device code used twice takes its tokens with it; a refresh token of an honest exchange goes on.
    expect(
      await ask('/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }),
    ).toMatchObject({
      error: 'invalid_grant',
    })
    const again = await ask('/device/auth', { scope: 'openid groups' })
    await newBrowser().confirmDevice(again.verification_uri_complete ?? '', 'dave')
    const fresh = await ask('/token', { ...deviceGrant, device_code: again.device_code ?? '' })
    const next = await ask('/token', { grant_type: 'refresh_token', refresh_token: fresh.refresh_token ?? '' })
    expect(next.access_token?.split('.')).toHaveLength(3)
  })

  it('starts, serves and ends without a word on the console', async () => {
    const said = (['info', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    )
    const parts = await startIdentity()
    const login = await parts.identity.startDevice(never)
    await newBrowser().confirmDevice(login.verificationUriComplete ?? '', 'alice')
    await parts.clock.step()
    await login.principal
    await newBrowser().get(`${parts.idp.issuer}/auth?client_id=nobody`)
    await parts.idp.close()
    expect(said.flatMap((spy) => spy.mock.calls)).toEqual([])
  })

  it('listens on loopback only', async () => {
    const host = '0.0.0.0' as '127.0.0.1'
    await expect(startDemoIdentityProvider({ port: 0, host, clients: [], audience: AUDIENCE })).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(configFor(idp.issuer).allowInsecureLoopback).toBe(true)
  })
})
