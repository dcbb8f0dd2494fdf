/**
 * Quality of review for Prometheus: gauges over the last days, the same that the page shows. A scrape makes the report anew
 * once a minute at most (approval/quality-desk.ts).
 */
import { Gauge, type Registry as Metrics } from 'prom-client'
import type { Debts } from './approval/debts.ts'
import type { QualityDesk } from './approval/quality-desk.ts'

const DAYS = 30

export function reviewMetrics(
  metrics: Metrics,
  { quality, debts }: { readonly quality: QualityDesk; readonly debts: Debts },
): void {
  const registers = [metrics]
  new Gauge({
    name: 'sallyport_review_seconds',
    help: `From held to a person's word, over ${DAYS} days, by quantile.`,
    labelNames: ['quantile'],
    registers,
    async collect() {
      this.reset()
      const { p50Ms, p95Ms } = await quality.report(DAYS)
      if (p50Ms !== undefined) this.set({ quantile: '0.5' }, p50Ms / 1000)
      if (p95Ms !== undefined) this.set({ quantile: '0.95' }, p95Ms / 1000)
    },
  })
  new Gauge({
    name: 'sallyport_review_fast_share',
    help: `Share of approvals given within 3 s, over ${DAYS} days; nothing where there were none.`,
    registers,
    async collect() {
      this.reset()
      const { approved, fast } = await quality.report(DAYS)
      this.set(approved === 0 ? Number.NaN : fast / approved)
    },
  })
  new Gauge({
    name: 'sallyport_review_pairs',
    help: `Pairs of people who only approve each other, over ${DAYS} days.`,
    registers,
    async collect() {
      this.set((await quality.report(DAYS)).pairs.length)
    },
  })
  new Gauge({
    name: 'sallyport_review_holds',
    help: `Holds by rule and by what became of them, over ${DAYS} days.`,
    labelNames: ['rule', 'outcome'],
    registers,
    async collect() {
      this.reset()
      for (const { rule, held: _, ...outcomes } of (await quality.report(DAYS)).rules)
        for (const [outcome, count] of Object.entries(outcomes)) this.set({ rule, outcome }, count)
    },
  })
  new Gauge({
    name: 'sallyport_debts',
    help: 'Reviews of broken glass that nobody has closed, and those of them that are overdue.',
    labelNames: ['state'],
    registers,
    async collect() {
      const open = await debts.open()
      this.set({ state: 'open' }, open.length)
      this.set({ state: 'overdue' }, open.filter((debt) => debts.isOverdue(debt)).length)
    },
  })
}
