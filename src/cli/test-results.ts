/** What `sallyport policy test` says: a table of every test, and for each that failed what was expected and why not. */
import { formatExplanation } from '../policy/explain.ts'
import type { PolicyTestResult } from '../policy/policy-test.ts'
import { visibleStart } from '../terminal/visible.ts'
import { inColumns } from './cells.ts'
import type { Paint } from './output.ts'

/** The tests of one file, or what kept them from running: lines for people, each with its place. */
export type FileOutcome =
  | {
      readonly kind: 'ran'
      readonly file: string
      readonly policy: string
      readonly results: readonly PolicyTestResult[]
    }
  | { readonly kind: 'broken'; readonly file: string; readonly policy: string; readonly problems: readonly string[] }

const LONGEST_COMMAND = 60

export function isPassed(result: PolicyTestResult): boolean {
  return result.differences.length === 0
}

export function testText(outcomes: readonly FileOutcome[], paint: Paint): string {
  const results = outcomes.flatMap((outcome) => (outcome.kind === 'ran' ? outcome.results : []))
  const failed = results.filter((result) => !isPassed(result)).length
  const broken = outcomes.filter(({ kind }) => kind === 'broken').length
  const sums = [
    `${results.length - failed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'file' : 'files'} could not be run`] : []),
  ]
  const end = paint(failed + broken > 0 ? 'red' : 'green', sums.join(', '))
  return [...outcomes.flatMap((outcome) => [...fileLines(outcome, paint), '']), end].join('\n')
}

export function testData(outcomes: readonly FileOutcome[]): unknown {
  const results = outcomes.flatMap((outcome) => (outcome.kind === 'ran' ? outcome.results : []))
  const failed = results.filter((result) => !isPassed(result)).length
  return {
    ok: failed === 0 && outcomes.every(({ kind }) => kind === 'ran'),
    passed: results.length - failed,
    failed,
    files: outcomes.map((outcome) =>
      outcome.kind === 'broken'
        ? { file: outcome.file, policy: outcome.policy, problems: outcome.problems }
        : {
            file: outcome.file,
            policy: outcome.policy,
            tests: outcome.results.map((result) => ({
              line: result.line,
              who: result.who,
              on: result.on,
              run: result.run ?? null,
              ok: isPassed(result),
              verdict: result.verdict.kind,
              rule: result.verdict.because.name,
              effects: result.effects,
              differences: result.differences,
            })),
          },
    ),
  }
}

function fileLines(outcome: FileOutcome, paint: Paint): readonly string[] {
  const title = paint('bold', `${outcome.file}  (tests ${outcome.policy})`)
  if (outcome.kind === 'broken') return [title, ...outcome.problems.map((problem) => paint('red', `  ${problem}`))]
  const { results } = outcome
  const rows = inColumns(
    results.map((result) => [
      isPassed(result) ? 'ok' : 'FAIL',
      String(result.line),
      `${result.who} on ${result.on}`,
      result.run === undefined ? '(a shell)' : visibleStart(result.run, LONGEST_COMMAND),
      result.verdict.kind,
      result.verdict.because.name,
    ]),
    '  ',
  )
  return [
    title,
    ...rows.flatMap((row, index) => {
      const result = results[index]!
      return isPassed(result) ? [row] : [paint('red', row), ...failureLines(result)]
    }),
  ]
}

function failureLines(result: PolicyTestResult): readonly string[] {
  return [
    `      ${result.file}:${result.line}`,
    ...result.differences.map(({ what, expected, actual }) => `      ${what}: expected ${expected}, got ${actual}`),
    ...formatExplanation(result.explanation)
      .split('\n')
      .map((line) => `        ${line}`),
  ]
}
