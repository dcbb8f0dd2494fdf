/** What `/readyz` asks of the parts of a bastion before a balancer sends anybody there. */
import { access, constants, statfs } from 'node:fs/promises'
import type { Config } from './config.ts'
import type { Store } from './core/ports.ts'
import type { EvidenceLog } from './evidence/log.ts'
import type { Recordings } from './recordings.ts'

/** Below this much room a recording would soon fail, so the bastion says that it is not ready for more. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024

export async function readiness({
  store,
  recordings,
  config,
  evidence,
}: {
  store: Store
  recordings: Recordings
  config: Config
  evidence: EvidenceLog
}): Promise<Record<string, boolean>> {
  const works = (task: () => Promise<boolean>) => task().catch(() => false)
  return {
    store: await works(async () => (await store.audit.list({ limit: 1 })).length >= 0),
    evidence: evidence.isHealthy,
    recordings: await works(async () => {
      if (recordings.spool()?.state === 'stopped') return false
      await access(config.recordingFolder, constants.W_OK)
      const { bavail, bsize } = await statfs(config.recordingFolder)
      return bavail * bsize >= LEAST_FREE_BYTES
    }),
  }
}
