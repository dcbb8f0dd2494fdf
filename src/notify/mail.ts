/**
 * E-mail (RFC 5322 over RFC 5321), as plain text and nothing else. Names and texts come from people: they are on one line each,
 * with each character made visible that a reader of mail would obey; the library folds and encodes what stands in headers.
 *
 * A server elsewhere is spoken to under TLS or not at all; a relay on this very host may do without.
 */
import { createTransport } from 'nodemailer'
import { BastionError } from '../core/errors.ts'
import { type Channel, DeliveryFailure, PermanentFailure } from './courier.ts'
import { isLoopback } from './loopback.ts'
import type { Message } from './message.ts'
import { factsOf, headlineOf } from './telling.ts'

export interface MailSettings {
  /** `smtps://host` (TLS from the start) or `smtp://host` (STARTTLS demanded). */
  readonly server: URL
  readonly from: string
  readonly to: readonly string[]
}

export interface MailOptions extends MailSettings {
  /** As it is in the vault: `user:password`; undefined where the server wants none. */
  secret?(): Promise<Uint8Array>
}

const TIMEOUT_MS = 15_000
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'smtps:': 465, 'smtp:': 587 }

export function mail({ server, from, to, secret }: MailOptions): Channel {
  return {
    async deliver(message) {
      const isSecure = server.protocol === 'smtps:'
      const auth = secret === undefined ? undefined : credentials(await secret())
      const transport = createTransport({
        host: server.hostname.replace(/^\[|\]$/g, ''),
        port: Number(server.port) || DEFAULT_PORTS[server.protocol],
        secure: isSecure,
        requireTLS: !isSecure && !isLoopback(server.hostname),
        ...(auth && { auth }),
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: `[Sallyport] ${headlineOf(message)}`,
          text: textOf(message),
          date: message.at,
          // The same for each attempt, so that a repetition is known as one.
          messageId: `<${message.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
          headers: { 'auto-submitted': 'auto-generated' },
        })
      } catch (error) {
        throw failureOf(error)
      } finally {
        transport.close()
      }
    },
  }
}

function textOf(message: Message): string {
  const lines = factsOf(message).map(([name, value]) => `${name}: ${value}`)
  return `${lines.join('\n')}\n\n${message.data.url}\n`
}

function credentials(bytes: Uint8Array): { readonly user: string; readonly pass: string } {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  const at = text.indexOf(':')
  if (at > 0 && at < text.length - 1) return { user: text.slice(0, at), pass: text.slice(at + 1) }
  throw new BastionError('invalid', 'A mail server’s secret is “user:password”.')
}

/** RFC 5321 §4.2.1: 5yz will be the same the next time. What the server says is of no interest to anybody here. */
function failureOf(error: unknown): Error {
  if (error instanceof BastionError) return error
  const { responseCode } = error as { readonly responseCode?: unknown }
  if (typeof responseCode !== 'number') return new DeliveryFailure('the mail server did not take part')
  const why = `the mail server answered ${responseCode}`
  return responseCode >= 500 ? new PermanentFailure(why) : new DeliveryFailure(why)
}
