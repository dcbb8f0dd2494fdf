/** `sallyport audit verify` and `recordings verify`, and how their reports are told to people. */
import type { Command } from 'commander'
import type { ReceiptsReport } from '../approval/receipts-in-log.ts'
import type { RecordingFinding, RecordingsReport } from '../evidence/recording-report.ts'
import type { AuditReport, Finding } from '../evidence/report.ts'
import { visible } from '../terminal/visible.ts'
import type { Output, Paint } from './output.ts'

export interface EvidenceCommands {
  /** Resolves to whether all is as it was signed. */
  auditVerify(options: AuditVerifyOptions, output: Output): Promise<boolean>
  /** The same of recordings: of these sessions, or of all. */
  recordingsVerify(sessions: readonly string[], options: AuditVerifyOptions, output: Output): Promise<boolean>
  /** Of a bundle, which needs no bastion's state. */
  bundleVerify(file: string, key: string | undefined, output: Output): Promise<boolean>
}

export interface AuditVerifyOptions {
  readonly config: string
  /** The log's public key; undefined: the vault tells it. */
  readonly key: string | undefined
  /** Files with checkpoints that were kept elsewhere. */
  readonly checkpoint: readonly string[]
}

const MOST_TOLD = 50

interface Parts {
  readonly commands: EvidenceCommands
  readonly configured: (command: Command) => Command
  readonly output: () => Output
  readonly fail: () => void
}

const EXIT_CODES = '\nExit codes: 0 all is as it was signed · 1 something is not, or could not be read'

/** Returns the command, for those that others add. */
export function addAuditCommands(program: Command, parts: Parts): Command {
  const audit = program.command('audit').description('the audit log')
  const verify = audit
    .command('verify')
    .description('check every event, hash and checkpoint against what was signed, and every signed decision')
  withKeys(parts.configured(verify)).action(async ({ config, key, checkpoint = [] }) => {
    if (!(await parts.commands.auditVerify({ config, key, checkpoint }, parts.output()))) parts.fail()
  })
  return audit
}

export function addRecordingsVerify(recordings: Command, parts: Parts): void {
  const verify = recordings.command('verify [session...]')
  verify.description(
    'check recordings, in place, against the audit log; or a bundle (FILE.zip), which needs nothing else',
  )
  withKeys(parts.configured(verify)).action(async (sessions: string[], { config, key, checkpoint = [] }) => {
    const { commands, output } = parts
    let ok = true
    for (const file of sessions.filter(isArchive)) ok = (await commands.bundleVerify(file, key, output())) && ok
    const ids = sessions.filter((session) => !isArchive(session))
    if (ids.length > 0 || sessions.length === 0) {
      ok = (await commands.recordingsVerify(ids, { config, key, checkpoint }, output())) && ok
    }
    if (!ok) parts.fail()
  })
}

/** No session's id has a dot. */
function isArchive(name: string): boolean {
  return name.endsWith('.zip')
}

function withKeys(command: Command): Command {
  return command
    .option('--key <key>', 'the log’s public key, instead of the vault’s (name+id+base64)')
    .option('--checkpoint <file...>', 'checkpoints that were kept elsewhere')
    .addHelpText('after', EXIT_CODES)
}

export function recordingsText(report: RecordingsReport, paint: Paint): string {
  const { sealed, open, unproven, chunks, bytes } = report
  const lines = [
    `${sealed} recordings · ${chunks} chunks · ${bytes} bytes`,
    ...(open === 0 ? [] : [`${open} more are not sealed: their sessions go on, or their bastion was killed.`]),
    ...(unproven === 0 ? [] : [`${unproven} are of an older Sallyport: the log has no digests of them.`]),
  ]
  return [...lines, ...conclusion(report, RECORDINGS, chunkPlace, paint)].join('\n')
}

const RECORDINGS = {
  good: 'The recordings are as they were signed.',
  bad: 'The recordings are NOT as they were signed.',
}
const RECEIPTS = {
  good: 'The signed decisions are as their reviewers signed them.',
  bad: 'The decisions are NOT as their reviewers signed them.',
}
const AUDIT = { good: 'The audit log is as it was signed.', bad: 'The audit log is NOT as it was signed.' }

/** What was found, as far as a person reads it, and what that comes to. */
function conclusion<Found extends { readonly kind: string; readonly message: string }>(
  { findings, more }: { readonly findings: readonly Found[]; readonly more: number },
  words: { readonly good: string; readonly bad: string },
  place: (finding: Found) => string,
  paint: Paint,
): readonly string[] {
  if (findings.length === 0) return [paint('green', words.good)]
  const left = findings.length - MOST_TOLD + more
  return [
    ...findings
      .slice(0, MOST_TOLD)
      .map((finding) => `  ${paint('red', finding.kind)} ${place(finding)}: ${finding.message}`),
    ...(left > 0 ? [`  … and ${left} more (--json has ${more === 0 ? 'all' : 'the first 1000'})`] : []),
    paint('red', words.bad),
  ]
}

function chunkPlace({ recording, from, to, start, end }: RecordingFinding): string {
  const name = visible(recording)
  if (from === 0) return name
  return `${name}, ${from === to ? `chunk ${from}` : `chunks ${from} to ${to}`} (bytes ${start} to ${end})`
}

export function auditText(report: AuditReport, key: string, paint: Paint): string {
  const { events, signed, unsigned, checkpoints, lastCheckpointAt } = report
  const at = lastCheckpointAt === undefined ? '' : `, the last of ${lastCheckpointAt.toISOString()}`
  const lines = [
    `${events} events · ${signed} signed · ${checkpoints} checkpoints${at}`,
    `key ${key}`,
    ...(unsigned === 0 ? [] : [`${unsigned} events came behind the last checkpoint: nothing vouches for them yet.`]),
  ]
  return [...lines, ...conclusion(report, AUDIT, eventPlace, paint)].join('\n')
}

export function receiptsText(report: ReceiptsReport, paint: Paint): string {
  const { signed, vouchedByServer, unproven, findings, more } = report
  const lines = [
    `${signed} decisions signed with a passkey · ${vouchedByServer} vouched for by the server alone`,
    ...(unproven === 0 ? [] : [`${unproven} signed ones are of an older Sallyport: the log says too little of them.`]),
  ]
  if (signed + findings.length === 0) return lines.join('\n')
  const found = findings.map(({ seq, message }) => ({ kind: 'receipt', seq, message }))
  return [...lines, ...conclusion({ findings: found, more }, RECEIPTS, ({ seq }) => `event ${seq}`, paint)].join('\n')
}

function eventPlace({ kind, from, to }: Finding): string {
  const what = kind === 'checkpoint' ? 'checkpoint' : 'event'
  return from === to ? `${what} ${from}` : `${what}s ${from} to ${to}`
}
