import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../src/policy/policy.ts'
import { policyOf, problemsOf } from './parts.ts'

const HEAD = 'version: 1\nroles:\n  engineer: { groups: [engineering] }\n  sre: { groups: [sre] }\n'
const withRule = (rule: string) => `${HEAD}rules:\n  - { name: r, ${rule} }\n`

describe('parsePolicy()', () => {
  it('tells every problem at once, each with its place, and what was meant', () => {
    const text = `version: 1
role:
  x: 1
roles:
  engineer: { group: [engineering] }
  sre: { groups: [] }
rules:
  - name: one
    who: [enginer, sre]
    wen: { effects: { only: [read] } }
    then: alow
  - name: one
    who: everyone
    on: { lables: { env: prod } }
    when:
      effects: { only: [raed] }
      time: { from: '8:00', to: '25:00', zone: Mars/Phobos }
      network: { in: [10.0.0.1/8] }
      text: { matches: '(a+' }
    then: { hold: { reviewers: [], expires: soon, approvals: 0 } }
    session: { idle-timeout: 1 }
`
    const problems = problemsOf(text).map(({ line, column, suggestion, message }) => [
      line,
      column,
      suggestion ?? message,
    ])
    expect(problems).toEqual([
      [2, 1, 'roles'],
      [5, 13, 'the role lacks the key “groups”'],
      [5, 15, 'groups'],
      [6, 18, 'groups is empty'],
      [9, 11, 'engineer'],
      [10, 5, 'when'],
      [11, 11, 'allow'],
      [12, 11, 'the rule on line 8 has the name “one” already'],
      [14, 11, 'labels'],
      [16, 25, 'read'],
      [17, 21, 'time.from “8:00” cannot be used: a time of day looks like 08:00; the end of the day is 24:00'],
      [17, 33, 'time.to “25:00” cannot be used: a time of day looks like 08:00; the end of the day is 24:00'],
      [
        17,
        48,
        'the time zone “Mars/Phobos” cannot be used: it is a name of the IANA database, such as Europe/Berlin or UTC',
      ],
      [
        18,
        23,
        'the network “10.0.0.1/8” cannot be used: the address has bits beyond its /8; is it another network that is meant?',
      ],
      [19, 24, 'the regular expression “(a+” cannot be used: a “(” is not closed'],
      [20, 32, 'reviewers is empty'],
      [20, 45, 'expires “soon” cannot be used: a length of time looks like 30s, 15m, 12h or 7d'],
      [20, 62, 'approvals is a whole number from 1 to 10'],
      [21, 30, 'idle-timeout is text; 1 stands here, which YAML takes for a number. Put it in quotes if text is meant'],
    ])
  })

  it.each([
    ['a rule for nobody', 'who: [], then: allow', 'who is empty'],
    ['a role that does not exist', 'who: [ops], then: allow', 'there is no role “ops”'],
    ['a reviewer that does not exist', 'who: everyone, then: { hold: { reviewers: [srE] } }', 'there is no role “srE”'],
    ['no answer', 'who: everyone', 'the rule lacks the key “then”'],
    ['nobody', 'then: allow', 'the rule lacks the key “who”'],
    ['a denial without a message', 'who: everyone, then: deny', 'then is a mapping'],
    ['two answers', 'who: everyone, then: { hold: { reviewers: [sre] }, deny: no }', 'not more of them'],
    ['an empty condition', 'who: everyone, when: {}, then: allow', 'when is empty'],
    ['a word where a list belongs', 'who: sre, then: allow', 'who is a list, such as [sre]'],
    ['a list where a mapping belongs', 'who: everyone, when: { effects: [read] }, then: allow', 'effects is a mapping'],
    ['the same thing twice', 'who: [sre, sre], then: allow', 'stands in the list twice'],
    [
      'an effect twice',
      'who: everyone, when: { effects: { any: [read, read] } }, then: allow',
      'stands in the list twice',
    ],
    [
      'an escalation that comes too late',
      'who: everyone, then: { hold: { reviewers: [sre], expires: 10m, escalate: { after: 10m, to: [sre] } } }',
      'expires before anybody further is asked',
    ],
    [
      'an escalation to nobody there is',
      'who: everyone, then: { hold: { reviewers: [sre], escalate: { after: 5m, to: [nobody] } } }',
      'there is no role “nobody”',
    ],
    [
      'more roles than there are',
      'who: everyone, then: { hold: { reviewers: [sre], approvals: 2, distinct-roles: true } }',
      'cannot come from 1 role',
    ],
    [
      'an empty time window',
      "who: everyone, when: { time: { from: '08:00', to: '08:00', zone: UTC } }, then: allow",
      'is empty',
    ],
    [
      'a time without a zone',
      "who: everyone, when: { time: { from: '08:00', to: '18:00' } }, then: allow",
      'time lacks the key “zone”',
    ],
    [
      'an offset for a zone',
      "who: everyone, when: { time: { from: '08:00', to: '18:00', zone: '+02:00' } }, then: allow",
      'time zone',
    ],
    [
      'a day that is none',
      "who: everyone, when: { time: { days: [mon-fry], from: '08:00', to: '18:00', zone: UTC } }, then: allow",
      'days are',
    ],
    [
      'duties of a rule that denies',
      'who: everyone, then: { deny: no }, session: { idle-timeout: 1h }',
      'the rule denies',
    ],
    [
      'duties of a rule that opens nothing',
      'who: everyone, when: { kind: [step] }, then: allow, session: { idle-timeout: 1h }',
      'opens no session',
    ],
    [
      'duties that nobody would keep',
      'who: everyone, then: allow, session: { recording: output }',
      'there is no key “recording”',
    ],
    [
      'a shell recorded less than whole',
      'who: everyone, then: allow, session: { record: digest }',
      'may be recorded less than whole',
    ],
    [
      'a mask that nobody knows',
      'who: everyone, then: allow, session: { mask: [card-numbers] }',
      'there is no built-in mask “card-numbers”',
    ],
    [
      'a mask that hides nothing',
      "who: everyone, then: allow, session: { mask: [{ name: x, pattern: 'a*' }] }",
      'also matches nothing',
    ],
    [
      'a mask that keeps all',
      "who: everyone, then: allow, session: { mask: [{ name: x, pattern: 'ab', keep: 2 }] }",
      'readable as it is',
    ],
    [
      'a mask with an anchor',
      "who: everyone, then: allow, session: { mask: [{ name: x, pattern: '^ab' }] }",
      'mean nothing in a stream',
    ],
    [
      'another pattern for a built-in mask',
      "who: everyone, then: allow, session: { mask: [{ name: iban, pattern: 'ab' }] }",
      'a built-in mask has that name',
    ],
    [
      'two masks of one name',
      'who: everyone, then: allow, session: { mask: [iban, { name: iban, keep: 4 }] }',
      'another mask has the name',
    ],
    [
      'a hold that lasts too long',
      'who: everyone, then: { hold: { reviewers: [sre], expires: 8d } }',
      'it is 7d at most',
    ],
    [
      'an object without its kind',
      'who: everyone, when: { objects: { any: [nginx] } }, then: allow',
      'the kind of the object first',
    ],
    [
      'an object of no kind',
      "who: everyone, when: { objects: { any: ['file:/x'] } }, then: allow",
      'there are no objects of the kind “file”',
    ],
    [
      'a command with its path',
      'who: everyone, when: { commands: { any: [/bin/rm] } }, then: allow',
      'without their path',
    ],
    [
      'a message that moves the cursor',
      'who: everyone, then: { deny: "\\e[31mred" }',
      'control or invisible characters',
    ],
    [
      'a name that is written backwards',
      'who: everyone, then: { deny: "\\u202Eon" }',
      'control or invisible characters',
    ],
    ['an alias', 'who: &a [sre], then: { hold: { reviewers: *a } }', 'anchors and aliases have no place here'],
    ['a tag', 'who: everyone, then: !!str allow', 'tags have no place here'],
    ['a merge key', 'who: everyone, then: allow, <<: { session: { idle-timeout: 1h } }', 'there is no key “<<”'],
    ['a key twice', 'who: everyone, then: allow, then: { deny: no }', 'Map keys must be unique'],
    ['a list as a key', 'who: everyone, then: allow, ? [a] : b', 'there is no key “?”'],
  ])('refuses %s', (_, rule, message) => {
    const problems = problemsOf(withRule(rule))
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message)
    expect(problems.every(({ line }) => line >= 5)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['a comment', '# nothing\n'],
    ['text', 'hello'],
    ['no rules', `${HEAD}rules: []\n`],
    ['no roles', 'version: 1\nroles: {}\nrules: [{ name: r, who: everyone, then: allow }]\n'],
    ['another version', withRule('who: everyone, then: allow').replace('version: 1', 'version: 2')],
    ['two documents', `${withRule('who: everyone, then: allow')}---\nversion: 1\n`],
    ['a bomb of brackets', '['.repeat(100_000)],
    ['a nest of lists', `${'- '.repeat(5_000)}x`],
    ['a file without end', `# ${'x'.repeat(1024 * 1024)}\n`],
    ['a NUL', 'version: 1\u0000'],
  ])('refuses %s without an exception', (_, text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0)
  })

  it('bounds the number of problems', () => {
    const rules = Array.from({ length: 1000 }, (_, index) => `  - { name: r${index}, who: everyone, then: nonsense }`)
    expect(problemsOf(`${HEAD}rules:\n${rules.join('\n')}\n`)).toHaveLength(200)
  })

  it('names the text by its SHA-256', () => {
    const text = withRule('who: everyone, then: allow')
    expect(policyOf(text).digest).toBe(createHash('sha256').update(text).digest('hex'))
  })

  it('tells where each rule begins', () => {
    const text = `${HEAD}rules:\n  # first\n  - name: a\n    who: everyone\n    then: allow\n\n  - name: b\n    who: everyone\n    then: allow\n`
    expect(policyOf(text).rules.map(({ line }) => line)).toEqual([7, 11])
  })

  it('quotes what was written without letting it act on a terminal', () => {
    const result = parsePolicy({ text: `${HEAD}"\\e]0;x\\a": 1\nrules: []\n`, file: 'f' })
    expect(JSON.stringify(result)).toContain('\\\\u{1b}]0;x\\\\u{7}')
  })
})

describe('masks of several rules', () => {
  const rules = (...masks: readonly string[]) =>
    `version: 1\nroles: { sre: { groups: [sre] } }\nrules:\n${masks
      .map((mask, index) => `  - { name: r${index}, who: everyone, then: allow, session: { mask: [${mask}] } }\n`)
      .join('')}`
  const own = (name: string, pattern = 'secret') => `{ name: ${name}, pattern: ${pattern} }`

  it('have one pattern for one name', () => {
    expect(problemsOf(rules(own('x'), own('x'), '{ name: iban, keep: 4 }', 'iban'))).toEqual([])
    expect(problemsOf(rules(own('x'), own('x', 'other')))).toMatchObject([
      { line: 5, message: expect.stringContaining('another rule has a mask “x” with another pattern') },
    ])
  })

  it('are not more than one session can be under', () => {
    const masks = (count: number) => Array.from({ length: count }, (_, index) => own(`m${index}`))
    expect(problemsOf(rules(...masks(31)))).toEqual([])
    expect(problemsOf(rules(...masks(32)))).toMatchObject([{ message: 'the policy has more than 31 different masks' }])
  })
})
