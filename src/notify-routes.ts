/** The part of the configuration that says who is told of holds: each route a webhook, e-mail, Slack or Teams. */
import { z } from 'zod'
import { isTrustworthyUrl } from './identity/config.ts'
import type { MailSettings } from './notify/mail.ts'
import { NOTICES, type Notice } from './notify/message.ts'
import type { TimeWindow } from './policy/pattern/time-window.ts'
import { quietHours } from './quiet-hours.ts'

const mailAddress = z.email()
const httpAddress = z
  .url({ protocol: /^https?$/ })
  .refine((text) => isTrustworthyUrl(new URL(text), true), 'expected https://, or http:// on a loopback address')
  .transform((text) => new URL(text))
export const notifyRoute = z.strictObject({
  webhook: httpAddress.optional(),
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
  slack: z
    .string()
    .regex(/^(webhook|[CGD][A-Z0-9]{5,30})$/, 'expected webhook, or the id of a channel such as C0123456789')
    .optional(),
  'slack-api': httpAddress.optional(),
  teams: z.literal('webhook').optional(),
  secret: z.string().min(1).optional(),
  events: z
    .array(z.enum(NOTICES))
    .min(1)
    .default([...NOTICES]),
  text: z.boolean().default(false),
  for: z.array(z.string().min(1)).min(1).optional(),
  quiet: quietHours.optional(),
})
type NotifyEntry = z.output<typeof notifyRoute>
export const checkedRoute = notifyRoute.superRefine((route, context) => {
  const message = wrongRoute(route)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const WAYS = ['webhook', 'email', 'slack', 'teams'] as const

/** What is wrong with a route as a whole; undefined where nothing is. */
function wrongRoute(route: NotifyEntry): string | undefined {
  const [way, ...others] = WAYS.filter((each) => route[each] !== undefined)
  if (way === undefined || others.length > 0) return `expected one of ${WAYS.join(', ')}`
  if (way === 'email') return route.from && route.smtp ? undefined : 'expected from and smtp beside email'
  return route.secret === undefined ? `expected the name of a secret beside ${way}` : undefined
}

export type NotifyRoute = {
  readonly name: string
  readonly events: readonly Notice[]
  /** True: commands' texts and reasons are told. */
  readonly withText: boolean
  /** Roles, one of which has to be asked or told; undefined: whoever is. */
  readonly roles?: readonly string[] | undefined
  /** When nothing is told of holds. */
  readonly quiet?: TimeWindow | undefined
} & (
  | {
      readonly url: URL
      /** The name of the signing secret in the vault. */
      readonly secret: string
    }
  | {
      /** `webhook`, and then the secret is its address; or a channel's id, and then the secret is a bot's token. */
      readonly slack: string
      readonly api: URL
      readonly secret: string
    }
  | {
      readonly teams: 'webhook'
      /** The name of the webhook's address in the vault. */
      readonly secret: string
    }
  | {
      readonly mail: MailSettings
      /** The name of `user:password` in the vault, where the server wants one. */
      readonly secret: string | undefined
    }
)

const SLACK_API = new URL('https://slack.com/api/')

export function routeOf(name: string, entry: NotifyEntry): NotifyRoute {
  const { webhook, slack, teams, email = [], from = '', smtp, secret = '', events, text: withText } = entry
  const { for: roles, quiet } = entry
  const route = { name, events, withText, ...(roles && { roles }), ...(quiet && { quiet }) }
  if (webhook !== undefined) return { ...route, url: webhook, secret }
  if (slack !== undefined) return { ...route, slack, api: entry['slack-api'] ?? SLACK_API, secret }
  if (teams !== undefined) return { ...route, teams, secret }
  return { ...route, mail: { server: smtp!, from, to: email }, secret: entry.secret }
}
