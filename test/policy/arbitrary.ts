/** Random policies and actions, made of few names so that rules and actions meet often. */
import fc from 'fast-check'
import { stringify } from 'yaml'
import { type Action, ASSURANCES, EFFECTS, type ObjectRef, type SimpleCommand } from '../../src/core/action.ts'
import { action, person, web1 } from './parts.ts'

const some = <T>(values: readonly T[], max = 3) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: max })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const ROLES = ['engineer', 'sre', 'auditor']
const PATHS = ['/etc/**', '/etc/hosts', '/srv/*', '**/*.pem', '/**']
const COMMANDS = ['ls', 'rm', 'git *', 'git push *', 'mkfs.*', '*']
const DURATIONS = ['30s', '15m', '2h', '1d']
const NETWORKS = ['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32', '::/0']
const TEXTS = [
  'plain',
  'with: colon',
  '# no comment',
  "it's",
  '"quoted"',
  'yes',
  '12',
  'für alle',
  '- dash',
  'two\nlines',
  ' spaced ',
]

/** Mappings without a key in them are refused, so at least one is there. */
const nonEmpty = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
  arbitrary.filter((value) => Object.values(value).some((entry) => entry !== undefined))
const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(fields).map((value) => Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)))
const set = (values: readonly string[], more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  nonEmpty(record({ only: maybe(some(values)), any: maybe(some(values)), none: maybe(some(values)), ...more }))

const time = record({
  days: maybe(some(['mon', 'tue-thu', 'sat-mon'])),
  from: fc.constantFrom('00:00', '08:30', '22:00'),
  to: fc.constantFrom('06:15', '18:00', '24:00'),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
})

const kinds = ['shell', 'exec', 'line', 'step']
const when = (kind: fc.Arbitrary<unknown>) =>
  nonEmpty(
    record({
      kind,
      interactive: maybe(fc.boolean()),
      assurance: maybe(some([...ASSURANCES])),
      effects: maybe(set([...EFFECTS])),
      commands: maybe(set(COMMANDS)),
      objects: maybe(set([...PATHS, 'unit:nginx*'], { known: maybe(fc.boolean()) })),
      text: maybe(record({ matches: fc.constantFrom('rm', '^git\\b', '(?i)[a-c]+$', '(x|y){2,3}') })),
      time: maybe(time),
      network: maybe(nonEmpty(record({ in: maybe(some(NETWORKS)), outside: maybe(some(NETWORKS)) }))),
    }),
  )

const on = nonEmpty(
  record({
    targets: maybe(some(['web-1', 'db-*', '*'])),
    labels: maybe(
      nonEmpty(
        record({
          env: maybe(fc.oneof(fc.constantFrom('prod', 'st*'), some(['prod', 'staging']))),
          team: maybe(fc.constantFrom('pay')),
        }),
      ),
    ),
    protocols: maybe(fc.constant(['ssh'])),
    logins: maybe(some(['root', 'deploy'])),
  }),
)

const grant = record({
  longest: fc.constantFrom(...DURATIONS),
  scope: maybe(fc.constantFrom('session', 'person')),
  effects: maybe(set([...EFFECTS])),
})
const stepUp = record({ 'max-age': maybe(fc.constantFrom('30s', '15m')), acr: maybe(some(['pwd', 'mfa'])) })
const oneOrMore = fc.oneof(
  record({ grant: maybe(grant), approvals: maybe(fc.constant(1)) }),
  fc.record({ approvals: fc.constant(2) }),
)
const hold = fc.tuple(oneOrMore, heldBy()).map(([approvals, fields]) => ({ ...fields, ...approvals }))

function heldBy() {
  return record({
    reviewers: some(ROLES),
    expires: maybe(fc.constantFrom(...DURATIONS)),
    reason: maybe(fc.constantFrom('required', 'optional')),
    sign: maybe(fc.constantFrom('passkey', 'optional')),
    'step-up': maybe(stepUp),
    escalate: maybe(fc.record({ after: fc.constantFrom('5s', '10s'), to: some(ROLES) })),
    'break-glass': maybe(
      record({
        who: some(ROLES),
        alert: some(ROLES),
        reviewers: some(ROLES),
        'review-within': maybe(fc.constantFrom(...DURATIONS)),
        'step-up': maybe(stepUp),
      }),
    ),
    'owner-may-decide': maybe(fc.boolean()),
    message: maybe(fc.constantFrom(...TEXTS)),
  })
}
const duties = nonEmpty(
  record({
    'idle-timeout': maybe(fc.constantFrom(...DURATIONS)),
    'max-duration': maybe(fc.constantFrom(...DURATIONS)),
    'read-only': maybe(fc.boolean()),
    mask: maybe(
      fc.uniqueArray(
        fc.oneof(
          fc.constantFrom('iban', 'private-key', 'email'),
          record({ name: fc.constant('card-number'), keep: maybe(fc.nat({ max: 4 })) }),
          record({ name: fc.constant('ticket'), pattern: fc.constant('T-\\d{6}'), keep: maybe(fc.nat({ max: 4 })) }),
        ),
        { minLength: 1, maxLength: 3, selector: (mask) => (typeof mask === 'string' ? mask : mask.name) },
      ),
    ),
    record: maybe(fc.constant('output')),
  }),
)
const who = fc.oneof(fc.constant('everyone'), some(ROLES))
const deny = fc.record({ deny: fc.constantFrom(...TEXTS) })
const then = fc.oneof(fc.constant('allow'), fc.record({ hold }), deny)

// A rule that opens sessions may have duties, one that does not may not.
const rule = fc.oneof(
  record({ who, on: maybe(on), when: maybe(when(maybe(some(kinds)))), then }),
  record({
    who,
    on: maybe(on),
    when: maybe(when(fc.constantFrom(['shell'], ['exec', 'step'], undefined))),
    // biome-ignore lint/suspicious/noThenProperty: it is the language's word, and nothing here is awaited.
    then: fc.oneof(fc.constant('allow'), fc.record({ hold })),
    session: duties,
  }),
  record({
    who,
    when: fc.constant({ kind: ['exec'], interactive: false }),
    // biome-ignore lint/suspicious/noThenProperty: it is the language's word, and nothing here is awaited.
    then: fc.constant('allow'),
    session: record({ record: fc.constantFrom('digest', { first: '64KiB' }, { first: '2MiB' }) }),
  }),
)

export const plainPolicy = fc
  .record({
    permissions: maybe(
      record({
        recordings: maybe(some(ROLES)),
        audit: maybe(some(ROLES)),
        sessions: maybe(some(ROLES)),
        administration: maybe(some(ROLES)),
      }),
    ),
    changes: maybe(
      record({
        'step-up': record({ 'max-age': maybe(fc.constantFrom('5m', '1h')), acr: maybe(some(['mfa', 'phr'])) }),
      }),
    ),
    rules: fc.array(rule, { minLength: 1, maxLength: 5 }),
  })
  .map(({ permissions, changes, rules }) => ({
    version: 1,
    roles: {
      engineer: { groups: ['engineering'] },
      sre: { groups: ['sre', 'on call'] },
      auditor: { groups: ['compliance'] },
    },
    ...(permissions !== undefined && { permissions }),
    ...(changes !== undefined && { changes }),
    rules: rules.map((each, index) => ({ name: `rule ${index + 1}`, ...each })),
  }))

export const policyText = plainPolicy.map((plain) => stringify(plain, { aliasDuplicateObjects: false }))

const object: fc.Arbitrary<ObjectRef> = fc.record({
  kind: fc.constantFrom('path' as const, 'unit' as const, 'other' as const),
  value: fc.constantFrom(
    '/etc/hosts',
    '/etc',
    '/',
    '/srv/x',
    '/srv/x/y.pem',
    'hosts',
    'nginx.service',
    '/srv/../etc',
    undefined,
  ),
})
const command: fc.Arbitrary<SimpleCommand> = fc
  .constantFrom('ls -l', 'rm x', 'git push origin', "git 'push' x", 'git $X', 'mkfs.ext4 x', '$X')
  .map((text) => {
    const name = text.split(' ')[0] ?? ''
    return {
      text,
      name: name === '$X' ? undefined : name,
      start: 0,
      end: text.length,
      effects: [],
      objects: [],
      because: 'arbitrary',
    }
  })

export const anyAction: fc.Arbitrary<Action> = fc
  .record({
    kind: fc.constantFrom('shell' as const, 'exec' as const, 'line' as const, 'step' as const),
    assurance: fc.constantFrom(...ASSURANCES),
    interactive: fc.boolean(),
    text: fc.constantFrom('rm -rf x', 'git log', 'xyz', ''),
    effects: fc.uniqueArray(fc.constantFrom(...EFFECTS), { maxLength: 3 }),
    commands: fc.array(command, { maxLength: 3 }),
    objects: fc.array(object, { maxLength: 3 }),
    login: fc.constantFrom('root', 'deploy'),
    address: fc.constantFrom('10.1.1.1', '192.0.2.9', '2001:db8::1', 'nonsense'),
    groups: fc.subarray(['engineering', 'sre', 'compliance', 'marketing']),
    labels: fc.constantFrom({ env: 'prod' }, { env: 'staging', team: 'pay' }, {}),
    target: fc.constantFrom('web-1', 'db-1'),
  })
  .map(({ groups, labels, target, ...rest }) =>
    action({
      ...rest,
      principal: person('alice', groups),
      target: { ...web1, name: target, labels } as Action['target'],
    }),
  )

export const anyTime = fc.date({ min: new Date('2024-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
