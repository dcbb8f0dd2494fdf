/** What `sallyport audit verify` does: the state is read in place, and nothing in it is believed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkpointFile } from './checkpoint-file.ts'
import { auditText, type EvidenceCommands } from './cli/evidence.ts'
import type { Config } from './config.ts'
import { BastionError } from './core/errors.ts'
import { findLogKey } from './evidence/log-key.ts'
import { formatVerifier, type NoteVerifier, parseVerifier, verifierOf } from './evidence/note.ts'
import { verifyAudit } from './evidence/verify.ts'
import { requireConfig } from './required-config.ts'
import { readSqliteState } from './store/sqlite/read-only.ts'
import { openFileVault } from './vault/file-vault.ts'
import { readVaultKey } from './vault/key.ts'

export const evidenceCommands: EvidenceCommands = {
  async auditVerify({ config: file, key, checkpoint: files }, output) {
    const config = requireConfig(file)
    const log = key === undefined ? await keyOf(config) : parseVerifier(key)
    // Read before the database is: a checkpoint is stored there first.
    const published = await checkpointFile(config.stateFolder).read()
    const elsewhere = published === undefined ? [] : [{ name: 'The published checkpoint', note: published }]
    for (const name of files) elsewhere.push({ name, note: await readKept(name) })
    const state = readSqliteState(join(config.stateFolder, 'sallyport.db'))
    try {
      const report = await verifyAudit({ store: state.evidence, log, elsewhere })
      const ok = report.findings.length + report.more === 0
      output.print(auditText(report, formatVerifier(log), output.paint), { ok, key: formatVerifier(log), ...report })
      return ok
    } finally {
      state.close()
    }
  },
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
