import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lint } from '../../src/policy/lint.ts'
import { runPolicyTests } from '../../src/policy/policy-test.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { Masker } from '../../src/terminal/mask.ts'
import { policyOf } from './parts.ts'

const analyse = createAnalyser(defaultCatalogue())
const folder = new URL('../../policies/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const policies = [
  'default.yaml',
  ...readdirSync(new URL('examples/', folder))
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .map((name) => `examples/${name}`),
]

describe('the policies that we ship', () => {
  it('are a default and five examples', () => {
    expect(policies.toSorted()).toEqual([
      'default.yaml',
      'examples/agents-only.yaml',
      'examples/bank.yaml',
      'examples/break-glass.yaml',
      'examples/hospital.yaml',
      'examples/startup.yaml',
    ])
  })

  describe.each(policies)('%s', (name) => {
    it('is without problems and without findings', () => {
      expect(lint(policyOf(read(name)))).toEqual([])
    })

    it('names its schema for editors', () => {
      expect(read(name)).toMatch(/^# yaml-language-server: \$schema=(\.\.?\/)+policy\.schema\.json\n/)
    })

    it('answers what its tests say', () => {
      const file = name.replace('.yaml', '.test.yaml')
      const run = runPolicyTests(policyOf(read(name)), { text: read(file), file, analyse })
      if (run.kind === 'broken') expect.fail(run.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
      const failures = run.results.filter(({ differences }) => differences.length > 0)
      expect(failures.map(({ line, run, differences }) => ({ line, run, differences }))).toEqual([])
      // Every rule of it was the answer to something.
      const answered = new Set(run.results.map(({ verdict }) => verdict.because.name))
      expect(
        policyOf(read(name))
          .rules.map((rule) => rule.name)
          .filter((rule) => !answered.has(rule)),
      ).toEqual([])
    })
  })
})

describe.each([
  [
    'bank',
    'paid 4111 1111 1111 1111 from DE89 3704 0044 0532 0130 00.',
    'paid •••••••••••••••1111 from •••••••••••••••••••••••0 00.',
  ],
  ['hospital', 'Huber, 1234 010180, huber@example.org', 'Huber, •••••••••••, •••••••••••••••••'],
])('the example of a %s', (name, output, shown) => {
  const { rules } = policyOf(read(`examples/${name}.yaml`))
  // What can only be asked inside a session is under the masks of the rule that opened that.
  const opening = rules.filter(
    ({ when, then }) => then.kind !== 'deny' && (when.assurance === undefined || when.assurance.includes('exact')),
  )

  it.each(opening.map((rule) => [rule.name, rule] as const))('masks what it is about: %s', (_name, { session }) => {
    const masker = new Masker(session?.masks ?? [])
    const parts = [masker.write(Buffer.from(output)), masker.rest()]
    expect(Buffer.concat(parts).toString()).toBe(shown)
  })
})

describe('the manual of the language', () => {
  it('shows a policy that can be used, and tests that it passes', () => {
    const shown = Array.from(read('README.md').matchAll(/```yaml\n(.*?)```/gs), (found) => found[1] ?? '')
    const policy = shown.find((text) => text.includes('rules:'))
    const tests = shown.find((text) => text.includes('tests:'))
    const run = runPolicyTests(policyOf(policy ?? ''), { text: tests ?? '', file: 'README.md', analyse })
    expect(run).toMatchObject({ kind: 'ran', results: [{ differences: [] }, { differences: [] }, { differences: [] }] })
    const session = shown.find((text) => text.startsWith('session:')) ?? ''
    const rule = `  - name: r\n    who: everyone\n    then: allow\n${session.replace(/^/gm, '    ')}`
    const { masks } = policyOf(`version: 1\nroles: { a: { groups: [a] } }\nrules:\n${rule}`).rules[0]?.session ?? {}
    expect(masks?.map(({ name, keep }) => `${name} ${keep}`)).toEqual(['iban 0', 'card-number 4', 'ticket 0'])
  })
})
