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

/** Rejects with the API's own sentence. The token comes from SALLYPORT_TOKEN, so that no process list shows it. */
export async function callApi(
  url: string,
  path: string,
  request: { readonly method: string; readonly body?: unknown },
): Promise<Response> {
  const token = process.env.SALLYPORT_TOKEN
  if (token === undefined || token === '') {
    throw new BastionError(
      'unauthenticated',
      'Set SALLYPORT_TOKEN to an access token of the identity provider, for this bastion’s audience.',
    )
  }
  const response = await fetch(new URL(`/api/v1/${path}`, url), {
    method: request.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    signal: AbortSignal.timeout(LIMIT_MS),
  }).catch((error) => {
    throw new BastionError(
      'unavailable',
      `The bastion at ${url} does not answer. Is it running, and is --url right?`,
      error,
    )
  })
  if (response.ok) return response
  const answer = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined
  throw new BastionError(
    CODES[response.status] ?? 'unavailable',
    answer?.error?.message ?? `The bastion answered ${response.status}.`,
  )
}
