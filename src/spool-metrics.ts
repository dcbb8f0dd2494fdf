/** What Prometheus may scrape of recordings on their way to their store. */
import { Gauge, type Registry } from 'prom-client'
import type { SpoolReport, SpoolState } from './core/spool.ts'

const STATES: readonly SpoolState[] = ['well', 'behind', 'slow', 'stopped']

/** `report` gives undefined where there is no store. */
export function spoolMetrics(metrics: Registry, report: () => SpoolReport | undefined): void {
  const gauge = (name: string, help: string, read: (report: SpoolReport) => number) => {
    new Gauge({
      name: `sallyport_spool_${name}`,
      help,
      registers: [metrics],
      collect() {
        const now = report()
        if (now !== undefined) this.set(read(now))
      },
    })
  }
  gauge('bytes', 'Bytes of recordings that are not in their store yet.', ({ usedBytes }) => usedBytes)
  gauge('limit_bytes', 'At so many bytes sessions end.', ({ limitBytes }) => limitBytes)
  gauge('chunks', 'Chunks of recordings that wait for the store.', ({ waiting }) => waiting)
  gauge('behind_seconds', 'How long the oldest of them has waited.', ({ behindMs }) => behindMs / 1000)
  gauge('stuck_chunks', 'Chunks that can never be taken to the store.', ({ stuck }) => stuck)
  new Gauge({
    name: 'sallyport_spool_state',
    help: 'The state of the way to the store: 1 for the one it is in.',
    labelNames: ['state'],
    registers: [metrics],
    collect() {
      const now = report()
      if (now !== undefined) for (const state of STATES) this.set({ state }, now.state === state ? 1 : 0)
    },
  })
}
