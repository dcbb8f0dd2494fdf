/** Public keys as clients offer them and as OpenSSH prints them; and which of them are fit to sign in with. */
import { createHash, createPublicKey } from 'node:crypto'
import type { ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'

const ED25519_BLOB_BYTES = 51
/** Shorter moduli can be factored (NIST SP 800-131A). */
const MIN_RSA_BITS = 2048
/** Every tool makes 65537; a long one costs the verifier as much as a long modulus. */
const MAX_RSA_EXPONENT = 2n ** 33n
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
  if (offered.algo === 'ssh-ed25519' && offered.data.length !== ED25519_BLOB_BYTES) return undefined
  const key = ssh2.utils.parseKey(offered.data)
  if (key instanceof Error || Array.isArray(key)) return undefined
  // ssh2 reads any kind of key, in any of the formats of files, whatever the client said it would be (RFC 4253 §6.6).
  if (key.type !== offered.algo || key.isPrivateKey() || !key.getPublicSSH().equals(offered.data)) return undefined
  return isSound(key) ? key : undefined
}

/** Reports whether OpenSSL takes the key (a point must be on its curve), and its numbers are neither weak nor costly. */
function isSound(key: ParsedKey): boolean {
  try {
    const details = createPublicKey(key.getPublicPEM()).asymmetricKeyDetails
    if (key.type !== 'ssh-rsa') return true
    return (
      (details?.modulusLength ?? 0) >= MIN_RSA_BITS && (details?.publicExponent ?? MAX_RSA_EXPONENT) < MAX_RSA_EXPONENT
    )
  } catch {
    return false
  }
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
