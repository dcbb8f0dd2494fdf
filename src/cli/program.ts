/**
 * The command line (commander's one home): names, options and help. What a command does comes from `main.ts` as a
 * function, so that nothing here knows the bastion. Every command takes `--json`, for programs.
 *
 * Exit codes: 0 done · 1 it failed, stderr says why · 2 the words of the call are wrong · 77 refused: not allowed.
 */
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { BastionError, type ErrorCode, messageFor } from '../core/errors.ts'
import { type AuditExport, addAuditExport } from './audit-export.ts'
import { addAuditCommands, addRecordingsVerify, type EvidenceCommands } from './evidence.ts'
import { addOperations, type OperationCommands } from './operations.ts'
import { type Output, openOutput } from './output.ts'
import { addPolicyCommands, type PolicyCommands } from './policy.ts'
import { addPlaying, addRecordingsExport, type RecordingCommands } from './recordings.ts'

export type { Output } from './output.ts'

export interface Commands {
  readonly policy: PolicyCommands
  readonly evidence: EvidenceCommands
  readonly recordings: RecordingCommands
  readonly operations: OperationCommands
  readonly auditExport: AuditExport
  serve(options: { readonly config: string }): Promise<void>
  demo(): Promise<void>
  check(options: { readonly config: string }, output: Output): Promise<boolean>
  hostkey(options: { readonly config: string }, output: Output): Promise<void>
  vaultPut(
    name: string,
    options: { readonly config: string; readonly file: string | undefined },
    output: Output,
  ): Promise<void>
  vaultList(options: { readonly config: string }, output: Output): Promise<void>
  login(options: ApiOptions, output: Output): Promise<void>
  logout(options: ApiOptions, output: Output): Promise<void>
  whoami(options: ApiOptions, output: Output): Promise<void>
  /** `state` is one of a hold's states, or `all`. */
  holdsList(options: ApiOptions & { readonly state: string }, output: Output): Promise<void>
  holdsShow(id: string, options: ApiOptions, output: Output): Promise<void>
  say(id: string, options: ApiOptions & { readonly text: string }, output: Output): Promise<void>
  decide(
    id: string,
    decision: 'approve' | 'reject',
    options: ApiOptions & { readonly reason: string; readonly grant: GrantOption | undefined },
    output: Output,
  ): Promise<void>
  grantsList(options: ApiOptions, output: Output): Promise<void>
  grantsRevoke(id: string, options: ApiOptions, output: Output): Promise<void>
  debtsList(options: ApiOptions & { readonly all: boolean }, output: Output): Promise<void>
  notifications(options: ApiOptions, output: Output): Promise<void>
  debtsClose(id: string, options: ApiOptions & { readonly word: string }, output: Output): Promise<void>
  sessionsList(options: ApiOptions, output: Output): Promise<void>
  sessionsKill(id: string, options: ApiOptions, output: Output): Promise<void>
  /** `search`: where these words were on the screen, or were run. */
  recordingsList(options: ApiOptions & { readonly search: string | undefined }, output: Output): Promise<void>
}

/** How a command that talks to a running bastion finds it; the token comes from SALLYPORT_TOKEN, or from `login`. */
export interface ApiOptions {
  readonly url: string
}

/** With an approval: the same command may run again until then. */
export interface GrantOption {
  readonly minutes: number
  readonly scope: 'session' | 'person'
}

const EXIT_FAILED = 1
const EXIT_USAGE = 2
const EXIT_REFUSED = 77

export async function runProgram(argv: readonly string[], commands: Commands): Promise<number> {
  let status = 0
  const program = build(commands, (code) => {
    status = code
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) {
      // Those of commander's own are told by it.
      if (error.code.startsWith('sallyport.')) process.stderr.write(`${error.message}\n`)
      return error.exitCode === 0 ? 0 : EXIT_USAGE
    }
    const message =
      error instanceof BastionError ? error.message : `${messageFor(error)} ${String((error as Error).stack ?? error)}`
    process.stderr.write(`sallyport: ${message}\n`)
    return exitCode(error instanceof BastionError ? error.code : 'internal')
  }
}

function exitCode(code: ErrorCode): number {
  return code === 'forbidden' || code === 'unauthenticated' ? EXIT_REFUSED : EXIT_FAILED
}

function build(commands: Commands, setStatus: (code: number) => void): Command {
  const program = new Command('sallyport')
    .description('An SSH bastion with command-level approval.')
    .option('--json', 'print JSON, for programs')
    .addHelpText('after', '\nExit codes: 0 done · 1 it failed · 2 wrong call · 77 refused: not allowed')
    .exitOverride()
    .showHelpAfterError('(add --help for more)')
  const output = (): Output => openOutput(program.opts<{ json?: boolean }>().json === true, process.stdout, process.env)
  const configured = (command: Command) =>
    command.option('-c, --config <file>', 'the configuration', process.env.SALLYPORT_CONFIG ?? 'sallyport.yaml')
  const remote = (command: Command) =>
    command.option(
      '-u, --url <url>',
      'where the bastion’s web is',
      process.env.SALLYPORT_URL ?? 'http://127.0.0.1:8080',
    )

  configured(program.command('serve').description('run the bastion')).action((options) => commands.serve(options))
  program
    .command('demo')
    .description('run a bastion with an identity provider and targets on loopback')
    .action(() => commands.demo())
  configured(
    program.command('check').description('check the configuration and the policy; every mistake is told at once'),
  ).action(async (options) => {
    if (!(await commands.check(options, output()))) setStatus(EXIT_FAILED)
  })
  configured(program.command('hostkey').description('print the bastion’s host key as a known_hosts line')).action(
    (options) => commands.hostkey(options, output()),
  )

  addPolicyCommands(program, { commands: commands.policy, output, fail: () => setStatus(EXIT_FAILED) })

  const evidence = { commands: commands.evidence, configured, output, fail: () => setStatus(EXIT_FAILED) }
  const audit = addAuditCommands(program, evidence)
  addAuditExport(audit, { auditExport: commands.auditExport, remote, output })

  const vault = program.command('vault').description('the keys that open targets')
  configured(vault.command('put <name>').description('store a private key, from a file or standard input'))
    .option('-f, --file <file>', 'the file that holds it')
    .action((name, options) => commands.vaultPut(name, options, output()))
  configured(vault.command('list').description('names and dates, never the secrets')).action((options) =>
    commands.vaultList(options, output()),
  )

  addOperations(program, vault, { ...evidence, commands: commands.operations })

  remote(program.command('login').description('sign in to a running bastion, with a browser')).action((options) =>
    commands.login(options, output()),
  )
  remote(program.command('logout').description('give the token of login back, and forget it')).action((options) =>
    commands.logout(options, output()),
  )
  remote(program.command('whoami').description('who the bastion takes you for')).action((options) =>
    commands.whoami(options, output()),
  )

  const holds = program.command('holds').description('commands that wait for a second person')
  remote(holds.command('list').description('those that you may see'))
    .option(
      '-s, --state <state>',
      'pending, approved, running, done, unknown, rejected, expired, withdrawn, revoked, or all',
      'pending',
    )
    .action((options) => commands.holdsList(options, output()))
  remote(holds.command('show <id>').description('one of them: what, who, why')).action((id, options) =>
    commands.holdsShow(id, options, output()),
  )
  remote(holds.command('say <id>').description('ask its requester something, or say why, if it is yours'))
    .requiredOption('-t, --text <text>', 'what is said, on one line')
    .action((id, options) => commands.say(id, options, output()))
  remote(holds.command('approve <id>').description('approve one'))
    .option('-r, --reason <text>', 'why', '')
    .option(
      '--for <length>',
      'let the same command run again for so long (30m, 2h), where the rule allows it',
      asMinutes,
    )
    .option('--scope <scope>', 'with --for: session (the one that asked) or person (all of theirs)', asScope)
    .action((id, { for: minutes, scope, ...options }) => {
      if (minutes === undefined && scope !== undefined)
        throw new CommanderError(EXIT_USAGE, 'sallyport.scope', 'error: --scope goes with --for')
      const grant = minutes === undefined ? undefined : { minutes, scope: scope ?? 'session' }
      return commands.decide(id, 'approve', { ...options, grant }, output())
    })
  remote(holds.command('reject <id>').description('reject one'))
    .option('-r, --reason <text>', 'why (a rejection needs one)', '')
    .action((id, options) => commands.decide(id, 'reject', { ...options, grant: undefined }, output()))

  const grants = program.command('grants').description('commands that a reviewer let run again until a time')
  remote(grants.command('list').description('those in force that you may see')).action((options) =>
    commands.grantsList(options, output()),
  )
  remote(grants.command('revoke <id>').description('end one at once')).action((id, options) =>
    commands.grantsRevoke(id, options, output()),
  )

  const debts = program.command('debts').description('reviews of commands that somebody ran by breaking the glass')
  remote(debts.command('list').description('those that you may see and nobody has closed'))
    .option('--all', 'closed ones too', false)
    .action((options) => commands.debtsList(options, output()))
  remote(debts.command('close <id>').description('close one that is somebody else’s; the id is the request’s'))
    .requiredOption('-w, --word <text>', 'what you found')
    .action((id, options) => commands.debtsClose(id, options, output()))

  const notifications = 'notifications that nobody received, newest first; --json counts every route’s'
  remote(program.command('notifications').description(notifications)).action((options) =>
    commands.notifications(options, output()),
  )

  const sessions = program.command('sessions').description('who is on which target')
  remote(sessions.command('list').description('those that you may see')).action((options) =>
    commands.sessionsList(options, output()),
  )
  remote(sessions.command('kill <id>').description('end one')).action((id, options) =>
    commands.sessionsKill(id, options, output()),
  )

  const recordings = program.command('recordings').description('what was shown in sessions')
  remote(recordings.command('list').description('those that you may see'))
    .option('--search <words>', 'where these words were on the screen, or were run')
    .action((options) => commands.recordingsList({ search: undefined, ...options }, output()))
  addRecordingsExport(recordings, { commands: commands.recordings, remote, output })
  addPlaying(recordings, sessions, { commands: commands.recordings, remote, output })
  addRecordingsVerify(recordings, evidence)
  return program
}

/** Whole minutes, because that is what people say and what the API takes. */
function asMinutes(text: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,3})(m|h)$/.exec(text) ?? []
  const minutes = Number(count) * (unit === 'h' ? 60 : 1)
  if (!(minutes <= 24 * 60)) throw new InvalidArgumentError('It is a length of time such as 30m or 2h, a day at most.')
  return minutes
}

function asScope(text: string): GrantOption['scope'] {
  if (text !== 'session' && text !== 'person') throw new InvalidArgumentError('It is session or person.')
  return text
}
