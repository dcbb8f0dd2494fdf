/**
 * Signing in and out with a browser. What was begun is kept on our side and tied to the browser by a cookie; what comes
 * back is judged by the identity adapter; the session that follows has an id nobody knew before. (faults 6, 40 and 46)
 */
import { type Context, Hono } from 'hono'
import { BastionError } from '../core/errors.ts'
import { randomText } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { LIFE_MS } from './browser-sessions.ts'
import type { CallerParts, WebEnv } from './caller.ts'
import { plainPage } from './plain-page.ts'
import { logProblem, problemJson, problemOf } from './problem.ts'
import { checkedReturnPath } from './return-path.ts'
import { demandSameOrigin } from './same-origin.ts'
import { START_LIFE_MS, StartedSignIns } from './started-sign-ins.ts'

export function authRoutes({ services, sessions, cookies }: CallerParts): Hono<WebEnv> {
  const app = new Hono<WebEnv>()
  const started = new StartedSignIns(services.clock)

  app.get('/start', async (c) => {
    const fresh = freshOf(c)
    const provider = providerFor(c, fresh !== undefined)
    if (provider === undefined) return chooser(c)
    const { location, state, secret } = await services.signIn.begin({ provider, fresh })
    const browser = cookies.read(c, 'sallyport-start') ?? randomText(32)
    started.keep(state, { browser, secret, returnPath: checkedReturnPath(c.req.query('return')) })
    cookies.write(c, 'sallyport-start', browser, START_LIFE_MS / 1000)
    return c.redirect(location.href, 302)
  })

  // Of each provider another address, so that none can have a code of another's brought back as its own.
  app.get('/callback/:provider?', async (c) => {
    const begun = started.take(c.req.query('state'), cookies.read(c, 'sallyport-start'))
    if (begun === undefined) {
      throw new BastionError(
        'unauthenticated',
        'This sign-in was begun in another browser, was used already, or took too long. Start it again.',
      )
    }
    const callback = new URL(services.publicUrl)
    const { pathname, search } = new URL(c.req.url)
    Object.assign(callback, { pathname, search })
    const signedIn = await services.signIn.finish(callback, begun.secret)
    await record('web.signed-in', signedIn.person)
    const before = cookies.read(c, 'sallyport')
    if (before !== undefined) sessions.close(before)
    const session = sessions.open(signedIn)
    const leave = await services.signIn.watch(signedIn.signIn).catch((error: unknown) => {
      sessions.close(session.id)
      throw error
    })
    session.ended.addEventListener('abort', leave, { once: true })
    if (session.ended.aborted) leave()
    cookies.write(c, 'sallyport', session.id, LIFE_MS / 1000)
    return c.redirect(begun.returnPath, 303)
  })

  app.post('/sign-out', async (c) => {
    demandSameOrigin(c, services.publicUrl)
    const id = cookies.read(c, 'sallyport')
    const session = id === undefined ? undefined : sessions.find(id)
    if (session !== undefined) {
      // Signing out must work even where the event cannot be kept: what it takes away is access.
      sessions.close(session.id)
      await services.signIn.end(session.signIn)
      await record('web.signed-out', session.person)
    }
    cookies.remove(c, 'sallyport')
    return c.body(null, 204)
  })

  // Called by the provider, not by a browser: OpenID Connect Back-Channel Logout 1.0 §2.5 and §2.8.
  app.post('/backchannel-logout', async (c) => {
    c.header('cache-control', 'no-store')
    try {
      const { logout_token: token } = await c.req.parseBody()
      await services.signIn.logOut(typeof token === 'string' ? token : '')
      return c.body(null, 200)
    } catch (error) {
      logProblem(services.log, c, error)
      return problemJson(c, error)
    }
  })

  app.onError((error, c) => {
    logProblem(services.log, c, error)
    const { status, message } = problemOf(error)
    return plainPage(c, {
      status,
      title: 'You are not signed in',
      sentence: message,
      links: [{ path: '/auth/start', label: 'Start again' }],
    })
  })

  /** Undefined where the person has to say. Who proves anew who they are does so where they did before. */
  function providerFor(c: Context<WebEnv>, isFresh: boolean): string | undefined {
    const { providers, providerOf } = services.signIn
    const asked = c.req.query('provider')
    if (asked !== undefined && providers.includes(asked)) return asked
    if (providers.length === 1) return providers[0]
    const id = isFresh ? cookies.read(c, 'sallyport') : undefined
    const session = id === undefined ? undefined : sessions.find(id)
    return session === undefined ? undefined : providerOf(session.person)
  }

  function chooser(c: Context<WebEnv>) {
    const query = new URL(c.req.url).searchParams
    const links = services.signIn.providers.map((name) => {
      query.set('provider', name)
      return { path: `/auth/start?${query}`, label: name }
    })
    return plainPage(c, {
      status: 200,
      title: 'Sign in',
      sentence: 'Who vouches for you?',
      links,
    })
  }

  /** `?fresh=1`: sign in again, also with a browser that the provider knows; `&acr=…` says how. */
  function freshOf(c: Context<WebEnv>): { readonly acr: readonly string[] } | undefined {
    if (c.req.query('fresh') !== '1') return undefined
    const acr = c.req.queries('acr') ?? []
    // In the request they are divided by spaces (OpenID Connect Core §3.1.2.1).
    if (acr.length > 16 || !acr.every((context) => /^[\x21-\x7e]{1,255}$/.test(context)))
      throw new BastionError('invalid', 'The bastion’s page asked for a sign-in that nobody understands. Reload it.')
    return { acr }
  }

  function record(type: 'web.signed-in' | 'web.signed-out', person: Principal): Promise<unknown> {
    return services.store.audit.append({
      type,
      at: services.clock.now(),
      actor: person.id,
      actorName: person.name,
      session: undefined,
      hold: undefined,
      detail: {},
    })
  }

  return app
}
