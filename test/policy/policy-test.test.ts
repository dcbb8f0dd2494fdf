import { describe, expect, it } from 'vitest'
import { runPolicyTests } from '../../src/policy/policy-test.ts'
import { rules } from './parts.ts'
import { pocketAnalyse } from './pocket-analyser.ts'

const policy = rules(
  'when: { kind: [shell] }, then: allow',
  'when: { effects: { only: [read] } }, then: allow',
  'then: { hold: { reviewers: [sre] } }',
)
const HEAD =
  'people: { ann: { groups: [engineering] } }\ntargets: { web: { labels: { env: prod }, logins: [deploy] } }\ntests:\n'
const run = (...tests: readonly string[]) =>
  runPolicyTests(policy, {
    text: `${HEAD}${tests.map((test) => `  - { who: ann, on: web, ${test} }\n`).join('')}`,
    file: 'x.test.yaml',
    analyse: pocketAnalyse,
  })

describe('runPolicyTests()', () => {
  it('passes what is as it is meant to be', () => {
    const result = run(
      'expect: allow, rule: rule 1',
      'run: ls, expect: allow, rule: rule 2, effects: [read]',
      'run: rm x, expect: hold',
      'run: "", expect: allow, effects: [none]',
    )
    expect(result).toMatchObject({
      kind: 'ran',
      results: [{ differences: [], line: 4 }, { differences: [], line: 5 }, { differences: [] }, { differences: [] }],
    })
  })

  it('tells each difference, with the reason for the verdict', () => {
    const result = run('run: rm x, expect: allow, rule: rule 2, effects: [read]')
    if (result.kind === 'broken') return expect.fail('it is not broken')
    expect(result.results[0]).toMatchObject({
      file: 'x.test.yaml',
      line: 4,
      differences: [
        { what: 'verdict', expected: 'allow', actual: 'hold' },
        { what: 'rule', expected: 'rule 2', actual: 'rule 3' },
        { what: 'effects', expected: 'read', actual: 'destroy' },
      ],
      explanation: { rules: [{ outcome: 'failed' }, { outcome: 'failed' }, { outcome: 'matched' }] },
    })
  })

  it('tells every problem of the file at once', () => {
    const result = runPolicyTests(policy, {
      text: `${HEAD}  - { who: anm, on: root@wep, rum: ls, expect: allowed }\n`,
      file: 'f',
      analyse: pocketAnalyse,
    })
    expect(result).toMatchObject({
      kind: 'broken',
      problems: [
        { line: 4, suggestion: 'ann' },
        { line: 4, suggestion: 'web' },
        { line: 4, suggestion: 'run' },
        { line: 4, suggestion: 'allow' },
      ],
    })
  })
})
