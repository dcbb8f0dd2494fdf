/**
 * What a browser meets at the demo identity provider: the sign-in form, "sign in as somebody else", and the headers
 * that every answer carries. There is no consent page, because every client of the demo is our own; confirming the code
 * on the device page is never skipped (RFC 8628 §5.4), also when somebody is signed in already.
 */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Context, Provider } from 'oidc-provider'
import { loginPage, problemPage, STYLE_SOURCE } from './identity-pages.ts'
import { DEMO_PASSWORD, type DemoPerson } from './identity-people.ts'

const MAX_FORM_BYTES = 8192

/** What the one way of signing in here is called. */
export const DEMO_ACR = 'urn:sallyport:demo:password'

export const SWITCH_PATH = '/device-as-somebody-else'

/** `formTargets`: origins that a form's answer may redirect to, which Chromium checks against `form-action` as well. */
export function addInteractions(
  provider: Provider,
  options: { readonly people: readonly DemoPerson[]; readonly formTargets: readonly string[] },
): void {
  // `script-src` starts empty: oidc-provider adds the hash of its own little script to it where a page submits itself.
  const policy = [
    "default-src 'none'",
    'script-src',
    `style-src ${STYLE_SOURCE}`,
    `form-action 'self' ${options.formTargets.join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join(';')

  provider.use(async (ctx, next) => {
    ctx.set('content-security-policy', policy)
    ctx.set('x-content-type-options', 'nosniff')
    ctx.set('referrer-policy', 'no-referrer')
    await next()
  })
  provider.use(async (ctx, next) => {
    if (ctx.path === SWITCH_PATH && ctx.method === 'POST') return signOutForDevice(ctx, provider)
    const uid = /^\/interaction\/([\w-]+)$/.exec(ctx.path)?.[1]
    if (uid === undefined) return next()
    ctx.set('cache-control', 'no-store')
    try {
      await (ctx.method === 'POST' ? signIn(ctx, provider, options.people) : showLogin(ctx, provider, options.people))
    } catch {
      ctx.status = 400
      ctx.type = 'html'
      ctx.body = problemPage(
        'This sign-in is over',
        'It took too long or was finished in another tab. Begin again where you came from.',
      )
    }
  })
}

async function showLogin(
  ctx: Context,
  provider: Provider,
  people: readonly DemoPerson[],
  refused?: string,
): Promise<void> {
  const { uid, params } = await provider.interactionDetails(ctx.req, ctx.res)
  const client = await provider.Client.find(String(params.client_id))
  ctx.type = 'html'
  ctx.status = refused === undefined ? 200 : 401
  ctx.body = loginPage({
    action: `/interaction/${uid}`,
    clientName: client?.clientName ?? 'the application',
    people,
    refused,
  })
}

/** The interaction's cookie is `SameSite=Lax`: a form on another site comes here without it and is refused. */
async function signIn(ctx: Context, provider: Provider, people: readonly DemoPerson[]): Promise<void> {
  const form = await readForm(ctx.req)
  const login = (form.get('login') ?? '').trim()
  const person = people.find((each) => each.userName === login)
  if (person === undefined || !isPassword(form.get('password') ?? '')) return showLogin(ctx, provider, people, login)
  const next = await provider.interactionResult(ctx.req, ctx.res, {
    login: { accountId: person.userName, acr: DEMO_ACR },
  })
  ctx.status = 303
  ctx.redirect(next)
}

async function signOutForDevice(ctx: Context, provider: Provider): Promise<void> {
  const form = await readForm(ctx.req)
  const session = await provider.Session.get(ctx)
  await session.destroy()
  ctx.cookies.set(provider.cookieName('session'), null)
  ctx.status = 303
  ctx.redirect(`/device?${new URLSearchParams({ user_code: form.get('user_code') ?? '' })}`)
}

function isPassword(text: string): boolean {
  const given = Buffer.from(text)
  const right = Buffer.from(DEMO_PASSWORD)
  return given.length === right.length && timingSafeEqual(given, right)
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_FORM_BYTES) throw new Error('the form is too large')
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
