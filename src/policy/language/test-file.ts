/** The language of `*.test.yaml`: people, targets, and what the policy is meant to answer them. */
import { ASSURANCES, EFFECTS } from '../../core/action.ts'
import { parseAddress } from '../pattern/network.ts'
import { refuse } from '../pattern/refusal.ts'
import { dictionary, type Fields, list, object, optional, type Read, required } from '../shape/collections.ts'
import { choice, formatted, rawText, text, truth } from '../shape/scalars.ts'
import { mapped, type Shape } from '../shape/shape.ts'
import { LABEL_SYNTAX } from './conditions.ts'
import { NAME_SYNTAX } from './words.ts'

const NO_EFFECTS = 'none'

const word = (noun: string) => text({ max: 200, noun })

const personFields = {
  groups: required(list(word('the group'), { noun: 'groups' }), 'Groups at the identity provider.'),
} satisfies Fields
const targetFields = {
  labels: optional(
    dictionary({
      noun: 'labels',
      keyNoun: 'the name of a label',
      keySyntax: LABEL_SYNTAX,
      value: word('the label'),
    }),
    'Labels, each with its value.',
  ),
  logins: optional(
    list(word('the login'), { noun: 'logins' }),
    'Accounts on it; the first is used where a test names none.',
  ),
} satisfies Fields

const instant: Shape<Date> = formatted({
  noun: 'the time',
  max: 40,
  syntax: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$',
  parse: (source) => {
    const date = new Date(source)
    const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(source) && !Number.isNaN(date.getTime())
    return isWhole ? date : refuse('a time looks like 2025-03-31T09:00Z or 2025-03-31T09:00+02:00')
  },
  print: (value) => value.toISOString(),
})

const address: Shape<string> = formatted({
  noun: 'the address',
  max: 64,
  parse: (source) => (parseAddress(source) === undefined ? refuse('it is no IP address') : source),
  print: (value) => value,
})

const caseFields = {
  who: required(word('who'), 'One of the people above.'),
  on: required(word('on'), 'One of the targets above; login@target for an account of one’s choice.'),
  run: optional(rawText({ max: 100_000, noun: 'run' }), 'The command. Left out: a shell is opened.'),
  kind: optional(choice(['exec', 'line', 'step'], 'kind of action'), 'How it arrives; exec when left out.'),
  assurance: optional(
    choice(ASSURANCES, 'assurance'),
    'How sure the text is; exact for exec, stepped for step, inferred for line when left out.',
  ),
  interactive: optional(truth('interactive'), 'Whether there is a terminal; for exec false when left out.'),
  at: optional(instant, 'When, such as 2025-03-31T09:00+02:00.'),
  from: optional(address, 'The client’s address; 192.0.2.1 when left out.'),
  expect: required(choice(['allow', 'hold', 'deny'], 'verdict'), 'The verdict.'),
  rule: optional(word('the rule'), 'The rule that gives it; no-rule-matched when none does.'),
  effects: optional(
    list(choice([...EFFECTS, NO_EFFECTS], 'effect'), { noun: 'effects' }),
    'All effects of the command; [none] when it has none.',
  ),
} satisfies Fields

/** `line` is where it begins in the file, from 1. */
export type TestCase = Read<typeof caseFields> & { readonly line: number }

const testCase: Shape<TestCase> = mapped(
  object({ noun: 'the test', fields: caseFields }),
  (value, place, problems) => ({ ...value, line: problems.lineOf(place.offset) }),
  (value) => value,
)

const people = dictionary({
  noun: 'people',
  keyNoun: 'a person’s name',
  keySyntax: NAME_SYNTAX,
  value: object({ noun: 'the person', fields: personFields }),
})
const targets = dictionary({
  noun: 'targets',
  keyNoun: 'the name of a target',
  keySyntax: NAME_SYNTAX,
  value: object({ noun: 'the target', fields: targetFields, mayBeEmpty: true }),
})
const tests = list(testCase, { noun: 'tests', max: 10_000 })

const testFields = {
  people: required(people, 'Who asks.'),
  targets: required(targets, 'Where.'),
  tests: required(tests, 'What each is meant to get.'),
} satisfies Fields

export type TestFile = Read<typeof testFields>
export const testFile: Shape<TestFile> = object({ noun: 'the test file', fields: testFields })

const peopleFields = {
  people: required(people, 'Who there is.'),
  targets: optional(targets, 'What there is to work on.'),
  tests: optional(tests, 'A test file tells of people too.'),
} satisfies Fields

export type PeopleFile = Read<typeof peopleFields>
export const peopleFile: Shape<PeopleFile> = object({ noun: 'the people file', fields: peopleFields })
