/**
 * Who makes a request: a browser by its cookie, or a program by an access token of the identity provider. A request
 * with an Authorization header is a program's, and its cookies are not looked at. No other header says anything about
 * who somebody is; those of a proxy (`X-Forwarded-User` and its like) are not read anywhere. (faults 15 and 41)
 */
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { BastionError } from '../core/errors.ts'
import type { Authentication, Principal } from '../core/principal.ts'
import type { BrowserSession, BrowserSessions } from './browser-sessions.ts'
import type { Cookies } from './cookies.ts'
import { demandSameOrigin } from './same-origin.ts'
import type { WebServices } from './services.ts'

export type Caller =
  | { readonly kind: 'browser'; readonly person: Principal; readonly session: BrowserSession }
  | { readonly kind: 'program'; readonly person: Principal }

/** `Bindings` is partial because the app is also called as a function, without a socket. */
export interface WebEnv {
  Bindings: Partial<HttpBindings>
  Variables: { caller?: Caller }
}

export interface CallerParts {
  readonly services: WebServices
  readonly sessions: BrowserSessions
  readonly cookies: Cookies
}

/** Resolves to undefined when nobody is named; throws when somebody is, and it does not hold. */
export async function identify(c: Context, { services, sessions, cookies }: CallerParts): Promise<Caller | undefined> {
  const authorization = c.req.header('authorization')
  if (authorization !== undefined) {
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
    if (token === undefined) {
      throw new BastionError('unauthenticated', 'Send the access token as "Authorization: Bearer <token>".')
    }
    return { kind: 'program', person: await services.bearer(token) }
  }
  const id = cookies.read(c, 'sallyport')
  const session = id === undefined ? undefined : sessions.find(id)
  if (session === undefined) return undefined
  demandSameOrigin(c, services.publicUrl)
  return { kind: 'browser', person: session.person, session }
}

/** How the person behind a request proved who they are. Of a program it is not known: it has no browser to do it again in. */
export function authenticationOf(c: Context<WebEnv>): Authentication | undefined {
  const { caller } = c.var
  return caller?.kind === 'browser' ? caller.session.authentication : undefined
}

/** The person behind a request whose route only signed-in people may call. */
export function personOf(c: Context<WebEnv>): Principal {
  const { caller } = c.var
  if (caller === undefined) throw new BastionError('unauthenticated', 'Sign in first.')
  return caller.person
}
