/**
 * A webhook, signed by Standard Webhooks 1.0 (symmetric, `v1`): the receiver checks that the message is ours, whole and
 * fresh, and by its id that it is no repetition.
 */
import { createHmac } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import { type Channel, DeliveryFailure, PermanentFailure } from './courier.ts'
import { post } from './post.ts'

export interface WebhookOptions {
  readonly url: URL
  /** As it is in the vault: `whsec_` and the base64 of 24 to 64 bytes. */
  secret(): Promise<Uint8Array>
  readonly clock: Clock
  /** Ends every request when the bastion ends. */
  readonly signal: AbortSignal
}

export function webhook({ url, secret, clock, signal }: WebhookOptions): Channel {
  return {
    async deliver(message) {
      const body = JSON.stringify({ type: message.type, timestamp: message.at.toISOString(), data: message.data })
      const timestamp = Math.floor(clock.now().getTime() / 1000)
      const signature = sign(readSecret(await secret()), { id: message.id, timestamp, body })
      const headers = {
        'webhook-id': message.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signature,
      }
      const { status } = await post(url, { headers, body, signal })
      if (status >= 200 && status < 300) return
      // "410 Gone: … the webhook endpoint has been disabled".
      if (status === 410) throw new PermanentFailure('the receiver answered 410: it is gone')
      throw new DeliveryFailure(`the receiver answered ${status}`)
    },
  }
}

/** `timestamp`: seconds since 1970, of the attempt. */
export function sign(
  key: Uint8Array,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** Throws `invalid` for a secret of another form. */
export function readSecret(secret: Uint8Array): Uint8Array {
  const [, text = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(Buffer.from(secret).toString('latin1').trim()) ?? []
  const key = Buffer.from(text, 'base64')
  if (key.length >= 24 && key.length <= 64) return key
  throw new BastionError(
    'invalid',
    'A webhook’s secret is “whsec_” and the base64 of 24 to 64 bytes: (printf whsec_; openssl rand -base64 32)',
  )
}
