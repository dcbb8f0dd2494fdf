/** The list of everything in a bundle. The log signs its digest, so it speaks for every file; see evidence/bundle-note.ts. */
import { BastionError } from '../core/errors.ts'

export interface ManifestFile {
  readonly name: string
  readonly size: number
  readonly sha256: string
}

export interface Manifest {
  readonly bundle: 1
  readonly at: string
  /** The bastion's web address: passkeys sign for it. */
  readonly origin: string
  readonly exportedBy: { readonly id: string; readonly name: string }
  /** What was asked for, of several sessions. */
  readonly filter: Readonly<Record<string, string>> | null
  readonly sessions: readonly string[]
  /** The log's public key: name+id+base64. */
  readonly key: string
  readonly files: readonly ManifestFile[]
}

export const MANIFEST = 'manifest.json'
export const MANIFEST_NOTE = 'manifest.note'
export const CHECKPOINT = 'log/checkpoint'
export const LOG_KEY_FILE = 'log/key'

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 1)}\n`
}

/** Throws `untrusted` for what is none. Whether it is signed is not asked here. */
export function readManifest(text: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw none(error)
  }
  if (!isManifest(value)) throw none()
  return value
}

function isManifest(value: unknown): value is Manifest {
  if (!isFields(value)) return false
  const { bundle, at, origin, exportedBy, sessions, key, files } = value
  return (
    bundle === 1 &&
    [at, origin, key].every((each) => typeof each === 'string') &&
    isFields(exportedBy) &&
    Array.isArray(sessions) &&
    sessions.every((each) => typeof each === 'string' && /^s[0-9a-z]{1,63}$/.test(each)) &&
    Array.isArray(files) &&
    files.every(
      (file) =>
        isFields(file) &&
        typeof file.name === 'string' &&
        Number.isSafeInteger(file.size) &&
        typeof file.sha256 === 'string',
    )
  )
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function none(cause?: unknown): BastionError {
  return new BastionError('untrusted', 'The manifest is none of a Sallyport bundle.', cause)
}
