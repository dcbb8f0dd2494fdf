/** Public keys as clients offer them and as OpenSSH prints them; and which of them are fit to sign in with. */
import { createHash } from 'node:crypto'
import type { ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'

/** An RSA modulus beyond this costs a verifier seconds of CPU before anybody is known (CVE-2026-39829). */
const MAX_RSA_BLOB_BYTES = 1100
const ACCEPTED = new Set([
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
])
/** SHA-1 signatures prove nothing any more (RFC 8332). */
const RSA_HASHES = new Set(['sha256', 'sha512'])

/** Returns `SHA256:…` without padding, as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** Parses a key a client offers; undefined where it is malformed or of a kind that is not accepted. */
export function parseOfferedKey(offered: { readonly algo: string; readonly data: Buffer }): ParsedKey | undefined {
  if (!ACCEPTED.has(offered.algo) || offered.data.length > MAX_RSA_BLOB_BYTES) return undefined
  const key = ssh2.utils.parseKey(offered.data)
  return key instanceof Error || Array.isArray(key) ? undefined : key
}

export interface Proof {
  readonly signature?: Buffer | undefined
  readonly blob?: Buffer | undefined
  readonly hashAlgo?: string | undefined
}

/**
 * Reports whether the client signed the session's challenge with this key (RFC 4252 §7). ssh2 leaves this to us, and a
 * key that was only offered proves nothing (CVE-2023-43660).
 */
export function isProved(key: ParsedKey, proof: Proof): boolean {
  if (proof.signature === undefined || proof.blob === undefined) return false
  if (key.type === 'ssh-rsa' && !RSA_HASHES.has(proof.hashAlgo ?? '')) return false
  return key.verify(proof.blob, proof.signature, proof.hashAlgo) === true
}
