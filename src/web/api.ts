/**
 * The one way to add a route to the API. It demands to be told who may call it, checks that before anything of the
 * request is read, and writes it into openapi.json as `x-audience`, where a test finds it. What has no route is 404 for
 * everybody; there is no default audience. (faults 36 and 42)
 *
 * Who may see which hold, session or recording is decided a second time, by the thing itself: see access.ts.
 */
import { createRoute, OpenAPIHono, type RouteConfig, type RouteHandler } from '@hono/zod-openapi'
import type { Context, Next } from 'hono'
import { BastionError } from '../core/errors.ts'
import { type CallerParts, identify, type WebEnv } from './caller.ts'
import { logProblem, notFound, problemJson } from './problem.ts'
import type { WebPermissions } from './services.ts'

/** `anyone`, even a stranger · `signed-in` · or those with this permission. */
export type Audience = 'anyone' | 'signed-in' | keyof WebPermissions

const REFUSAL: Readonly<Record<keyof WebPermissions, string>> = {
  watchAllRecordings: 'Only auditors may do this.',
  readAudit: 'Only auditors may read the audit log.',
  killSessions: 'Only administrators may do this.',
  administer: 'Only administrators may do this.',
}

export class Api {
  readonly #app = new OpenAPIHono<WebEnv>({
    defaultHook: (result) => {
      if (result.success) return
      const issue = result.error.issues[0]
      const where = issue?.path.join('.') || result.target
      throw new BastionError('invalid', `The request is malformed at ${where}: ${issue?.message ?? 'unreadable'}.`)
    },
  })
  readonly #parts: CallerParts

  constructor(parts: CallerParts) {
    this.#parts = parts
    this.#app.onError((error, c) => {
      logProblem(parts.services.log, c, error)
      return problemJson(c, error)
    })
    this.#app.notFound((c) => problemJson(c, notFound()))
  }

  route<R extends RouteConfig>(audience: Audience, route: R, handler: RouteHandler<R, WebEnv>): void {
    const guard = async (c: Context<WebEnv>, next: Next): Promise<void> => {
      await this.#admit(c, audience)
      await next()
    }
    const guarded = createRoute({ ...route, middleware: guard, 'x-audience': audience })
    // The handler was checked against the route above; the copy with the guard has the same input and output.
    this.#app.openapi(guarded, handler as never)
  }

  /** What is served, once every route is there. */
  app(): OpenAPIHono<WebEnv> {
    const info = { title: 'Sallyport', version: 'v1', description: 'Errors are {"error": {"code", "message"}}.' }
    this.#app.get('/openapi.json', (c) =>
      c.json(this.#app.getOpenAPI31Document({ openapi: '3.1.0', info, servers: [{ url: '/api/v1' }] })),
    )
    return this.#app
  }

  async #admit(c: Context<WebEnv>, audience: Audience): Promise<void> {
    if (audience === 'anyone') return
    const caller = await identify(c, this.#parts)
    if (caller === undefined) throw new BastionError('unauthenticated', 'Sign in first.')
    if (audience !== 'signed-in' && !this.#parts.services.permissionsOf(caller.person)[audience]) {
      throw new BastionError('forbidden', REFUSAL[audience])
    }
    c.set('caller', caller)
  }
}
