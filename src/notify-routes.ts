/** The part of the configuration that says who is told of holds: each route a webhook, or e-mail. */
import { z } from 'zod'
import { isTrustworthyUrl } from './identity/config.ts'
import type { MailSettings } from './notify/mail.ts'
import { NOTICES, type Notice } from './notify/message.ts'

const mailAddress = z.email()
export const notifyRoute = z.strictObject({
  webhook: z
    .url({ protocol: /^https?$/ })
    .refine((text) => isTrustworthyUrl(new URL(text), true), 'expected https://, or http:// on a loopback address')
    .transform((text) => new URL(text))
    .optional(),
  email: z.array(mailAddress).min(1).max(50).optional(),
  from: mailAddress.optional(),
  smtp: z
    .url({ protocol: /^smtps?$/ })
    .transform((text) => new URL(text))
    .refine(
      ({ username, password }) => username + password === '',
      'expected no password here: it belongs in the vault',
    )
    .optional(),
  secret: z.string().min(1).optional(),
  events: z
    .array(z.enum(NOTICES))
    .min(1)
    .default([...NOTICES]),
  text: z.boolean().default(false),
})
type NotifyEntry = z.output<typeof notifyRoute>
export const checkedRoute = notifyRoute.superRefine((route, context) => {
  const message = wrongRoute(route)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

/** What is wrong with a route as a whole; undefined where nothing is. */
function wrongRoute({ webhook, email, from, smtp, secret }: NotifyEntry): string | undefined {
  if ((webhook === undefined) === (email === undefined)) return 'expected either webhook or email'
  if (email !== undefined) return from && smtp ? undefined : 'expected from and smtp beside email'
  return secret === undefined ? 'expected the name of a secret beside webhook' : undefined
}

export type NotifyRoute = {
  readonly name: string
  readonly events: readonly Notice[]
  /** True: commands' texts and reasons are told. */
  readonly withText: boolean
} & (
  | {
      readonly url: URL
      /** The name of the signing secret in the vault. */
      readonly secret: string
    }
  | {
      readonly mail: MailSettings
      /** The name of `user:password` in the vault, where the server wants one. */
      readonly secret: string | undefined
    }
)

export function routeOf(name: string, entry: NotifyEntry): NotifyRoute {
  const { webhook, email = [], from = '', smtp, secret, events, text: withText } = entry
  if (webhook !== undefined) return { name, url: webhook, secret: secret ?? '', events, withText }
  return { name, mail: { server: smtp!, from, to: email }, secret, events, withText }
}
