/**
 * The vault's file format: text ↔ sealed entries. Pure; it never sees the disk.
 *
 * Each secret is sealed with AES-256-GCM (NIST SP 800-38D) under its own random nonce, bound to its name and time; the
 * list as a whole carries an HMAC-SHA-256, so an entry cannot be dropped, doubled, moved to another name or brought back
 * from an older file. Both keys come from the master key by HKDF (RFC 5869).
 *
 * INVARIANT: there is exactly one text for each vault (JSON in a fixed order and form), and any other is refused, so not
 * one byte can be changed unnoticed. Not promised: an older copy of the *whole* file is as good as the newer one.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { BastionError } from '../core/errors.ts'
import type { VaultKey } from './key.ts'

/** One secret as it lies in the file; binary fields are base64. */
export interface SealedSecret {
  readonly name: string
  readonly updatedAt: string
  readonly nonce: string
  /** Ciphertext and, in its last 16 bytes, the GCM tag. */
  readonly box: string
}

const FORMAT = 'sallyport-vault'
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Returns the sealed secrets, or throws `untrusted`: the key is another one, or the file is not what was written. */
export function parseVault(text: string, key: VaultKey): readonly SealedSecret[] {
  const secrets = read(text)
  // Two sentences, because two people can help: whoever has the right key, and whoever has a backup.
  if (readField(text, 'keyCheck') !== keyCheck(key)) {
    throw new BastionError(
      'untrusted',
      'The vault was sealed with another key. Start with the key it was made with (SALLYPORT_VAULT_KEY or the key file).',
    )
  }
  const expected = Buffer.from(formatVault(secrets, key))
  const given = Buffer.from(text)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw tampered()
  return secrets
}

/** Returns the one text for these secrets, which must be sorted by name. */
export function formatVault(secrets: readonly SealedSecret[], key: VaultKey): string {
  const entries = secrets.map(({ name, updatedAt, nonce, box }) => ({ name, updatedAt, nonce, box }))
  const body = { format: FORMAT, version: VERSION, keyCheck: keyCheck(key), secrets: entries }
  const mac = createHmac('sha256', derive(key, 'list')).update(JSON.stringify(body)).digest('base64')
  return `${JSON.stringify({ ...body, mac }, undefined, 2)}\n`
}

export function seal(name: string, secret: Uint8Array, at: Date, key: VaultKey): SealedSecret {
  const updatedAt = at.toISOString()
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', derive(key, 'secrets'), nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(boundTo(name, updatedAt))
  const box = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  return { name, updatedAt, nonce: nonce.toString('base64'), box: box.toString('base64') }
}

export function unseal({ name, updatedAt, nonce, box }: SealedSecret, key: VaultKey): Uint8Array {
  try {
    const bytes = Buffer.from(box, 'base64')
    const cut = bytes.length - TAG_BYTES
    const decipher = createDecipheriv('aes-256-gcm', derive(key, 'secrets'), Buffer.from(nonce, 'base64'), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(boundTo(name, updatedAt))
    decipher.setAuthTag(bytes.subarray(cut))
    return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(0, cut)), decipher.final()]))
  } catch {
    throw tampered()
  }
}

/** Reads the shape only; what it says is believed after the HMAC over it. */
function read(text: string): readonly SealedSecret[] {
  const secrets: unknown = readField(text, 'secrets')
  if (!Array.isArray(secrets)) throw tampered()
  return secrets.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) throw tampered()
    const { name, updatedAt, nonce, box } = entry as Readonly<Record<string, unknown>>
    const isGood = [name, updatedAt, nonce, box].every((field) => typeof field === 'string')
    if (!isGood) throw tampered()
    return { name, updatedAt, nonce, box } as SealedSecret
  })
}

function readField(text: string, field: 'secrets' | 'keyCheck'): unknown {
  let envelope: unknown
  try {
    envelope = JSON.parse(text)
  } catch {
    throw tampered()
  }
  if (typeof envelope !== 'object' || envelope === null) throw tampered()
  const { format, version, [field]: value } = envelope as Readonly<Record<string, unknown>>
  if (format === FORMAT && typeof version === 'number' && version > VERSION) {
    throw new BastionError('invalid', `The vault is of version ${version}, made by a newer Sallyport; start that one.`)
  }
  if (format !== FORMAT || version !== VERSION) throw tampered()
  return value
}

/** A name cannot hold a NUL (file-vault checks it), so no two pairs give the same bytes. */
function boundTo(name: string, updatedAt: string): Buffer {
  return Buffer.from([FORMAT, VERSION, name, updatedAt].join('\0'))
}

/** Tells one key from another, and nothing more of it. */
function keyCheck(key: VaultKey): string {
  return derive(key, 'check').subarray(0, 8).toString('hex')
}

function derive(key: VaultKey, use: 'secrets' | 'list' | 'check'): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `${FORMAT} ${VERSION} ${use}`, 32))
}

function tampered(): BastionError {
  return new BastionError(
    'untrusted',
    'The vault’s file was changed by something other than Sallyport, and none of it is used. Restore a backup of it.',
  )
}
