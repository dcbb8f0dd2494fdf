import { describe, expect, it } from 'vitest'
import { lint } from '../../src/policy/lint.ts'
import type { Policy } from '../../src/policy/rule.ts'
import { alice, bob, person, rules } from './parts.ts'

/** Without the roles that these small policies leave over. */
const kinds = (policy: Policy, context?: Parameters<typeof lint>[1]) =>
  lint(policy, context)
    .filter(({ kind }) => kind !== 'unused-role')
    .map(({ kind, line }) => [kind, line])

describe('lint()', () => {
  it.each([
    ['everything before', ['then: allow', 'when: { effects: { only: [read] } }, then: { deny: no }']],
    [
      'the same',
      [
        'who: [sre], when: { effects: { any: [write] } }, then: allow',
        'who: [sre], when: { effects: { any: [write] } }, then: { deny: no }',
      ],
    ],
    [
      'more effects',
      [
        'when: { effects: { only: [read, write] } }, then: allow',
        'when: { effects: { only: [read] } }, then: { deny: no }',
      ],
    ],
    [
      'fewer exclusions',
      [
        'when: { effects: { none: [destroy] } }, then: allow',
        'when: { effects: { only: [read] } }, then: { deny: no }',
      ],
    ],
    [
      'a wider place',
      ["on: { targets: ['web-*'] }, then: allow", 'on: { targets: [web-1], logins: [root] }, then: { deny: no }'],
    ],
    [
      'a wider label',
      ["on: { labels: { env: 'p*' } }, then: allow", 'on: { labels: { env: prod, team: pay } }, then: { deny: no }'],
    ],
    [
      'a wider network',
      [
        'when: { network: { in: [10.0.0.0/8] } }, then: { deny: no }',
        'when: { network: { in: [10.1.0.0/16] } }, then: allow',
      ],
    ],
    [
      'a denial of the same objects',
      [
        'when: { objects: { any: [/etc/**], known: true } }, then: { deny: no }',
        'when: { objects: { any: [/etc/**], known: true } }, then: allow',
      ],
    ],
    ['another role of the same groups', ['who: [engineer, sre], then: allow', 'who: everyone, then: { deny: no }']],
  ])('finds a rule that never matches behind %s', (_, lines) => {
    expect(kinds(rules(...lines))).toContainEqual(['never-matches', 7])
  })

  it.each([
    ['fewer people', ['who: [sre], then: allow', 'then: { deny: no }']],
    ['a narrower place', ["on: { targets: ['web-*'] }, then: allow", "on: { targets: ['*'] }, then: { deny: no }"]],
    [
      'an allowance that is unclear for some',
      [
        'when: { objects: { only: [/srv/**] } }, then: allow',
        'when: { objects: { only: [/srv/**] } }, then: { deny: no }',
      ],
    ],
    [
      'a condition that opening a shell never meets',
      [
        'when: { effects: { only: [read, write, destroy, privilege, transfer, escape, opaque, unknown] } }, then: allow',
        'then: { deny: no }',
      ],
    ],
    ['another time', ["when: { time: { from: '08:00', to: '18:00', zone: UTC } }, then: allow", 'then: { deny: no }']],
  ])('does not call a rule dead behind %s', (_, lines) => {
    expect(kinds(rules(...lines)).filter(([kind]) => kind === 'never-matches')).toEqual([])
  })

  it.each([
    'when: { effects: { only: [read], any: [write] } }, then: allow',
    'when: { effects: { any: [write], none: [write, read] } }, then: allow',
    'when: { kind: [shell], effects: { only: [read] } }, then: allow',
  ])('finds conditions that exclude each other: %s', (line) => {
    expect(kinds(rules(line))).toEqual([['never-matches', 6]])
  })

  it('does not call a denial dead that has its say about objects it cannot know', () => {
    const line = 'when: { objects: { any: [/etc/**], none: [/etc/**] } }, then: { deny: no }'
    expect(kinds(rules(line)).filter(([kind]) => kind === 'never-matches')).toEqual([])
  })

  it('finds commands that are allowed for what they look like', () => {
    expect(kinds(rules('when: { commands: { only: [ls] } }, then: allow'))).toEqual([['allowed-by-looks', 6]])
    expect(kinds(rules("when: { text: { matches: '^ls' } }, then: allow"))).toEqual([['allowed-by-looks', 6]])
    expect(kinds(rules('when: { commands: { only: [ls] }, effects: { only: [read] } }, then: allow'))).toEqual([])
  })

  it('finds a denial that also meets whatever is not seen', () => {
    const unseen = 'when: { effects: { any: [escape, opaque, unknown] } }, then: { hold: { reviewers: [sre] } }'
    const denial = 'when: { commands: { any: [shutdown] } }, then: { deny: no }'
    expect(kinds(rules(denial))).toEqual([['denies-the-unseen', 6]])
    expect(kinds(rules(unseen, denial))).toEqual([])
  })

  it('finds reviewers that nobody is, and requesters who are the only ones', () => {
    const policy = rules('then: { hold: { reviewers: [sre] } }')
    expect(kinds(policy, { people: [alice] })).toEqual([['nobody-reviews', 6]])
    expect(kinds(policy, { people: [alice, bob] })).toEqual([['only-reviewer', 6]])
    expect(kinds(policy, { people: [alice, bob, person('erin', ['sre'])] })).toEqual([])
    // One person with two accounts is one person.
    const twin = { ...person('bob-2', ['sre']), email: bob.email }
    expect(kinds(policy, { people: [bob, twin] })).toEqual([
      ['only-reviewer', 6],
      ['only-reviewer', 6],
    ])
    expect(
      kinds(rules('who: [engineer], then: { hold: { reviewers: [sre], approvals: 2 } }'), { people: [alice, bob] }),
    ).toEqual([['too-few-reviewers', 6]])
  })

  it('finds a role that is used nowhere', () => {
    expect(lint(rules('who: [sre], then: allow'))).toMatchObject([
      { kind: 'unused-role', line: 0, message: expect.stringContaining('“engineer”') },
    ])
  })

  const held = (grant: string, when: string) =>
    kinds(rules(`who: [engineer], when: ${when}, then: { hold: { reviewers: [sre], grant: ${grant} } }`))

  it('finds a grant that fits nothing which its rule holds', () => {
    expect(held('{ longest: 1h, effects: { only: [read] } }', '{ effects: { any: [destroy] } }')).toEqual([
      ['grants-nothing', 6],
    ])
    expect(held('{ longest: 1h }', '{ kind: [shell] }')).toEqual([['grants-nothing', 6]])
  })

  it('finds a grant of what may do something else each time', () => {
    expect(held('{ longest: 1h }', '{ effects: { any: [write] } }')).toEqual([['grants-the-unseen', 6]])
    expect(held('{ longest: 1h, effects: { only: [read, write] } }', '{ effects: { any: [write] } }')).toEqual([])
  })
})
