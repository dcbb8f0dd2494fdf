/**
 * What an auditor takes away of sessions: one ZIP archive, written while it is sent, that proves itself without a bastion.
 * Every file's digest is in the manifest, and the log signs the manifest; the events of the session carry proofs of
 * their own to a signed checkpoint, and they tell the recording's chunks.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { codeOf } from '../core/errors.ts'
import type { BlobStore, Store } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { SessionRecord } from '../core/session.ts'
import { openLogCheckpoint } from '../evidence/log-checkpoint.ts'
import { parseVerifier } from '../evidence/note.ts'
import { eventsAround } from './around.ts'
import { CHECKPOINT, LOG_KEY_FILE, MANIFEST, MANIFEST_NOTE, type ManifestFile, manifestText } from './manifest.ts'
import { listPage, offlinePage } from './page.ts'
import type { ProofSource } from './proven-events.ts'
import { type BundleFile, encoded, once, type SessionSource, seqsOf, sessionFiles } from './session-files.ts'
import { VERIFY_TEXT } from './verify-text.ts'
import { type Zip, zipStream } from './zip.ts'

export interface BundleParts {
  readonly clock: Clock
  readonly store: Pick<Store, 'audit' | 'evidence' | 'holds'>
  readonly blobs: BlobStore
  recordingName(session: string): string
  /** The text of a policy that was in force; undefined where it was not kept. */
  policyOf(digest: string): Promise<string | undefined>
  readonly log: {
    readonly verifierKey: string
    checkpoint(): Promise<string>
    signBundle(manifestSha256: string): string
  }
  /** The bastion's web address. */
  readonly origin: string
  /** Where the built offline page is. */
  readonly pageFolder: string
}

export interface BundleRequest {
  readonly sessions: readonly SessionRecord[]
  readonly by: Principal
  readonly filter?: Readonly<Record<string, string>> | undefined
}

/** Resolves to the archive's bytes once everything that can be refused was. The export's own events must be stored before. */
export async function openBundle(parts: BundleParts, request: BundleRequest): Promise<ReadableStream<Uint8Array>> {
  const checkpoint = await parts.log.checkpoint()
  const key = parts.log.verifierKey
  const log = parseVerifier(key)
  const { size } = openLogCheckpoint(checkpoint, log)
  const proofs: ProofSource = { evidence: parts.store.evidence, log, checkpoint }
  const [only] = request.sessions
  // The first is looked at now, so that what is damaged is refused with a sentence and not in the middle of the archive.
  const first = only === undefined ? undefined : await sourceOf(parts, only, { proofs, size })
  const at = parts.clock.now()

  return zipStream(at, async (zip) => {
    const archive = new Archive(zip)
    const text = (name: string, content: string) => archive.add({ name, content: () => encoded(once(content)) })
    await text('VERIFY.md', VERIFY_TEXT)
    await text(LOG_KEY_FILE, `${key}\n`)
    await text('log/key.pem', log.publicKey.export({ format: 'pem', type: 'spki' }).toString())
    await text(CHECKPOINT, checkpoint)
    const policies = new Set<string>()
    const isSingle = request.sessions.length === 1
    for (const record of request.sessions) {
      const { source, digests } =
        record === only && first !== undefined ? first : await sourceOf(parts, record, { proofs, size })
      const files = sessionFiles(source)
      for (const file of files) await archive.add(file)
      const page = isSingle ? 'index.html' : `sessions/${record.id}/index.html`
      await archive.add({
        name: page,
        content: () => offlinePage(parts.pageFolder, source, files, { checkpoint, key }),
      })
      for (const digest of digests) policies.add(digest)
    }
    if (!isSingle) await text('index.html', listPage(request.sessions, at))
    for (const digest of [...policies].sort()) {
      const policy = await parts.policyOf(digest)
      if (policy !== undefined) await text(`policies/${digest}.yaml`, policy)
    }
    const manifest = manifestText({
      bundle: 1,
      at: at.toISOString(),
      origin: parts.origin,
      exportedBy: { id: request.by.id, name: request.by.name },
      filter: request.filter ?? null,
      sessions: request.sessions.map(({ id }) => id),
      key,
      files: archive.files,
    })
    const sha256 = createHash('sha256').update(manifest).digest('hex')
    await parts.store.audit.append({
      type: 'bundle.signed',
      at: parts.clock.now(),
      actor: request.by.id,
      actorName: request.by.name,
      session: isSingle ? only?.id : undefined,
      hold: undefined,
      detail: { manifest: sha256, sessions: request.sessions.length },
    })
    await text(MANIFEST, manifest)
    await text(MANIFEST_NOTE, parts.log.signBundle(sha256))
  })
}

async function sourceOf(
  parts: BundleParts,
  record: SessionRecord,
  { proofs, size }: { readonly proofs: ProofSource; readonly size: number },
): Promise<{ readonly source: SessionSource; readonly digests: readonly string[] }> {
  const { audit, evidence, holds } = parts.store
  const recording = parts.recordingName(record.id)
  const bytes = await parts.blobs.size(recording).catch((error: unknown) => {
    if (codeOf(error) === 'not-found') return undefined
    throw error
  })
  const seqs = await seqsOf(audit, record, size)
  const { seqs: around, policies } = await eventsAround({ audit, evidence, size }, seqs)
  const source = { record, audit, holds, blobs: parts.blobs, recording, proofs, seqs, around, bytes }
  return { source, digests: policies }
}

/** Counts and digests what is added. */
class Archive {
  readonly files: ManifestFile[] = []
  readonly #zip: Zip

  constructor(zip: Zip) {
    this.#zip = zip
  }

  async add({ name, sizeHint, content }: BundleFile): Promise<void> {
    const sum = createHash('sha256')
    let size = 0
    const measured = async function* () {
      for await (const part of content()) {
        sum.update(part)
        size += part.length
        yield part
      }
    }
    await this.#zip.add(name, measured(), sizeHint)
    this.files.push({ name, size, sha256: sum.digest('hex') })
  }
}
