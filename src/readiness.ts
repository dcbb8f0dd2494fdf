/** Each part that must work before this bastion may be sent traffic, and whether it does. */
import { access, constants, statfs } from 'node:fs/promises'
import type { Config } from './config.ts'
import type { BlobStore, Store } from './core/ports.ts'
import type { EvidenceLog } from './evidence/log.ts'

/** Below this much room a recording would soon fail, so the bastion says that it is not ready for more. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024

export async function readiness({
  store,
  blobs,
  config,
  evidence,
}: {
  store: Store
  blobs: BlobStore
  config: Config
  evidence: EvidenceLog
}): Promise<Record<string, boolean>> {
  const works = (task: () => Promise<boolean>) => task().catch(() => false)
  return {
    store: await works(async () => (await store.audit.list({ limit: 1 })).length >= 0),
    evidence: evidence.isHealthy,
    recordings: await works(async () => {
      await blobs.list('readiness')
      await access(config.recordingFolder, constants.W_OK)
      const { bavail, bsize } = await statfs(config.recordingFolder)
      return bavail * bsize >= LEAST_FREE_BYTES
    }),
  }
}
