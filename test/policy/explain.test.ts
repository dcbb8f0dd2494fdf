import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/policy/evaluate.ts'
import { explain, formatExplanation } from '../../src/policy/explain.ts'
import { action, NOW, rules } from './parts.ts'

describe('explain()', () => {
  const policy = rules(
    'who: [sre], then: allow',
    'on: { labels: { env: staging } }, then: allow',
    'when: { effects: { only: [read] } }, then: allow',
    'when: { objects: { any: [/etc/**] } }, then: { hold: { reviewers: [sre], approvals: 2, expires: 30m } }',
    'then: { deny: Ask the team first. }',
    'then: allow',
  )
  const asked = action({ text: 'rm $X', effects: ['destroy'], objects: [{ kind: 'path', value: undefined }] })

  it('tells of each rule whether it matched, or the first condition that did not hold', () => {
    expect(explain(policy, asked, { now: NOW }).rules).toMatchObject([
      { outcome: 'failed', because: { condition: 'who', wanted: '[sre]', found: 'engineer' } },
      { outcome: 'failed', because: { condition: 'on.labels.env', wanted: 'staging', found: 'prod' } },
      { outcome: 'failed', because: { condition: 'when.effects.only', wanted: '[read]', found: 'destroy' } },
      { outcome: 'unclear', because: { condition: 'when.objects.any', wanted: '[/etc/**]', found: 'an unknown path' } },
      { outcome: 'matched', because: undefined },
      { outcome: 'not-reached', because: undefined },
    ])
  })

  it('reads like a message for people', () => {
    expect(
      formatExplanation(explain(policy, asked, { now: NOW })),
    ).toBe(`deny · rule 5 (test.yaml:10): Ask the team first.
roles: engineer
  test.yaml:6 rule 1 → allow: who does not hold: it wants [sre], and there is engineer
  test.yaml:7 rule 2 → allow: on.labels.env does not hold: it wants staging, and there is prod
  test.yaml:8 rule 3 → allow: when.effects.only does not hold: it wants [read], and there is destroy
? test.yaml:9 rule 4 → hold: when.objects.any cannot be known: it wants [/etc/**], and there is an unknown path
= test.yaml:10 rule 5 → deny: matches`)
  })

  it('says so when a denial applies because nothing is known to the contrary', () => {
    const verdict = evaluate(
      rules('when: { objects: { any: [/etc/**] } }, then: { deny: Not there. }', 'then: allow'),
      asked,
      { now: NOW },
    )
    expect(verdict).toMatchObject({
      kind: 'deny',
      message: 'Not there. (The text does not tell whether this applies to it, so it does.)',
    })
  })

  it('shows what hides, and shows text as text', () => {
    const hiding = action({ text: 'vim \u001b]0;x\u0007', effects: ['escape'], commands: [] })
    const told = formatExplanation(
      explain(rules("when: { commands: { any: [rm] }, text: { matches: 'zzz' } }, then: allow"), hiding, { now: NOW }),
    )
    expect(told).toContain('there is “vim \\u{1b}]0;x\\u{7}”')
  })

  it('can be written as JSON', () => {
    const explanation = explain(policy, asked, { now: NOW })
    expect(JSON.parse(JSON.stringify(explanation))).toMatchObject({ verdict: { kind: 'deny' }, roles: ['engineer'] })
  })
})

describe('evaluate()', () => {
  it('holds as the rule says', () => {
    const policy = rules(
      'then: { hold: { reviewers: [sre, engineer], approvals: 2, distinct-roles: true, expires: 1h, reason: required, sign: passkey, message: Why? } }',
    )
    expect(evaluate(policy, action(), { now: NOW })).toEqual({
      kind: 'hold',
      because: { name: 'rule 1', file: 'test.yaml', line: 6 },
      quorum: {
        reviewers: ['sre', 'engineer'],
        count: 2,
        distinctRoles: true,
        expiresAfterMs: 3_600_000,
        reasonRequired: true,
        sign: 'passkey',
      },
      message: 'Why?',
    })
  })

  it('holds for 15 minutes, for one approval without a reason, when the rule says no more', () => {
    const verdict = evaluate(rules('then: { hold: { reviewers: [sre] } }'), action(), { now: NOW })
    expect(verdict).toMatchObject({
      quorum: { reviewers: ['sre'], count: 1, distinctRoles: false, expiresAfterMs: 900_000, reasonRequired: false },
      message: undefined,
    })
  })

  it('says whom to ask when no rule matches', () => {
    expect(evaluate(rules('who: [sre], then: allow'), action(), { now: NOW })).toMatchObject({
      kind: 'deny',
      message: 'No rule lets engineer run this on web-1; ask whoever keeps the policy if one should.',
    })
  })
})
