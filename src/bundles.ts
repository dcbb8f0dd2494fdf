/** How bundles come about in a running bastion: its store, its log, its kept policies, and the page that was built. */
import { join } from 'node:path'
import { type BundleParts, type BundleRequest, openBundle } from './bundle/bundle.ts'
import type { EvidenceLog } from './evidence/log.ts'
import type { KeptPolicies } from './kept-policies.ts'
import { recordingName } from './recording-name.ts'

const PAGE_FOLDER = join(import.meta.dirname, 'web', 'ui', 'dist-offline')

export function bundlesOf({
  evidence,
  policies,
  publicUrl,
  ...parts
}: Pick<BundleParts, 'clock' | 'store' | 'blobs'> & {
  readonly evidence: EvidenceLog
  readonly policies: KeptPolicies
  readonly publicUrl: URL
}): (request: BundleRequest) => Promise<ReadableStream<Uint8Array>> {
  return (request) =>
    openBundle(
      {
        ...parts,
        recordingName,
        policyOf: (digest) => policies.find(digest),
        log: evidence,
        origin: publicUrl.origin,
        pageFolder: PAGE_FOLDER,
      },
      request,
    )
}
