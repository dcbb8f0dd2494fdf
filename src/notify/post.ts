/** One HTTP request to a receiver: no redirect is followed, no answer waited for without end or read beyond a bound. */
import { BastionError } from '../core/errors.ts'
import { DeliveryFailure } from './courier.ts'
import { isLoopback } from './loopback.ts'

const TIMEOUT_MS = 15_000

export interface Posted {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Ends every request when the bastion ends. */
  readonly signal: AbortSignal
  /** So much of the answer is read; nothing of it where it is of no interest. */
  readonly answerBytes?: number
}

export interface Answer {
  readonly status: number
  readonly text: string
}

/** Rejects with DeliveryFailure where nobody answered. */
export async function post(url: URL, { headers, body, signal, answerBytes = 0 }: Posted): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', 'user-agent': 'Sallyport', ...headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    return { status: response.status, text: await textOf(response, answerBytes) }
  } catch {
    throw new DeliveryFailure('the receiver did not answer')
  }
}

/** What is longer than the bound is of no receiver that we know, and counts as nothing. */
async function textOf(response: Response, most: number): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const pieces: Uint8Array[] = []
  let size = 0
  while (size < most) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(pieces).toString('utf8')
    pieces.push(value)
    size += value.length
  }
  await reader.cancel().catch(() => {})
  return ''
}

/** Reads an address that is a secret itself, as it is in the vault. Throws `invalid` for what is none that can be used. */
export function addressIn(secret: Uint8Array, what: string): URL {
  const url = URL.parse(Buffer.from(secret).toString('utf8').trim())
  const isTrusted = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url !== null && isTrusted && url.username + url.password === '') return url
  throw new BastionError('invalid', `The secret of ${what} is its address: https://…`)
}
