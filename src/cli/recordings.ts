/** `sallyport recordings export`, `play` and `sessions watch`, and how the report on a bundle is told. */
import { type Command, CommanderError, InvalidArgumentError } from 'commander'
import type { BundleReport } from '../evidence/bundle-report.ts'
import { visible } from '../terminal/visible.ts'
import type { Output, Paint } from './output.ts'
import type { ApiOptions } from './program.ts'

export type CastFormat = 'v2' | 'v3'

/** Which sessions; times are RFC 3339. */
export interface SessionFilter {
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly target?: string | undefined
  readonly who?: string | undefined
}

export interface RecordingCommands {
  exportCast(
    id: string,
    options: ApiOptions & { readonly output: string; readonly format: CastFormat },
    output: Output,
  ): Promise<void>
  /** Of one session, or of all that fit. */
  exportBundle(
    what: string | SessionFilter,
    options: ApiOptions & { readonly output: string },
    output: Output,
  ): Promise<void>
  play(id: string, options: ApiOptions & { readonly speed: number; readonly idle: number | undefined }): Promise<void>
  /** A live session from its beginning up to now, and on until it is over. */
  watch(id: string, options: ApiOptions): Promise<void>
}

interface Parts {
  readonly commands: RecordingCommands
  readonly remote: (command: Command) => Command
  readonly output: () => Output
}

const EXIT_USAGE = 2

export function addRecordingsExport(recordings: Command, { commands, remote, output }: Parts): void {
  remote(recordings.command('export [id]').description('write one as a file; or several, as one bundle'))
    .requiredOption('-o, --output <file>', 'the file to write')
    .option(
      '--format <format>',
      'v3, v2 for asciinema before 3.0, or bundle: a ZIP with everything that proves it',
      asFormat,
      'v3',
    )
    .option('--since <time>', 'of several: that began then or later, such as 2026-11-01 or 2026-11-01T08:00Z', asTime)
    .option('--until <time>', 'that began then or earlier', asTime)
    .option('--target <name>', 'on this target')
    .option('--who <person>', 'by this person: user name, e-mail address or name')
    .action((id: string | undefined, { format, since, until, target, who, ...options }) => {
      const filter: SessionFilter = { since, until, target, who }
      const isFiltered = Object.values(filter).some((value) => value !== undefined)
      if (id !== undefined && isFiltered) throw wrongCall('name a session, or say which ones fit, not both')
      if (id === undefined && !isFiltered)
        throw wrongCall('name a session, or which ones with --since, --until, --target or --who')
      if (id === undefined && format !== 'bundle') throw wrongCall('several sessions are exported with --format bundle')
      if (format === 'bundle') return commands.exportBundle(id ?? filter, options, output())
      return commands.exportCast(id ?? '', { ...options, format: format as CastFormat }, output())
    })
}

export function addPlaying(recordings: Command, sessions: Command, { commands, remote }: Parts): void {
  remote(
    recordings
      .command('play <id>')
      .description('play one on this terminal: space pauses, q ends, + and - change the speed'),
  )
    .option('-s, --speed <factor>', 'how many times as fast', asFactor, 1)
    .option('-i, --idle <seconds>', 'the longest that a pause takes', asFactor)
    .action((id, { idle, ...options }) => commands.play(id, { ...options, idle }))
  remote(
    sessions.command('watch <id>').description('see a live session on this terminal as it goes on; q ends'),
  ).action((id, options) => commands.watch(id, options))
}

function asFactor(text: string): number {
  const factor = Number(text)
  if (!/^\d{1,4}(?:\.\d{1,3})?$/.test(text) || factor <= 0)
    throw new InvalidArgumentError('It is a number above 0, such as 2 or 0.5.')
  return factor
}

function wrongCall(sentence: string): CommanderError {
  return new CommanderError(EXIT_USAGE, 'sallyport.export', `error: ${sentence}`)
}

function asFormat(text: string): CastFormat | 'bundle' {
  if (text !== 'v2' && text !== 'v3' && text !== 'bundle') throw new InvalidArgumentError('It is v2, v3 or bundle.')
  return text
}

/** A date alone is its beginning, in UTC. */
export function asTime(text: string): string {
  const isTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const at = new Date(text)
  if (!isTime || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError('It is a date such as 2026-11-01, or a time such as 2026-11-01T08:00Z.')
  }
  return at.toISOString()
}

export function bundleText(report: BundleReport, paint: Paint): string {
  const { sessions, files, bytes, events, chunks, receipts, untoldBytes, findings, isPinned, key } = report
  const lines = [
    `${sessions} sessions · ${files} files · ${bytes} bytes · ${events} events · ${chunks} chunks of recordings · ${receipts} decisions signed with a passkey`,
    ...(report.exportedAt === undefined
      ? []
      : [
          `exported ${visible(report.exportedAt)} by ${visible(report.exportedBy ?? '')}, log signed ${report.signedAt?.toISOString() ?? '–'}`,
        ]),
    `key ${key ?? '–'}`,
    ...(untoldBytes === 0
      ? []
      : [
          `${untoldBytes} bytes at the ends of recordings that still grew are vouched for by the bundle’s signature alone.`,
        ]),
    ...findings.slice(0, MOST_TOLD).map(({ file, message }) => `  ${paint('red', visible(file))}: ${visible(message)}`),
    ...(findings.length > MOST_TOLD ? [`  … and ${findings.length - MOST_TOLD} more (--json has them)`] : []),
  ]
  if (findings.length > 0) return [...lines, paint('red', 'This bundle is NOT as it was signed.')].join('\n')
  const unpinned =
    'Nothing was changed since that key signed it. Whose key it is, this does not prove: compare it with the bastion’s, or give that with --key.'
  return [
    ...lines,
    isPinned ? paint('green', 'This bundle is as that log signed it.') : paint('yellow', unpinned),
  ].join('\n')
}

const MOST_TOLD = 50
