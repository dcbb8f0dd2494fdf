/**
 * The waiting half of RFC 8628 §3.4–3.5: ask, wait the interval, ask again, until there is an answer or the code is too
 * old. It knows nothing of HTTP.
 *
 * openid-client has such a loop too; it ends at the first network fault, notices an abort up to five seconds late and
 * cannot be driven by a Clock. A sign-in should outlive a provider's restart, so the loop is ours.
 */
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'

export type PollAnswer<T> =
  | { readonly kind: 'granted'; readonly value: T }
  | { readonly kind: 'pending' }
  | { readonly kind: 'slow-down' }
  | { readonly kind: 'unreachable'; readonly cause: unknown }

export interface PollOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly intervalMs: number
  readonly expiresAt: Date
}

/** RFC 8628 §3.5, slow_down: "the interval MUST be increased by 5 seconds". */
const SLOW_DOWN_MS = 5000
const MAX_BACKOFF_MS = 30_000
/** So long may the provider be away before the person is told. */
const MAX_OUTAGE_MS = 60_000

/** Resolves to what was granted. Rejects with what `ask` throws, or when the code expires or `signal` is aborted. */
export async function pollUntilGranted<T>(ask: () => Promise<PollAnswer<T>>, options: PollOptions): Promise<T> {
  const { clock, signal, expiresAt } = options
  let intervalMs = options.intervalMs
  let outage: { readonly since: number; readonly backoffMs: number; readonly cause: unknown } | undefined
  for (;;) {
    const leftMs = expiresAt.getTime() - clock.now().getTime()
    await wait(Math.min(outage?.backoffMs ?? intervalMs, Math.max(leftMs, 0)), clock, signal)
    if (clock.now() >= expiresAt) throw outage === undefined ? expired() : unreachable(outage.cause)

    const answer = await untilAborted(ask(), signal)
    switch (answer.kind) {
      case 'granted':
        return answer.value
      case 'pending':
        outage = undefined
        break
      case 'slow-down':
        outage = undefined
        intervalMs += SLOW_DOWN_MS
        break
      case 'unreachable': {
        const now = clock.now().getTime()
        const since = outage?.since ?? now
        if (now - since >= MAX_OUTAGE_MS) throw unreachable(answer.cause)
        // RFC 8628 §3.5: on a timeout, poll less often; "exponential backoff … such as doubling".
        const backoffMs = Math.min((outage?.backoffMs ?? intervalMs) * 2, Math.max(MAX_BACKOFF_MS, intervalMs))
        outage = { since, backoffMs, cause: answer.cause }
      }
    }
  }
}

function wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const cancel = clock.after(ms, resolve)
  return untilAborted(promise, signal).finally(cancel)
}

/** What it waited for may still end later; nobody hears of it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {})
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(cancelled())
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, work])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

export function cancelled(): BastionError {
  return new BastionError('unauthenticated', 'The sign-in was cancelled before anybody confirmed the code.')
}

function expired(): BastionError {
  return new BastionError(
    'unauthenticated',
    'The code expired before anybody confirmed it. Connect again for a new one.',
  )
}

function unreachable(cause: unknown): BastionError {
  return new BastionError(
    'unavailable',
    'The identity provider went away while it was waited for, so nobody is signed in. Connect again later.',
    cause,
  )
}
