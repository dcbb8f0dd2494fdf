/** Calls to a running bastion's HTTP API, by a person's or a program's token of the identity provider. */
import { BastionError, type ErrorCode } from '../core/errors.ts'

const LIMIT_MS = 30_000
const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  429: 'too-many',
}

export interface Call {
  readonly method: string
  readonly body?: unknown
  /** From the environment or a file, so that no process list shows it. */
  readonly token: string
  /** What comes may take as long as it takes; only the beginning is waited for. */
  readonly isStream?: boolean
  /** Ends the call, and what still comes of it. */
  readonly signal?: AbortSignal | undefined
}

/** Rejects with the API's own sentence. */
export function callApi(url: string | URL, path: string, { token, ...request }: Call): Promise<Response> {
  return send(url, path, { ...request, headers: { authorization: `Bearer ${token}` } })
}

/** Asks for what the API tells anyone. */
export async function fetchJson(url: string | URL, path: string): Promise<unknown> {
  const response = await send(url, path, { method: 'GET', headers: {} })
  return response.json().catch(() => undefined)
}

async function send(
  url: string | URL,
  path: string,
  request: Pick<Call, 'method' | 'body' | 'isStream' | 'signal'> & {
    readonly headers: Readonly<Record<string, string>>
  },
): Promise<Response> {
  const tooLong = new AbortController()
  const timer = setTimeout(() => tooLong.abort(), LIMIT_MS).unref()
  const response = await fetch(new URL(`/api/v1/${path}`, url), {
    method: request.method,
    // A token goes to the address that was named and to no other.
    redirect: 'manual',
    headers: {
      ...request.headers,
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    signal: request.signal === undefined ? tooLong.signal : AbortSignal.any([tooLong.signal, request.signal]),
  }).catch((error) => {
    throw new BastionError(
      'unavailable',
      `The bastion at ${String(url)} does not answer. Is it running, and is --url right?`,
      error,
    )
  })
  if (request.isStream === true) clearTimeout(timer)
  if (response.ok) return response
  const answer = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined
  throw new BastionError(
    CODES[response.status] ?? 'unavailable',
    answer?.error?.message ?? `The bastion answered ${response.status}.`,
  )
}
