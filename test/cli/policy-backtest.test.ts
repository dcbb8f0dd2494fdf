/** Requests are put on record by the desk itself, in a real database, and judged again by the real program. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Desk } from '../../src/approval/desk.ts'
import type { Action } from '../../src/core/action.ts'
import type { Clock } from '../../src/core/clock.ts'
import { newActionId, newConnectionId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import type { SessionRecord } from '../../src/core/session.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { ofStartFileStep } from '../../src/shell/step.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { fixtures } from '../contract/fixtures.ts'
import { policyOf } from '../policy/parts.ts'
import { folderOf, sallyport } from './sallyport.ts'

const OLD = `version: 1
roles:
  dev: { groups: [developers] }
  sre: { groups: [sre] }
rules:
  - { name: shells, who: [dev], when: { kind: [shell] }, then: allow }
  - { name: looking, who: [dev], when: { effects: { only: [read] } }, then: allow }
  - { name: changing, who: [dev], then: { hold: { reviewers: [sre] } } }
`
/** Writing is free now, and what destroys is for two roles. */
const NEW = OLD.replace('[read]', '[read, write]')
  .replace('[sre] } } }\n', '[sre, dba] } } }\n')
  .replace('rules:', '  dba: { groups: [dba] }\nrules:')
const CONFIG = `identity: { issuer: "https://id.example.com", client-id: x }
state: state
policy: old.yaml
targets:
  web-1: { host: 192.0.2.1, logins: [deploy], labels: { env: prod }, credential: c }
`
const DAY_MS = 86_400_000

const files = folderOf({ 'sallyport.yaml': CONFIG, 'old.yaml': OLD, 'new.yaml': NEW, 'broken.yaml': 'version: 2\n' })
const analyse = createAnalyser(defaultCatalogue())
const policy = policyOf(OLD)
const backtest = (...args: readonly string[]) => sallyport(['policy', 'backtest', ...args], { cwd: files.path })

let now = new Date()
const clock: Clock = { now: () => now, after: () => () => {} }
const make = fixtures(clock)
const alice = { ...make.person('alice'), name: 'al\u001b[2Jice', groups: ['developers'] }

/** Records requests of one session, `daysAgo` days ago. */
async function record(
  store: Store,
  session: { readonly kind: SessionRecord['kind']; readonly target?: string; readonly daysAgo: number },
  requests: readonly Partial<Action>[],
): Promise<void> {
  now = new Date(Date.now() - session.daysAgo * DAY_MS)
  const base = make.action({ principal: alice })
  await store.sessions.insert({
    id: base.session,
    connection: newConnectionId(),
    principal: alice,
    target: session.target ?? 'web-1',
    login: 'deploy',
    address: '192.0.2.7',
    clientVersion: 'OpenSSH_9.9',
    kind: session.kind,
    command: undefined,
    startedAt: now,
    endedAt: undefined,
    exitStatus: undefined,
    endReason: undefined,
  })
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const desk = new Desk({ store, clock, log, rolesOf: () => [], policyDigest: () => '' })
  for (const request of requests) {
    const action = {
      ...base,
      id: newActionId(),
      target: { ...base.target, name: session.target ?? 'web-1' },
      ...analyse(request.text ?? ''),
      ...request,
    }
    await desk.submit(action, evaluate(policy, action, { now }), [])
  }
}

beforeAll(async () => {
  mkdirSync(join(files.path, 'state'))
  const store = await openSqliteStore({ file: join(files.path, 'state/sallyport.db') })
  const exec = { kind: 'exec', assurance: 'exact' } as const
  const step = { kind: 'step', assurance: 'stepped' } as const
  const nothing = { commands: [], effects: [], objects: [] } as const
  await record(store, { kind: 'exec', daysAgo: 60 }, [{ ...exec, text: 'rm too-old' }])
  await record(store, { kind: 'exec', daysAgo: 10 }, [
    { ...exec, text: 'touch a' },
    { ...exec, text: 'touch a' },
    { ...exec, text: 'rm \u001b[31mx\u202e' },
    { ...exec, text: 'uptime' },
  ])
  await record(store, { kind: 'shell', daysAgo: 5 }, [
    { kind: 'shell', assurance: 'exact', text: 'login shell', ...nothing },
    // As the gate reads a step of the person's own start files: by itself it would be opaque.
    { ...step, text: '. /etc/bashrc', ...ofStartFileStep(analyse('. /etc/bashrc')) },
    { ...step, text: 'ls' },
  ])
  await record(store, { kind: 'exec', target: 'gone-1', daysAgo: 2 }, [{ ...exec, text: 'ls' }])
  await store.close()
})
afterAll(() => files.remove())

describe('sallyport policy backtest', () => {
  it('changes nothing under the policy that gave the answers', () => {
    const data = JSON.parse(backtest('--json').stdout)
    expect(data).toMatchObject({
      judged: 7,
      changes: [],
      leftOut: { 'their target is no longer in the configuration': 1 },
      holds: { before: { holds: 3, byRole: { sre: { holds: 3 } } }, after: { holds: 3 } },
    })
    expect(data.days).toBeCloseTo(10, 1)
    expect(data.holds.before.perDay).toBeCloseTo(0.3, 1)
  })

  it('tells what a changed policy would answer otherwise, and what that means for reviewers', () => {
    const { changes, holds } = JSON.parse(backtest('--policy', 'new.yaml', '--json').stdout)
    expect(changes).toMatchObject([
      {
        text: 'touch a',
        count: 2,
        before: { kind: 'hold', rule: 'changing' },
        after: { kind: 'allow', rule: 'looking' },
      },
      { count: 1, before: { kind: 'hold', reviewers: ['sre'] }, after: { kind: 'hold', reviewers: ['sre', 'dba'] } },
    ])
    expect(holds.after).toMatchObject({ holds: 1, byRole: { sre: { holds: 1 }, dba: { holds: 1 } } })
  })

  it('prints it for people, and nothing of what was recorded reaches their terminal', () => {
    const { status, stdout, stderr } = backtest('--policy', 'new.yaml')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/held +before +after +a day before +a day after\nin all +3 +1 +0\.3 +0\.1/)
    expect(stdout).toContain('hold (sre) → allow  2×  web-1  touch a')
    expect(stdout).toContain('rm ␛[31mx⟨202e⟩')
    expect(stdout).toContain('al␛[2Jice')
    expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(stdout)).toBe(false)
  })

  it('looks as far back as it is told', () => {
    expect(JSON.parse(backtest('--since', '7d', '--json').stdout).judged).toBe(3)
    expect(JSON.parse(backtest('--since', '90d', '--json').stdout).judged).toBe(8)
  })

  it.each([
    [['--since', 'yesterday'], 2, '12h or 30d'],
    [['--policy', 'broken.yaml'], 1, 'broken.yaml:1:'],
    [['-c', 'nowhere.yaml'], 1, 'nowhere.yaml:0:0'],
  ] as const)('refuses %j with exit code %i', (args, status, sentence) => {
    const run = backtest(...args)
    expect(run).toMatchObject({ status, stdout: '' })
    expect(run.stderr).toContain(sentence)
  })

  it('makes no database where there is none', () => {
    const empty = folderOf({})
    const run = sallyport(['policy', 'backtest'], { cwd: empty.path })
    expect(run).toMatchObject({ status: 1, stdout: '' })
    expect(run.stderr).toContain('There are no recorded requests')
    empty.remove()
  })
})
