/**
 * How an error becomes an answer: the one place where a BastionError's code is mapped to an HTTP status (RFC 9110 §15,
 * RFC 4918 §11.5 for 507). A foreign error is 500 with a sentence of ours; its own text goes to the log only.
 */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { StepUpNeeded } from '../approval/step-up.ts'
import { BastionError, codeOf, type ErrorCode, messageFor } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'

const STATUS: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-many': 429,
  internal: 500,
  untrusted: 502,
  unavailable: 503,
  'storage-full': 507,
}

export interface Problem {
  readonly status: ContentfulStatusCode
  readonly code: ErrorCode
  readonly message: string
}

export function problemOf(error: unknown): Problem {
  // What the framework itself throws: a body that is not JSON, or is too large.
  if (error instanceof HTTPException && error.status < 500) {
    return { status: error.status, code: 'invalid', message: 'The request could not be read.' }
  }
  const code = codeOf(error)
  return { status: STATUS[code], code, message: messageFor(error) }
}

/** For the log: what a person cannot mend. */
export function logProblem(log: Log, c: Context, error: unknown): void {
  const { status } = problemOf(error)
  if (status < 500) return
  log.error({ err: error, method: c.req.method, path: c.req.path, status }, 'a web request failed')
}

export function problemJson(c: Context, error: unknown): Response {
  const { status, code, message } = problemOf(error)
  if (status === 401) c.header('www-authenticate', challengeFor(error))
  return c.json({ error: { code, message } }, status)
}

/** RFC 6750 §3; for a sign-in that is not fresh enough RFC 9470 §3. */
function challengeFor(error: unknown): string {
  if (!(error instanceof StepUpNeeded)) return 'Bearer'
  const { maxAgeMs, acr } = error.stepUp
  const contexts = acr.length === 0 ? '' : `, acr_values="${acr.join(' ')}"`
  return `Bearer error="insufficient_user_authentication", max_age=${Math.floor(maxAgeMs / 1000)}${contexts}`
}

export function notFound(): BastionError {
  return new BastionError('not-found', 'There is nothing at this address.')
}
