/** The policy, for administrators: what the file says, and what another text would mean. Nothing here changes anything. */
import { z } from '@hono/zod-openapi'
import type { HoldLoad } from '../../policy/backtest.ts'
import type { Api } from '../api.ts'
import type { WebServices } from '../services.ts'
import { json, problems, Time } from '../views/common.ts'

const Remark = z.object({ line: z.number().int(), message: z.string() })

const PolicyView = z
  .object({
    file: z.string(),
    text: z.string(),
    /** SHA-256 of the file's text, and of the one in force: another, where the file's was refused. */
    digest: z.string(),
    inForce: z.string(),
    rules: z.array(z.object({ name: z.string(), line: z.number().int(), answer: z.string() })),
    /** How lately an approval has to have been signed in for; null: not asked for. */
    stepUp: z.object({ maxAgeSeconds: z.number().int(), acr: z.array(z.string()) }).nullable(),
  })
  .openapi('Policy')
export type PolicyView = z.infer<typeof PolicyView>

const CheckedView = z
  .object({
    problems: z.array(z.object({ ...Remark.shape, column: z.number().int() })),
    findings: z.array(Remark),
    tests: z
      .object({
        file: z.string(),
        passed: z.number().int(),
        failed: z.array(
          z.object({
            line: z.number().int(),
            who: z.string(),
            on: z.string(),
            run: z.string().nullable(),
            rule: z.string(),
            differences: z.array(z.object({ what: z.string(), expected: z.string(), actual: z.string() })),
          }),
        ),
        problems: z.array(Remark),
      })
      .nullable(),
  })
  .openapi('CheckedPolicy')
export type CheckedView = z.infer<typeof CheckedView>

const Verdict = z.object({ kind: z.enum(['allow', 'hold', 'deny']), rule: z.string(), reviewers: z.array(z.string()) })
const Load = z.object({ holds: z.number().int(), byRole: z.record(z.string(), z.number().int()) })
const BacktestView = z
  .object({
    from: Time,
    to: Time,
    days: z.number(),
    judged: z.number().int(),
    before: Load,
    after: Load,
    leftOut: z.record(z.string(), z.number().int()),
    /** The most frequent first; a hundred at most. */
    changes: z.array(
      z.object({
        before: Verdict,
        after: Verdict,
        text: z.string(),
        target: z.string(),
        people: z.array(z.string()),
        count: z.number().int(),
      }),
    ),
    kinds: z.number().int(),
  })
  .openapi('Backtest')
export type BacktestView = z.infer<typeof BacktestView>

const MOST_CHANGES = 100
const text = z.string().max(65_536)

export function addPolicies(api: Api, services: WebServices): void {
  const { policies } = services.administration
  const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })

  api.route(
    'administer',
    {
      method: 'get',
      path: '/policies',
      summary: 'The policy file, its rules, and whether it is in force',
      responses: { 200: json(PolicyView, 'The policy.'), ...problems },
    },
    async (c) => {
      const { rules, stepUp, ...shown } = await policies.read()
      return c.json(
        {
          ...shown,
          rules: rules.map((rule) => ({ ...rule })),
          stepUp:
            stepUp === undefined ? null : { maxAgeSeconds: Math.floor(stepUp.maxAgeMs / 1000), acr: [...stepUp.acr] },
        },
        200,
      )
    },
  )

  api.route(
    'administer',
    {
      method: 'get',
      path: '/policies/schema',
      summary: 'The JSON Schema (draft 7) of policy files',
      responses: { 200: json(z.record(z.string(), z.unknown()), 'The schema.'), ...problems },
    },
    (c) => c.json(policies.schema() as Record<string, unknown>, 200),
  )

  api.route(
    'administer',
    {
      method: 'post',
      path: '/policies/check',
      summary: 'Read a policy without using it: its mistakes, what is probably not meant, and what its tests say',
      request: { body: body(z.object({ text })) },
      responses: { 200: json(CheckedView, 'What was found.'), ...problems },
    },
    async (c) => {
      const { problems: found, findings, tests } = await policies.check(c.req.valid('json').text)
      return c.json(
        {
          problems: found.map((problem) => ({ ...problem })),
          findings: findings.map((finding) => ({ ...finding })),
          tests:
            tests === undefined
              ? null
              : {
                  file: tests.file,
                  passed: tests.passed,
                  failed: tests.failed.map((test) => ({
                    ...test,
                    differences: test.differences.map((difference) => ({ ...difference })),
                  })),
                  problems: tests.problems.map((problem) => ({ ...problem })),
                },
        },
        200,
      )
    },
  )

  api.route(
    'administer',
    {
      method: 'post',
      path: '/policies/backtest',
      summary: 'What a policy would have answered to what was really asked for lately',
      request: { body: body(z.object({ text, days: z.number().int().min(1).max(90).default(14) })) },
      responses: { 200: json(BacktestView, 'The difference.'), ...problems },
    },
    async (c) => {
      const asked = c.req.valid('json')
      const tested = await policies.backtest(asked.text, asked.days)
      const load = ({ holds, byRole }: HoldLoad) => ({ holds, byRole: { ...byRole } })
      return c.json(
        {
          ...{ from: tested.from.toISOString(), to: tested.to.toISOString(), days: tested.days },
          ...{ judged: tested.judged, before: load(tested.before), after: load(tested.after) },
          leftOut: { ...tested.leftOut },
          changes: tested.changes.slice(0, MOST_CHANGES).map((change) => ({
            ...{ text: change.text, target: change.target, people: [...change.people], count: change.count },
            before: { ...change.before, reviewers: [...change.before.reviewers] },
            after: { ...change.after, reviewers: [...change.after.reviewers] },
          })),
          kinds: tested.changes.length,
        },
        200,
      )
    },
  )
}
