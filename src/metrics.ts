/** What Prometheus may scrape: how many sessions live and what becomes of holds. Names no person, target or command. */
import { Counter, collectDefaultMetrics, Gauge, Registry as Metrics } from 'prom-client'
import type { Desk } from './approval/desk.ts'
import type { Registry } from './session/registry.ts'

/** Returns the function that renders the metrics in Prometheus' text format. */
export function bastionMetrics({
  registry,
  desk,
}: {
  readonly registry: Registry
  readonly desk: Desk
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
  return () => metrics.metrics()
}
