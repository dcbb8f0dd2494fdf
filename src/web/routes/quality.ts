/** Quality of review, for who may read the audit log: figures about how decisions are made. */
import { z } from '@hono/zod-openapi'
import type { Figures } from '../../approval/quality.ts'
import { LONGEST_DAYS } from '../../approval/quality-desk.ts'
import type { Api } from '../api.ts'
import type { WebServices } from '../services.ts'
import { json, PersonView, personView, problems, Time } from '../views/common.ts'

const FiguresView = z.object({
  decided: z.number().int(),
  /** From the moment it was held to a person's word; null where nobody decided. */
  p50Seconds: z.number().nullable(),
  p95Seconds: z.number().nullable(),
  approved: z.number().int(),
  rejected: z.number().int(),
  /** Approvals within three seconds. */
  fast: z.number().int(),
})
const QualityView = z
  .object({
    since: Time,
    at: Time,
    holds: z.number().int(),
    /** There are more holds in this time; these are the newest. */
    isCut: z.boolean(),
    ...FiguresView.shape,
    reviewers: z.array(z.object({ person: PersonView, ...FiguresView.shape })),
    /** Two who approved for each other, decided nothing for anybody else and rejected nothing. */
    pairs: z.array(z.object({ one: PersonView, other: PersonView, approvals: z.number().int() })),
    rules: z.array(
      z.object({
        rule: z.string(),
        held: z.number().int(),
        pending: z.number().int(),
        approved: z.number().int(),
        rejected: z.number().int(),
        expired: z.number().int(),
        withdrawn: z.number().int(),
        brokenGlass: z.number().int(),
      }),
    ),
    debts: z.object({ open: z.number().int(), overdue: z.number().int() }),
  })
  .openapi('Quality')
export type QualityView = z.infer<typeof QualityView>

export function addQuality(api: Api, services: WebServices): void {
  const { quality } = services
  const { debts } = services.desk
  api.route(
    'readAudit',
    {
      method: 'get',
      path: '/quality',
      summary: 'How decisions are made: time to decide, approvals within three seconds, pairs, holds by rule',
      request: { query: z.object({ days: z.coerce.number().int().min(1).max(LONGEST_DAYS).default(30) }) },
      responses: { 200: json(QualityView, 'The figures.'), ...problems },
    },
    async (c) => {
      const report = await quality.report(c.req.valid('query').days)
      const open = await debts.open()
      return c.json(
        {
          since: report.since.toISOString(),
          at: report.at.toISOString(),
          holds: report.holds,
          isCut: report.isCut,
          ...figures(report),
          reviewers: report.reviewers.map(({ person, ...of }) => ({ person: personView(person), ...figures(of) })),
          pairs: report.pairs.map(({ one, other, approvals }) => ({
            one: personView(one),
            other: personView(other),
            approvals,
          })),
          rules: report.rules.map((rule) => ({ ...rule })),
          debts: { open: open.length, overdue: open.filter((debt) => debts.isOverdue(debt)).length },
        },
        200,
      )
    },
  )
}

function figures({ decided, p50Ms, p95Ms, approved, rejected, fast }: Figures) {
  const seconds = (ms: number | undefined) => (ms === undefined ? null : ms / 1000)
  return { decided, p50Seconds: seconds(p50Ms), p95Seconds: seconds(p95Ms), approved, rejected, fast }
}
