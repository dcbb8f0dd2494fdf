/** `sallyport audit export`. */
import type { Command } from 'commander'
import type { Output } from './output.ts'
import type { ApiOptions } from './program.ts'
import { asTime } from './recordings.ts'

export interface AuditExportOptions extends ApiOptions {
  readonly since: string | undefined
  /** A file that has the number of the last event that was written. */
  readonly cursor: string | undefined
  /** Undefined: standard output. */
  readonly output: string | undefined
}

export type AuditExport = (options: AuditExportOptions, output: Output) => Promise<void>

export function addAuditExport(
  audit: Command,
  parts: {
    readonly auditExport: AuditExport
    readonly remote: (command: Command) => Command
    readonly output: () => Output
  },
): void {
  parts
    .remote(audit.command('export').description('events of a running bastion, oldest first, one a line (JSONL)'))
    .option('--since <time>', 'leave out those before, such as 2026-11-01', asTime)
    .option('--cursor <file>', 'go on behind the event that this file names, and keep the last one in it')
    .option('-o, --output <file>', 'append to this file, instead of standard output')
    .action((options) => parts.auditExport(options, parts.output()))
}
