/**
 * The policy as the web shows it: what the file says, what a text would mean, what its tests say to it, and what it would
 * have answered to what people really asked for. All by the functions that `sallyport policy …` uses.
 */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Proposals } from './approval/proposals.ts'
import type { Backtested } from './cli/backtest-report.ts'
import type { Clock } from './core/clock.ts'
import { BastionError } from './core/errors.ts'
import type { Store } from './core/ports.ts'
import type { Principal } from './core/principal.ts'
import type { Proposal } from './core/proposal.ts'
import type { Target } from './core/target.ts'
import type { LivePolicy } from './live-policy.ts'
import { policySchema } from './policy/json-schema.ts'
import { lint } from './policy/lint.ts'
import { type Policy, parsePolicy } from './policy/policy.ts'
import { type PolicyTestResult, runPolicyTests } from './policy/policy-test.ts'
import { backtestOver } from './policy-backtest.ts'
import { CHANGED_ON_DISK, digestOf, type PolicyChanges } from './policy-changes.ts'
import { type Analyse, readText, testFileOf } from './policy-surroundings.ts'
import type { CheckedPolicy, PolicyServices, PolicyTests, ShownPolicy } from './web/administration.ts'

export interface PolicyDeskParts {
  readonly file: string
  readonly live: LivePolicy
  readonly changes: PolicyChanges
  readonly proposals: Proposals
  readonly store: Pick<Store, 'audit' | 'sessions'>
  readonly clock: Clock
  readonly targets: readonly Target[]
  readonly analyse: Analyse
}

/** A policy's tests are many when they are a thousand. */
const MOST_TESTS_SHOWN = 200
const MOST_EVENTS = 5000
const DAY_MS = 86_400_000

export class PolicyDesk implements PolicyServices {
  readonly #parts: PolicyDeskParts
  #isBacktesting = false

  constructor(parts: PolicyDeskParts) {
    this.#parts = parts
  }

  async read(): Promise<ShownPolicy> {
    const { changes, live } = this.#parts
    const text = await changes.read()
    const inForce = live.current
    return {
      text,
      file: inForce.file,
      digest: digestOf(text),
      inForce: inForce.digest,
      stepUp: inForce.changes.stepUp,
      rules: inForce.rules.map(({ name, line, then }) => ({ name, line, answer: then.kind })),
    }
  }

  schema(): unknown {
    return policySchema()
  }

  async check(text: string): Promise<CheckedPolicy> {
    const { file } = this.#parts.live.current
    const parsed = parsePolicy({ text, file })
    if (parsed.kind === 'broken') {
      return {
        problems: parsed.problems.map(({ line, column, message, suggestion }) => ({
          ...{ line, column },
          message: suggestion === undefined ? message : `${message} (did you mean “${suggestion}”?)`,
        })),
        findings: [],
        tests: undefined,
      }
    }
    const findings = lint(parsed.policy).map(({ line, message }) => ({ line, message }))
    return { problems: [], findings, tests: await this.#tests(parsed.policy) }
  }

  /** One at a time, whoever asks: it reads thousands of events. */
  async backtest(text: string, days: number): Promise<Backtested> {
    const { live, store, targets, analyse, clock } = this.#parts
    const policy = usable(text, live.current.file)
    if (this.#isBacktesting) throw new BastionError('too-many', 'Another backtest runs; try again in a moment.')
    this.#isBacktesting = true
    try {
      const asked = { targets, analyse, to: clock.now(), sinceMs: days * DAY_MS, most: MOST_EVENTS }
      return await backtestOver(store, policy, asked)
    } finally {
      this.#isBacktesting = false
    }
  }

  async propose(
    by: Principal,
    { text, base, reason }: { readonly text: string; readonly base: string; readonly reason: string },
  ): Promise<Proposal> {
    const { changes, live, proposals } = this.#parts
    const { file } = live.current
    usable(text, file)
    const before = await changes.read()
    // What whoever approves is shown as the text before has to be the one that was changed.
    if (digestOf(before) !== base) throw new BastionError('conflict', CHANGED_ON_DISK)
    const digest = digestOf(text)
    if (digest === base) throw new BastionError('invalid', 'Nothing would change: the file says this already.')
    return proposals.propose({ kind: 'policy', file, base, before, text, digest }, by, { reason })
  }

  async #tests(policy: Policy): Promise<PolicyTests | undefined> {
    const { file, analyse } = this.#parts
    const testFile = testFileOf(file)
    if (!existsSync(testFile)) return undefined
    const name = basename(testFile)
    const run = runPolicyTests(policy, { text: await readText(testFile, 'The test file'), file: name, analyse })
    if (run.kind === 'broken')
      return {
        file: name,
        passed: 0,
        failed: [],
        problems: run.problems.map(({ line, message }) => ({ line, message })),
      }
    const failed = run.results.filter(({ differences }) => differences.length > 0)
    return {
      file: name,
      passed: run.results.length - failed.length,
      failed: failed.slice(0, MOST_TESTS_SHOWN).map(failedTest),
      problems: [],
    }
  }
}

function failedTest({ line, who, on, run, differences, verdict }: PolicyTestResult): PolicyTests['failed'][number] {
  return { line, who, on, run: run ?? null, rule: verdict.because.name, differences }
}

function usable(text: string, file: string): Policy {
  const parsed = parsePolicy({ text, file })
  if (parsed.kind === 'ok') return parsed.policy
  const first = parsed.problems[0]!
  throw new BastionError('invalid', `The policy has mistakes, the first in line ${first.line}: ${first.message}`)
}
