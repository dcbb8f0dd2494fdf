/** `sallyport audit verify`, and how a report is told to people. */
import type { Command } from 'commander'
import type { AuditReport, Finding } from '../evidence/report.ts'
import type { Output, Paint } from './output.ts'

export interface EvidenceCommands {
  /** Resolves to whether all is as it was signed. */
  auditVerify(options: AuditVerifyOptions, output: Output): Promise<boolean>
}

export interface AuditVerifyOptions {
  readonly config: string
  /** The log's public key; undefined: the vault tells it. */
  readonly key: string | undefined
  /** Files with checkpoints that were kept elsewhere. */
  readonly checkpoint: readonly string[]
}

const MOST_TOLD = 50

export function addAuditCommands(
  program: Command,
  parts: {
    readonly commands: EvidenceCommands
    readonly configured: (command: Command) => Command
    readonly output: () => Output
    readonly fail: () => void
  },
): void {
  const audit = program.command('audit').description('the audit log, read where it lies')
  parts
    .configured(audit.command('verify').description('check every event, hash and checkpoint against what was signed'))
    .option('--key <key>', 'the log’s public key, instead of the vault’s (name+id+base64)')
    .option('--checkpoint <file...>', 'checkpoints that were kept elsewhere')
    .addHelpText('after', '\nExit codes: 0 all is as it was signed · 1 something is not, or could not be read')
    .action(async ({ config, key, checkpoint = [] }) => {
      if (!(await parts.commands.auditVerify({ config, key, checkpoint }, parts.output()))) parts.fail()
    })
}

export function auditText(report: AuditReport, key: string, paint: Paint): string {
  const { events, signed, unsigned, checkpoints, lastCheckpointAt, findings } = report
  const at = lastCheckpointAt === undefined ? '' : `, the last of ${lastCheckpointAt.toISOString()}`
  const lines = [
    `${events} events · ${signed} signed · ${checkpoints} checkpoints${at}`,
    `key ${key}`,
    ...(unsigned === 0 ? [] : [`${unsigned} events came behind the last checkpoint: nothing vouches for them yet.`]),
  ]
  if (findings.length === 0) return [...lines, paint('green', 'The audit log is as it was signed.')].join('\n')
  const left = findings.length - MOST_TOLD + report.more
  return [
    ...lines,
    ...findings
      .slice(0, MOST_TOLD)
      .map((finding) => `  ${paint('red', finding.kind)} ${place(finding)}: ${finding.message}`),
    ...(left > 0 ? [`  … and ${left} more (--json has ${report.more === 0 ? 'all' : 'the first 1000'})`] : []),
    paint('red', 'The audit log is NOT as it was signed.'),
  ].join('\n')
}

function place({ kind, from, to }: Finding): string {
  const what = kind === 'checkpoint' ? 'checkpoint' : 'event'
  return from === to ? `${what} ${from}` : `${what}s ${from} to ${to}`
}
