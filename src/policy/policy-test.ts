/**
 * Tests of a policy as a table: who runs what where, and the verdict it is meant to get. They judge exactly as the
 * bastion would, with the analysis of shell text handed in.
 */
import type { Action, ActionKind, Analysis, Assurance, Effect } from '../core/action.ts'
import type { ActionId, SessionId } from '../core/ids.ts'
import type { Verdict } from '../core/verdict.ts'
import { type Explanation, explain } from './explain.ts'
import { type TestCase, type TestFile, testFile } from './language/test-file.ts'
import { checkTestNames } from './names.ts'
import { principalNamed, targetNamed } from './people.ts'
import type { Policy } from './rule.ts'
import { readFile } from './shape/document.ts'
import type { Problem } from './shape/problem.ts'

export interface PolicyTestSource {
  readonly text: string
  readonly file: string
  readonly analyse: (text: string) => Analysis
}

export type PolicyTestRun =
  | { readonly kind: 'ran'; readonly results: readonly PolicyTestResult[] }
  | { readonly kind: 'broken'; readonly problems: readonly Problem[] }

export interface PolicyTestResult {
  readonly file: string
  readonly line: number
  readonly who: string
  readonly on: string
  /** Undefined: a shell is opened. */
  readonly run: string | undefined
  readonly verdict: Verdict
  readonly effects: readonly Effect[]
  /** Empty when the test passed. */
  readonly differences: readonly Difference[]
  readonly explanation: Explanation
}

export interface Difference {
  readonly what: 'verdict' | 'rule' | 'effects'
  readonly expected: string
  readonly actual: string
}

/** A Wednesday at noon: where a test does not say when, it is not about the time. */
const USUAL_TIME = new Date('2025-01-15T12:00:00Z')
/** Of the addresses for documentation (RFC 5737). */
export const USUAL_ADDRESS = '192.0.2.1'
const NOTHING: Analysis = { commands: [], effects: [], objects: [] }

/** Never throws for what stands in the files. */
export function runPolicyTests(policy: Policy, source: PolicyTestSource): PolicyTestRun {
  const read = readFile(source, testFile, checkTestNames)
  if (read.kind === 'broken') return read
  return {
    kind: 'ran',
    results: read.value.tests.map((test) => runTest(policy, test, { ...source, tables: read.value })),
  }
}

function runTest(
  policy: Policy,
  test: TestCase,
  source: PolicyTestSource & { readonly tables: TestFile },
): PolicyTestResult {
  const action = actionOf(test, source)
  const explanation = explain(policy, action, { now: test.at ?? USUAL_TIME })
  const { verdict } = explanation
  const { file } = source
  const { line, who, on, run } = test
  return {
    file,
    line,
    who,
    on,
    run,
    verdict,
    effects: action.effects,
    differences: differences(test, verdict, action.effects),
    explanation,
  }
}

function differences(test: TestCase, verdict: Verdict, effects: readonly Effect[]): readonly Difference[] {
  const expectedEffects = test.effects?.filter((effect) => effect !== 'none')
  const compared: readonly Difference[] = [
    { what: 'verdict', expected: test.expect, actual: verdict.kind },
    { what: 'rule', expected: test.rule ?? verdict.because.name, actual: verdict.because.name },
    { what: 'effects', expected: listed(expectedEffects ?? effects), actual: listed(effects) },
  ]
  return compared.filter(({ expected, actual }) => expected !== actual)
}

function listed(effects: readonly string[]): string {
  return effects.toSorted().join(', ') || 'none'
}

function actionOf(test: TestCase, { tables, analyse }: PolicyTestSource & { readonly tables: TestFile }): Action {
  const kind: ActionKind = test.run === undefined ? 'shell' : (test.kind ?? 'exec')
  const at = test.on.lastIndexOf('@')
  const name = test.on.slice(at + 1)
  const target = targetNamed(name, tables.targets.get(name))
  return {
    id: 'test' as ActionId,
    session: 'test' as SessionId,
    kind,
    text: test.run ?? 'login shell',
    assurance: test.assurance ?? usualAssurance(kind),
    interactive: test.interactive ?? kind !== 'exec',
    ...(test.run === undefined ? NOTHING : analyse(test.run)),
    principal: principalNamed(test.who, tables.people.get(test.who)?.groups ?? []),
    target,
    login: at < 0 ? target.login : test.on.slice(0, at),
    address: test.from ?? USUAL_ADDRESS,
  }
}

/** How sure a text of this kind is where nothing else is said. */
export function usualAssurance(kind: ActionKind): Assurance {
  if (kind === 'step') return 'stepped'
  return kind === 'line' ? 'inferred' : 'exact'
}
