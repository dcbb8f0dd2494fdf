/** What `sallyport policy test`, `explain`, `lint` and `backtest` do. They judge by the very functions a bastion uses. */
import { globSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isSamePerson } from './approval/reviewers.ts'
import { backtestData, backtestText } from './cli/backtest-report.ts'
import { explanationData, explanationText } from './cli/explanation.ts'
import type { ExplainOptions, PolicyCommands } from './cli/policy.ts'
import { type FileOutcome, isPassed, testData, testText } from './cli/test-results.ts'
import type { Action, ActionKind, Analysis } from './core/action.ts'
import { BastionError } from './core/errors.ts'
import { newActionId, newSessionId } from './core/ids.ts'
import type { Principal } from './core/principal.ts'
import type { Target } from './core/target.ts'
import { explain } from './policy/explain.ts'
import { lint } from './policy/lint.ts'
import { principalNamed, targetNamed } from './policy/people.ts'
import { formatProblem, type Policy, rolesOf } from './policy/policy.ts'
import { runPolicyTests, USUAL_ADDRESS, usualAssurance } from './policy/policy-test.ts'
import { runBacktest } from './policy-backtest.ts'
import {
  type Analyse,
  analyserOf,
  type Known,
  loadPeople,
  loadPolicy,
  readText,
  shownName,
  surroundings,
  testFileOf,
  whoAndWhat,
} from './policy-surroundings.ts'
import { forbiddenInGate } from './session/stepped/invariants.ts'
import { parseable } from './session/stepped/step-text.ts'
import { betweenSteps } from './shell/between-steps.ts'

const SHELL: Analysis = { commands: [], effects: [], objects: [] }
const TEST_FILE = /\.test(\.ya?ml)$/

export const policyCommands: PolicyCommands = {
  async test(files, options, output) {
    const analyse = await analyserOf(surroundings(options))
    const outcomes: FileOutcome[] = []
    for (const file of testFiles(files, options)) {
      const policyFile = options.policy ?? file.replace(TEST_FILE, '$1')
      outcomes.push(await runFile(file, policyFile, analyse))
    }
    output.print(testText(outcomes, output.paint), testData(outcomes))
    return outcomes.every((outcome) => outcome.kind === 'ran' && outcome.results.every(isPassed))
  },

  async explain(text, options, output) {
    const around = surroundings(options)
    const policy = await loadPolicy(around.policyFile)
    const known = await whoAndWhat(around, options.people)
    const action = asAction(text, options, known, await analyserOf(around))
    const explanation = explain(policy, action, { now: options.at ?? new Date() })
    const { verdict } = explanation
    const judged = {
      action,
      explanation,
      approvers: verdict.kind === 'hold' ? approversOf(policy, verdict.quorum.reviewers, action, known) : undefined,
      invariant: action.kind === 'step' ? forbiddenInGate(action.text, action.commands) : undefined,
    }
    output.print(explanationText(judged, output), explanationData(judged))
  },

  async lint(file, options, output) {
    const around = surroundings({ ...options, policy: file ?? options.policy })
    const policy = await loadPolicy(around.policyFile)
    const people = options.people === undefined ? undefined : (await loadPeople(options.people)).people
    const findings = lint(policy, people === undefined ? {} : { people })
    const lines = findings.map(
      ({ file: name, line, kind, message }) => `${line === 0 ? name : `${name}:${line}`}: ${message} [${kind}]`,
    )
    const silence = people === undefined ? ' Reviewers were not looked at; --people tells who there is.' : ''
    output.print(lines.join('\n') || `${policy.file}: nothing found.${silence}`, {
      ok: findings.length === 0,
      file: policy.file,
      findings,
    })
    return findings.length === 0
  },

  async backtest(options, output) {
    const around = surroundings(options)
    const policy = await loadPolicy(around.policyFile)
    const { targets } = await whoAndWhat(around, options.people)
    const report = await runBacktest(policy, { config: around.config, targets, sinceMs: options.sinceMs })
    output.print(backtestText(report, output.paint), backtestData(report))
  },
}

/** Returns the test files that are meant; that there are none is an error, or a test that is lost would go unnoticed. */
function testFiles(files: readonly string[], options: Parameters<PolicyCommands['test']>[1]): readonly string[] {
  if (files.length > 0) return files.map((file) => (TEST_FILE.test(file) ? file : testFileOf(file)))
  // The tests of a policy that is named are its own; it may lie among files that are none of Sallyport's.
  if (options.policy !== undefined && !options.all) return [testFileOf(options.policy)]
  const folder = dirname(surroundings(options).policyFile)
  const found = globSync(options.all ? '**/*.test.{yaml,yml}' : '*.test.{yaml,yml}', { cwd: folder })
    .toSorted((one, other) => one.split('/').length - other.split('/').length || one.localeCompare(other))
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
  if (found.length > 0) return found
  throw new BastionError('not-found', `There is no *.test.yaml in ${shownName(folder) || '.'}. Name the files to run.`)
}

async function runFile(file: string, policyFile: string, analyse: (text: string) => Analysis): Promise<FileOutcome> {
  const names = { file: shownName(file), policy: shownName(policyFile) }
  try {
    const policy = await loadPolicy(policyFile)
    const run = runPolicyTests(policy, { text: await readText(file, 'The test file'), file: names.file, analyse })
    return run.kind === 'ran' ? { ...run, ...names } : { ...run, ...names, problems: run.problems.map(formatProblem) }
  } catch (error) {
    if (!(error instanceof BastionError)) throw error
    return { kind: 'broken', ...names, problems: error.message.split('\n') }
  }
}

function asAction(text: string | undefined, options: ExplainOptions, known: Known, analyse: Analyse): Action {
  const kind: ActionKind = options.kind ?? (text === undefined ? 'shell' : 'exec')
  if (kind === 'shell' && text !== undefined)
    throw new BastionError(
      'invalid',
      'Opening a shell runs no command: leave the command out, or use --kind step for one that is typed in a shell.',
    )
  if (kind !== 'shell' && text === undefined)
    throw new BastionError('invalid', `There is no command to explain as ${kind}.`)
  const principal = whoOf(options, known)
  const { target, login } = whereOf(options, known)
  return {
    id: newActionId(),
    session: newSessionId(),
    kind,
    text: text ?? 'login shell',
    assurance: options.assurance ?? usualAssurance(kind),
    interactive: kind !== 'exec',
    ...(text === undefined ? SHELL : analysisOf(text, kind, analyse)),
    principal,
    target,
    login,
    address: options.from ?? USUAL_ADDRESS,
  }
}

/** A step may be the head of a loop alone, as bash reports it. */
function analysisOf(text: string, kind: ActionKind, analyse: Analyse): Analysis {
  const isHead = kind === 'step' && betweenSteps(text, analyse).kind === 'incomplete'
  return analyse(isHead ? parseable(text) : text)
}

function whoOf({ as, groups }: ExplainOptions, { people, unreadable }: Known): Principal {
  const person = groups === undefined ? people.find(({ name }) => name === as) : principalNamed(as, groups)
  if (person !== undefined) return person
  const hint = unreadable === undefined ? '' : ` (${unreadable} has mistakes; \`sallyport policy test\` tells them.)`
  throw new BastionError(
    'not-found',
    `Nobody here is called ${as}: say their --groups, or who there is with --people. Known: ${names(people)}.${hint}`,
  )
}

function whereOf(
  { on, login: account, labels }: ExplainOptions,
  { targets }: Known,
): { readonly target: Target; readonly login: string } {
  const at = on.lastIndexOf('@')
  const name = on.slice(at + 1)
  const wanted = account ?? (at < 0 ? undefined : on.slice(0, at))
  const found = targets.find((candidate) => candidate.name === name)
  if (found === undefined && Object.keys(labels).length === 0)
    throw new BastionError(
      'not-found',
      `There is no target ${name}; for one that does not exist yet say its labels, such as --label env=prod. Known: ${names(targets)}.`,
    )
  if (found !== undefined && wanted !== undefined && !found.logins.includes(wanted))
    throw new BastionError(
      'invalid',
      `The account ${wanted} is not offered on ${name}; it offers ${found.logins.join(', ')}.`,
    )
  const target = found ?? targetNamed(name, { labels: undefined, logins: wanted === undefined ? undefined : [wanted] })
  return { target: { ...target, labels: { ...target.labels, ...labels } }, login: wanted ?? target.login }
}

function approversOf(
  policy: Policy,
  reviewers: readonly string[],
  action: Action,
  { people }: Known,
): readonly string[] | undefined {
  if (people.length === 0) return undefined
  return people
    .filter((person) => !isSamePerson(person, action.principal))
    .filter((person) => rolesOf(policy, person).some((role) => reviewers.includes(role)))
    .map(({ name }) => name)
}

function names(things: readonly { readonly name: string }[]): string {
  return things.map(({ name }) => name).join(', ') || 'none'
}
