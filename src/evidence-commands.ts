/** What `sallyport audit verify` and `recordings verify` do: the state is read in place, and nothing in it is believed. */
import { openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ReceiptsReport, verifyReceipts } from './approval/receipts-in-log.ts'
import { checkpointFile } from './checkpoint-file.ts'
import {
  type AuditVerifyOptions,
  auditText,
  type EvidenceCommands,
  receiptsText,
  recordingsText,
} from './cli/evidence.ts'
import { bundleText } from './cli/recordings.ts'
import type { Config } from './config.ts'
import { systemClock } from './core/clock.ts'
import { BastionError } from './core/errors.ts'
import { findLogKey } from './evidence/log-key.ts'
import { formatVerifier, type NoteVerifier, parseVerifier, verifierOf } from './evidence/note.ts'
import type { RecordingsReport } from './evidence/recording-report.ts'
import type { AuditReport } from './evidence/report.ts'
import { verifyAudit } from './evidence/verify.ts'
import { verifyRecordings } from './evidence/verify-recordings.ts'
import { recordingName } from './recording-name.ts'
import { recordingSource } from './recordings.ts'
import { requireConfig } from './required-config.ts'
import { readSqliteState, type StateReader } from './store/sqlite/read-only.ts'
import { openFileVault } from './vault/file-vault.ts'
import { readVaultKey } from './vault/key.ts'

export const evidenceCommands: EvidenceCommands = {
  auditVerify: (options, output) =>
    withState(options, async ({ audit, key, state }) => {
      const decisions = await verifyReceipts(state.events)
      const ok = isGood(audit) && isGood(decisions)
      const text = [auditText(audit, key, output.paint), receiptsText(decisions, output.paint)]
      output.print(text.join('\n'), { ok, key, ...audit, decisions })
      return ok
    }),

  async bundleVerify(file, key, output) {
    const { verifyBundle } = await import('./bundle/verify.ts')
    const archive = await openAsBlob(file).catch((error) => {
      throw new BastionError('not-found', `The bundle ${file} cannot be read.`, error)
    })
    const report = await verifyBundle(archive, key === undefined ? undefined : parseVerifier(key))
    const ok = report.findings.length === 0
    output.print(bundleText(report, output.paint), { ok, ...report })
    return ok
  },

  recordingsVerify: (sessions, options, output) =>
    withState(options, async ({ audit, key, state, config }) => {
      const recordings = await verifyRecordings({
        store: state.evidence,
        audit,
        source: await recordingSource(config, { env: process.env, clock: systemClock }),
        only: sessions.length === 0 ? undefined : new Set(sessions.map(recordingName)),
      })
      const ok = isGood(audit) && isGood(recordings)
      const text = [
        recordingsText(recordings, output.paint),
        ...(isGood(audit) ? [] : [auditText(audit, key, output.paint)]),
      ]
      output.print(text.join('\n'), { ok, key, ...recordings, audit })
      return ok
    }),
}

const isGood = ({ findings, more }: AuditReport | RecordingsReport | ReceiptsReport): boolean =>
  findings.length + more === 0

/** Reads the state as it is at one moment, and verifies its audit log before anything else is believed. */
async function withState(
  { config: file, key, checkpoint: files }: AuditVerifyOptions,
  use: (verified: { audit: AuditReport; key: string; state: StateReader; config: Config }) => Promise<boolean>,
): Promise<boolean> {
  const config = requireConfig(file)
  const log = key === undefined ? await keyOf(config) : parseVerifier(key)
  // Read before the database is: a checkpoint is stored there first.
  const published = await checkpointFile(config.stateFolder).read()
  const elsewhere = published === undefined ? [] : [{ name: 'The published checkpoint', note: published }]
  for (const name of files) elsewhere.push({ name, note: await readKept(name) })
  const state = readSqliteState(join(config.stateFolder, 'sallyport.db'))
  try {
    const audit = await verifyAudit({ store: state.evidence, log, elsewhere })
    return await use({ audit, key: formatVerifier(log), state, config })
  } finally {
    state.close()
  }
}

async function keyOf(config: Config): Promise<NoteVerifier> {
  const key = await readVaultKey({ env: process.env.SALLYPORT_VAULT_KEY, file: config.vault.keyFile })
  const found = await findLogKey(await openFileVault({ file: config.vault.file, key }))
  if (found !== undefined) return verifierOf(found.signer)
  throw new BastionError(
    'not-found',
    'The vault has no key of an audit log: no bastion of this version was started with it yet. Or name its public key with --key.',
  )
}

async function readKept(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error) => {
    throw new BastionError('not-found', `The checkpoint ${file} cannot be read.`, error)
  })
}
