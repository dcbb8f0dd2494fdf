/** What Prometheus may scrape: how many sessions live and what becomes of holds. Names no person, target or command. */
import { Counter, collectDefaultMetrics, Gauge, Registry as Metrics } from 'prom-client'
import type { Desk } from './approval/desk.ts'
import type { QualityDesk } from './approval/quality-desk.ts'
import type { SpoolReport } from './core/spool.ts'
import type { Notifications } from './notifications.ts'
import { reviewMetrics } from './review-metrics.ts'
import type { Registry } from './session/registry.ts'
import { spoolMetrics } from './spool-metrics.ts'

/** Returns the function that renders the metrics in Prometheus' text format. */
export function bastionMetrics({
  registry,
  desk,
  quality,
  notifications,
  spool,
}: {
  readonly registry: Registry
  readonly desk: Desk
  readonly quality: QualityDesk
  readonly notifications: Notifications
  readonly spool: () => SpoolReport | undefined
}): () => Promise<string> {
  const metrics = new Metrics()
  collectDefaultMetrics({ register: metrics })
  new Gauge({
    name: 'sallyport_sessions_live',
    help: 'Sessions that run now.',
    registers: [metrics],
    collect() {
      this.set(registry.list().length)
    },
  })
  const outcomes = ['delivered', 'failed', 'dead', 'quiet'] as const
  new Counter({
    name: 'sallyport_notifications_total',
    help: 'Notifications by route: delivered, attempts that failed, dead letters, and what quiet hours kept back.',
    labelNames: ['route', 'outcome'],
    registers: [metrics],
    collect() {
      this.reset()
      for (const { route, ...counts } of notifications.counts())
        for (const outcome of outcomes) this.inc({ route, outcome }, counts[outcome])
    },
  })
  new Gauge({
    name: 'sallyport_notifications_waiting',
    help: 'Notifications that are neither delivered nor dead, by route.',
    labelNames: ['route'],
    registers: [metrics],
    collect() {
      for (const { route, waiting } of notifications.counts()) this.set({ route }, waiting)
    },
  })
  const holds = new Counter({
    name: 'sallyport_holds_total',
    help: 'Holds that reached a state.',
    labelNames: ['state'],
    registers: [metrics],
  })
  const seconds = new Counter({
    name: 'sallyport_holds_waited_seconds_total',
    help: 'Time that holds waited until they were decided.',
    registers: [metrics],
  })
  desk.subscribe(({ state, createdAt }) => {
    holds.inc({ state: state.kind })
    if (state.kind === 'approved' || state.kind === 'rejected')
      seconds.inc((state.at.getTime() - createdAt.getTime()) / 1000)
  })
  spoolMetrics(metrics, spool)
  reviewMetrics(metrics, { quality, debts: desk.debts })
  return () => metrics.metrics()
}
