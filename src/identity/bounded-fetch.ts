/**
 * The only way out to the identity provider: no redirect is followed, no address outside the transport rule is spoken
 * to, no request waits longer than ten seconds and no answer grows beyond a bound, whatever the provider's metadata says.
 */
import type { CustomFetchOptions } from 'openid-client'
import { BastionError } from '../core/errors.ts'
import { isTrustworthyUrl } from './config.ts'

export const REQUEST_TIMEOUT_MS = 10_000
/** A key set or a token with a thousand groups is far below it. */
const MAX_ANSWER_BYTES = 1024 * 1024

/** What both libraries hand over. */
export interface RequestOptions {
  readonly method: string
  readonly headers: Headers | Record<string, string>
  readonly body?: CustomFetchOptions['body']
  /** Where the library set one, it ends the request as well. */
  readonly signal?: AbortSignal
}

export type BoundedFetch = (url: string, options: RequestOptions) => Promise<Response>

export function boundedFetch(allowInsecureLoopback: boolean): BoundedFetch {
  return async (url, options) => {
    if (!isTrustworthyUrl(new URL(url), allowInsecureLoopback)) {
      throw new BastionError(
        'untrusted',
        'The identity provider names an address without TLS; the bastion does not speak to it. Its operator must correct the metadata.',
        new Error(`refused to request ${new URL(url).origin}`),
      )
    }
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
    const { method, headers, body: sent = null } = options
    const response = await fetch(url, { method, headers, body: sent, redirect: 'manual', signal })
    const body = await readBounded(response)
    // RFC 9110 §15.3.5: some statuses have no body, and the constructor refuses to be given one.
    return new Response(body.length === 0 ? null : body, { status: response.status, headers: response.headers })
  }
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) {
      throw new BastionError(
        'unavailable',
        'The identity provider sent an answer that is too large; sign-in cannot go on.',
      )
    }
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
