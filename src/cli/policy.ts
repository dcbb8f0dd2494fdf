/** The `policy` commands: names, options and help. What they do comes from `main.ts`, like all commands. */
import { type Command, InvalidArgumentError } from 'commander'
import { type ActionKind, ASSURANCES, type Assurance } from '../core/action.ts'
import { parseDuration } from '../policy/pattern/duration.ts'
import { parseAddress } from '../policy/pattern/network.ts'
import type { Output } from './output.ts'

/** Which policy, people and targets are meant; each is looked for where nothing is said. */
export interface PolicyChoice {
  readonly config: string | undefined
  readonly policy: string | undefined
  readonly people: string | undefined
}

export interface ExplainOptions extends PolicyChoice {
  readonly as: string
  readonly on: string
  readonly groups: readonly string[] | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly login: string | undefined
  readonly kind: ActionKind | undefined
  readonly assurance: Assurance | undefined
  readonly at: Date | undefined
  readonly from: string | undefined
}

export interface PolicyCommands {
  /** Resolves to whether every test passed. */
  test(files: readonly string[], options: PolicyChoice & { readonly all: boolean }, output: Output): Promise<boolean>
  /** `text` undefined: a shell is opened. */
  explain(text: string | undefined, options: ExplainOptions, output: Output): Promise<void>
  /** Resolves to whether there is nothing to find. */
  lint(file: string | undefined, options: PolicyChoice, output: Output): Promise<boolean>
  backtest(options: PolicyChoice & { readonly sinceMs: number }, output: Output): Promise<void>
}

interface Wiring {
  readonly commands: PolicyCommands
  readonly output: () => Output
  readonly fail: () => void
}

const KINDS = ['exec', 'shell', 'step', 'line'] as const satisfies readonly ActionKind[]
const DAY_MS = 86_400_000
const LONGEST_MS = 3_650 * DAY_MS

const WHERE = `
The policy is that of --policy, else that of the configuration (-c, SALLYPORT_CONFIG or ./sallyport.yaml), else the
policies/default.yaml that comes with Sallyport, with the people and targets of the demo.`

export function addPolicyCommands(program: Command, { commands, output, fail }: Wiring): void {
  const policy = program.command('policy').description('try a policy before it is in force')
  const chosen = (command: Command) =>
    command
      .option('-c, --config <file>', 'the configuration whose policy and targets are meant')
      .option('--policy <file>', 'another policy file')

  chosen(policy.command('test [files...]').description('run the tests that stand beside a policy'))
    .option('--all', 'those in the folders below too, such as the examples')
    .addHelpText(
      'after',
      `${WHERE}
Without files, every *.test.yaml in the folder of the policy is run, each on the policy of its name; --policy runs all of
them on that one. Exit code: 0 every test passed · 1 one failed or could not be run · 2 wrong call.`,
    )
    .action(async (files: readonly string[], options) => {
      if (!(await commands.test(files, { ...options, all: options.all === true }, output()))) fail()
    })

  chosen(policy.command('explain [command]').description('say what a command would do, and why it gets its verdict'))
    .requiredOption('--as <name>', 'who asks')
    .requiredOption('--on <target>', 'where; login@target for an account')
    .option('--groups <names>', 'their groups at the identity provider, with commas between', asList)
    .option('--people <file>', 'who has which groups: a file with `people`, such as a *.test.yaml')
    .option('--label <name=value>', 'a label of the target; may be given more than once', addLabel)
    .option('--login <account>', 'the account on the target')
    .option('--kind <kind>', `how it arrives: ${KINDS.join(', ')}`, oneOf(KINDS))
    .option('--assurance <grade>', `how sure its text is: ${ASSURANCES.join(', ')}`, oneOf(ASSURANCES))
    .option('--at <time>', 'when, such as 2025-03-31T09:00Z; now when left out', asTime)
    .option('--from <address>', 'the client’s IP address', asAddress)
    .addHelpText(
      'after',
      `${WHERE}
Without a command, a shell is opened. Groups are looked for in --groups, in --people, in the *.test.yaml beside the
policy, and (without a configuration) among the people of the demo; targets in the configuration and the same files. A
target of which nothing is known needs --label. Exit code: 0 explained, whatever the verdict · 1 it could not be
· 2 wrong call. --json prints {verdict, rule, effects, commands: [{text, effects, objects}], …}.`,
    )
    .action((text: string | undefined, { label, ...options }) =>
      commands.explain(text, { ...options, labels: label ?? {} }, output()),
    )

  chosen(policy.command('lint [file]').description('find what a policy says and hardly means'))
    .option('--people <file>', 'also look for reviewers that no one can be, among these people')
    .addHelpText('after', `${WHERE}\nExit code: 0 nothing found · 1 found something, or no policy · 2 wrong call.`)
    .action(async (file: string | undefined, options) => {
      if (!(await commands.lint(file, options, output()))) fail()
    })

  chosen(policy.command('backtest').description('judge again what people really asked for, by a changed policy'))
    .option('--since <length>', 'how far back, such as 12h or 30d', asLength, 30 * DAY_MS)
    .addHelpText(
      'after',
      `
Reads the requests from the audit log of the configuration, which it needs. Exit code: 0 done, whatever changes · 1 it
could not be · 2 wrong call.`,
    )
    .action(({ since, ...options }) => commands.backtest({ ...options, sinceMs: since }, output()))
}

function asList(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function addLabel(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It is name=value, such as env=prod.')
  return { ...before, [name]: value }
}

function oneOf<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text)
    if (word === undefined) throw new InvalidArgumentError(`It is one of ${words.join(', ')}.`)
    return word
  }
}

function asTime(text: string): Date {
  const date = new Date(text)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('It looks like 2025-03-31T09:00Z or 2025-03-31T09:00+02:00.')
  return date
}

function asAddress(text: string): string {
  if (parseAddress(text) === undefined) throw new InvalidArgumentError('It is no IP address.')
  return text
}

function asLength(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || ms > LONGEST_MS)
    throw new InvalidArgumentError('It looks like 12h or 30d, ten years at most.')
  return ms
}
