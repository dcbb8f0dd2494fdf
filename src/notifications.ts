/**
 * Notifications as the configuration routes them: from the desk, which announces each hold, to couriers, and dead letters
 * into the audit log. Nothing of a hold waits for any of it.
 */
import type { DebtStep } from './approval/debts.ts'
import type { Desk } from './approval/desk.ts'
import type { Config, NotifyRoute } from './config.ts'
import type { Clock } from './core/clock.ts'
import type { Hold } from './core/hold.ts'
import type { AuditLog, Log, Vault } from './core/ports.ts'
import { type Channel, Courier, type DeadLetter } from './notify/courier.ts'
import { mail } from './notify/mail.ts'
import {
  debtMessageOf,
  type Message,
  type MessageOptions,
  mayRest,
  messageOf,
  type Notice,
  noticeOf,
  rolesOfNotice,
} from './notify/message.ts'
import { slackBot, slackWebhook } from './notify/slack.ts'
import { teams } from './notify/teams.ts'
import { webhook } from './notify/webhook.ts'
import { isInWindow } from './policy/pattern/time-window.ts'
import type { RouteCounts } from './web/services.ts'

const NOTICE_OF_STEP = {
  incurred: 'glass.broken',
  overdue: 'debt.overdue',
  closed: 'debt.closed',
} as const satisfies Record<DebtStep, Notice>

export interface NotificationParts {
  readonly desk: Desk
  readonly vault: Vault
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Log
  readonly publicUrl: URL
}

export interface Notifications {
  /** Counts since the start, for the metrics. */
  counts(): readonly RouteCounts[]
  close(): void
}

export function startNotifications({ notify = [] }: Pick<Config, 'notify'>, parts: NotificationParts): Notifications {
  const { desk, clock, log, publicUrl } = parts
  const end = new AbortController()
  const routes = notify.map((route) => {
    const counts = { delivered: 0, failed: 0, dead: 0, quiet: 0 }
    const courier = new Courier({
      clock,
      channel: channelOf(route, parts, end.signal),
      onOutcome: (outcome) => {
        counts[outcome] += 1
      },
      onDead(letter) {
        counts.dead += 1
        log.warn({ route: route.name, hold: letter.message.data.hold, why: letter.why }, 'a notification is dead')
        recordDead(route, letter, parts).catch((error) => log.error({ err: error }, 'a dead letter is not recorded'))
      },
    })
    return { route, courier, counts }
  })
  const tell = (type: Notice, hold: Hold, message: (options: MessageOptions) => Message) => {
    const roles = rolesOfNotice(hold, type)
    for (const { route, courier, counts } of routes) {
      if (!route.events.includes(type)) continue
      if (route.roles !== undefined && !route.roles.some((role) => roles.includes(role))) continue
      if (route.quiet !== undefined && mayRest(type) && isInWindow(route.quiet, clock.now())) {
        counts.quiet += 1
        continue
      }
      courier.send(message({ route: route.name, publicUrl, withText: route.withText }))
    }
  }
  const unsubscribe = desk.subscribe((hold) => {
    const type = noticeOf(hold)
    if (type !== undefined) tell(type, hold, (options) => messageOf(hold, type, options))
  })
  const unsubscribeDebts = desk.debts.subscribe((debt, step, hold) => {
    const type = NOTICE_OF_STEP[step]
    tell(type, hold, (options) => debtMessageOf(debt, type, hold, options))
  })
  const unsubscribeEscalations = desk.escalations.subscribe((hold) =>
    tell('hold.escalated', hold, (options) => messageOf(hold, 'hold.escalated', options)),
  )
  return {
    counts: () => routes.map(({ route, courier, counts }) => ({ route: route.name, ...counts, waiting: courier.size })),
    close() {
      unsubscribe()
      unsubscribeDebts()
      unsubscribeEscalations()
      for (const { courier } of routes) courier.close()
      end.abort()
    },
  }
}

function channelOf(route: NotifyRoute, { vault, clock }: NotificationParts, signal: AbortSignal): Channel {
  const { secret: name } = route
  if ('mail' in route) return mail({ ...route.mail, ...(name !== undefined && { secret: () => vault.open(name) }) })
  const secret = () => vault.open(route.secret)
  if ('url' in route) return webhook({ url: route.url, secret, clock, signal })
  if ('teams' in route) return teams({ secret, signal })
  return route.slack === 'webhook'
    ? slackWebhook({ secret, signal })
    : slackBot({ channel: route.slack, api: route.api, secret, signal })
}

function recordDead(
  { name }: NotifyRoute,
  { message, attempts, why }: DeadLetter,
  { audit, clock }: NotificationParts,
): Promise<unknown> {
  return audit.append({
    type: 'notification.failed',
    at: clock.now(),
    actor: undefined,
    actorName: undefined,
    session: undefined,
    hold: message.data.hold,
    detail: { route: name, notice: message.type, message: message.id, attempts, why },
  })
}
