/**
 * The whole web as one function from Request to Response: what every answer has in common, and where each part is.
 * It listens on nothing; see server.ts.
 */
import { join } from 'node:path'
import { Hono } from 'hono'
import { Api } from './api.ts'
import { authRoutes } from './auth-routes.ts'
import { bodyLimit } from './body-limit.ts'
import { BrowserSessions } from './browser-sessions.ts'
import type { CallerParts, WebEnv } from './caller.ts'
import { Cookies } from './cookies.ts'
import { securityHeaders } from './headers.ts'
import { pages } from './pages.ts'
import { logProblem, problemJson } from './problem.ts'
import { addAudit } from './routes/audit.ts'
import { addAuditExport } from './routes/audit-export.ts'
import { addBulkDecisions } from './routes/bulk-decisions.ts'
import { addBundles } from './routes/bundles.ts'
import { addDebts } from './routes/debts.ts'
import { addEvents } from './routes/events.ts'
import { addGrants } from './routes/grants.ts'
import { addHealth } from './routes/health.ts'
import { addHolds } from './routes/holds.ts'
import { addKeys } from './routes/keys.ts'
import { addLogins } from './routes/logins.ts'
import { addMe } from './routes/me.ts'
import { addNotifications } from './routes/notifications.ts'
import { addPasskeys } from './routes/passkeys.ts'
import { addPolicies } from './routes/policies.ts'
import { addProposals } from './routes/proposals.ts'
import { addQuality } from './routes/quality.ts'
import { addRecordings } from './routes/recordings.ts'
import { addSecrets } from './routes/secrets.ts'
import { addSessions } from './routes/sessions.ts'
import { addSignIn } from './routes/sign-in.ts'
import { addTargets } from './routes/targets.ts'
import type { WebServices } from './services.ts'
import { Watchers } from './watchers.ts'

export interface WebApp {
  readonly fetch: Hono<WebEnv>['fetch']
  /** Calls the app as a function. */
  readonly request: Hono<WebEnv>['request']
  /** Ends every stream and signs everybody out. */
  close(): void
}

export interface WebOptions {
  /** Where the built pages are. */
  readonly pagesFolder?: string
}

export function webApp(services: WebServices, options: WebOptions = {}): WebApp {
  const sessions = new BrowserSessions(services.clock)
  const watchers = new Watchers(services)
  const unsubscribe = services.signIn.onEnded((signIn) => sessions.closeOf(signIn))
  const parts: CallerParts = { services, sessions, cookies: new Cookies(services.publicUrl) }
  const api = apiRoutes(parts, watchers)

  const app = new Hono<WebEnv>()
  app.use(securityHeaders(services.publicUrl))
  app.use(bodyLimit())
  app.route('/api/v1', api)
  app.route('/auth', authRoutes(parts))
  // Where probes and scrapers look for them by habit.
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    app.get(path, (c) => api.fetch(new Request(new URL(path, c.req.url)), c.env))
  }
  app.get('/.well-known/ssh-known-hosts', (c) => c.text(services.knownHosts()))
  app.route('/', pages(options.pagesFolder ?? join(import.meta.dirname, 'ui', 'dist')))
  app.onError((error, c) => {
    logProblem(services.log, c, error)
    return problemJson(c, error)
  })

  return {
    fetch: app.fetch,
    request: app.request,
    close() {
      unsubscribe()
      watchers.close()
      sessions.closeAll()
    },
  }
}

function apiRoutes(parts: CallerParts, watchers: Watchers) {
  const { services } = parts
  const api = new Api(parts)
  addMe(api, services)
  addSignIn(api, services)
  addHolds(api, services)
  addBulkDecisions(api, services)
  addGrants(api, services)
  addDebts(api, services)
  addSessions(api, services)
  addRecordings(api, services)
  addBundles(api, services)
  addAudit(api, services)
  addAuditExport(api, services)
  addQuality(api, services)
  addNotifications(api, services)
  addKeys(api, services)
  addPasskeys(api, services)
  addLogins(api, services)
  addPolicies(api, services)
  addProposals(api, services)
  addTargets(api, services)
  addSecrets(api, services)
  addEvents(api, watchers)
  addHealth(api, services)
  return api.app()
}
