import { afterAll, describe, expect, it } from 'vitest'
import { folderOf, sallyport } from './sallyport.ts'

const POLICY = `version: 1
roles:
  dev: { groups: [developers] }
  idle: { groups: [nobody] }
rules:
  - name: all
    who: [dev]
    then: allow
  - name: dead
    who: [dev]
    then: { hold: { reviewers: [dev] } }
`
const TESTS = `people:
  zoe: { groups: [developers] }
targets:
  app-1: {}
tests:
  - { who: zoe, on: app-1, run: ls, expect: allow, rule: all, effects: [read] }
`
const FAILING = `${TESTS}  - { who: zoe, on: app-1, run: "rm\\e[2J x", expect: hold, effects: [read] }\n`

const files = folderOf({
  'good/p.yaml': POLICY,
  'good/p.test.yaml': TESTS,
  'good/below/q.yaml': POLICY,
  'good/below/q.test.yaml': TESTS,
  'bad/p.yaml': POLICY,
  'bad/p.test.yaml': FAILING,
  'broken/p.yaml': POLICY.replace('who: [dev]', 'who: [devs]'),
  'broken/p.test.yaml': TESTS,
  'broken/r.yaml': POLICY,
  'broken/r.test.yaml': TESTS.replace('expect: allow', 'expekt: allow'),
  'broken/lonely.test.yaml': TESTS,
  'empty/p.yaml': POLICY,
  'people.yaml': 'people:\n  zoe: { groups: [developers] }\n',
  'sre.yaml': 'people:\n  bob: { groups: [sre] }\n',
})
afterAll(() => files.remove())
const at = (name: string) => `${files.path}/${name}`
const within = (folder: string) => ({ cwd: at(folder) })

describe('sallyport policy test', () => {
  it('runs the tests beside the policy that we ship', () => {
    const { status, stdout, stderr } = sallyport(['policy', 'test'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('policies/default.test.yaml  (tests policies/default.yaml)')
    expect(stdout).toMatch(/ok +\d+ +alice on web-1 +rm -rf \/srv\/old +hold +ask before change/)
    expect(stdout).toMatch(/\n\d+ passed\n$/)
  })

  it('runs the examples too with --all', () => {
    const data = JSON.parse(sallyport(['policy', 'test', '--all', '--json']).stdout)
    expect(data).toMatchObject({ ok: true, failed: 0 })
    expect(data.files).toHaveLength(6)
  })

  it('tells of a failure what was expected, what came and why, and exits with 1', () => {
    const { status, stdout } = sallyport(['policy', 'test', at('bad/p.test.yaml')])
    expect(status).toBe(1)
    expect(stdout).toMatch(/FAIL +7 +zoe on app-1/)
    expect(stdout).toContain('verdict: expected hold, got allow')
    expect(stdout).toContain('p.yaml:6 all → allow: matches')
    expect(stdout).toContain('1 passed, 1 failed')
    expect(stdout).not.toContain('\u001b')
    const data = JSON.parse(sallyport(['policy', 'test', at('bad/p.test.yaml'), '--json']).stdout)
    expect(data).toMatchObject({ ok: false, passed: 1, failed: 1 })
    expect(data.files[0].tests[1].differences[0]).toEqual({ what: 'verdict', expected: 'hold', actual: 'allow' })
  })

  it('takes the policy’s file for its tests, and other tests for a policy', () => {
    expect(sallyport(['policy', 'test', at('good/p.yaml')]).status).toBe(0)
    expect(sallyport(['policy', 'test', '--policy', at('good/p.yaml'), at('bad/p.test.yaml')]).status).toBe(1)
    expect(sallyport(['policy', 'test', '--policy', at('good/p.yaml')]).stdout).toContain('1 passed')
  })

  it('tells every broken file with its place, and exits with 1', () => {
    const run = sallyport(['policy', 'test', 'p.test.yaml', 'r.test.yaml', 'lonely.test.yaml'], within('broken'))
    expect(run.status).toBe(1)
    expect(run.stdout).toContain('p.yaml:7:')
    expect(run.stdout).toContain('(did you mean “dev”?)')
    expect(run.stdout).toContain('r.test.yaml:6:')
    expect(run.stdout).toContain('lonely.yaml cannot be read')
    expect(run.stdout).toContain('0 passed, 3 files could not be run')
  })

  it('does not call it a success when there are no tests', () => {
    const run = sallyport(['policy', 'test', '--all', '--policy', at('empty/p.yaml')])
    expect(run).toMatchObject({ status: 1, stdout: '' })
    expect(run.stderr).toContain('There is no *.test.yaml')
    expect(sallyport(['policy', 'test', '--frobnicate']).status).toBe(2)
  })
})

describe('sallyport policy lint', () => {
  it('finds nothing in the policy that we ship', () => {
    expect(sallyport(['policy', 'lint'])).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing found') })
  })

  it('tells its findings with their lines and exits with 1', () => {
    const run = sallyport(['policy', 'lint', 'p.yaml'], within('good'))
    expect(run.status).toBe(1)
    expect(run.stdout).toContain('p.yaml:9: “dead” can never match')
    expect(run.stdout).toContain('[unused-role]')
    const data = JSON.parse(sallyport(['policy', 'lint', 'p.yaml', '--json'], within('good')).stdout)
    expect(data.findings.map(({ kind }: { kind: string }) => kind).toSorted()).toEqual(['never-matches', 'unused-role'])
  })

  it('looks at the reviewers where it is told who there is', () => {
    const run = sallyport(['policy', 'lint', 'p.yaml', '--people', at('people.yaml')], within('good'))
    expect(run.stdout).toContain('zoe is the only dev')
    expect(run.stdout).toContain('[only-reviewer]')
    // Nobody else is there: the demo's people would hide that bob is alone.
    const shipped = sallyport(['policy', 'lint', '--people', at('sre.yaml')])
    expect(shipped).toMatchObject({ status: 1, stdout: expect.stringContaining('bob is the only sre') })
  })

  it('refuses a broken policy', () => {
    const run = sallyport(['policy', 'lint', 'p.yaml', '--json'], within('broken'))
    expect(run).toMatchObject({ status: 1, stdout: '' })
    expect(run.stderr).toContain('p.yaml:7:')
  })
})
