/**
 * The vault's master key: 32 random bytes, from the environment or from a file that nobody but its owner can read.
 * What is malformed or too widely readable is refused, never worked around; no sentence here shows any of the key.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BastionError } from '../core/errors.ts'
import { hasCode, translate } from './errors.ts'

declare const brand: unique symbol
/** A KeyObject, because that prints as its type and not as its bytes, wherever it ends up. */
export type VaultKey = KeyObject & { readonly [brand]: 'vault-key' }

export interface VaultKeySource {
  /** The value of SALLYPORT_VAULT_KEY. When it is set it alone counts, even if it is wrong. */
  readonly env: string | undefined
  readonly file: string
  /** Makes a new key in `file` when there is none there: for the demo and the first start. */
  readonly createIfMissing?: boolean
}

const KEY_BYTES = 32
/** A key file is 64 characters at most; what is longer is some other file, and is not read whole. */
const LONGEST_FILE = 256

/** Rejects with `not-found` (no key anywhere), `invalid` (not a key) or `untrusted` (others can read or own the file). */
export async function readVaultKey(source: VaultKeySource): Promise<VaultKey> {
  if (source.env !== undefined) return parse(source.env, 'SALLYPORT_VAULT_KEY')
  try {
    return await readKeyFile(source.file)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw translate(error)
  }
  if (source.createIfMissing !== true) {
    throw new BastionError(
      'not-found',
      `There is no vault key: set SALLYPORT_VAULT_KEY, or make one with “(umask 077; openssl rand -base64 32 > ${source.file})”.`,
    )
  }
  try {
    await createKeyFile(source.file)
    return await readKeyFile(source.file)
  } catch (error) {
    throw translate(error)
  }
}

async function readKeyFile(file: string): Promise<VaultKey> {
  const handle = await open(file, 'r')
  try {
    // Asked of the open file, so that the answer is about what is read.
    const { uid, mode } = await handle.stat()
    if (uid !== process.geteuid?.()) {
      throw new BastionError(
        'untrusted',
        `The vault key ${file} belongs to another user; “chown” it to the one who runs the bastion.`,
      )
    }
    if ((mode & 0o077) !== 0) {
      throw new BastionError(
        'untrusted',
        `Others than its owner can use the vault key ${file}; run “chmod 600 ${file}”, and make a new key if they may have read it.`,
      )
    }
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(LONGEST_FILE) })
    return parse(buffer.toString('latin1', 0, bytesRead), file)
  } finally {
    await handle.close()
  }
}

/** Writes aside and links into place: a second process that starts now finds no key or a whole one. */
async function createKeyFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const aside = `${file}.${randomBytes(8).toString('hex')}.tmp`
  try {
    const handle = await open(aside, 'wx', 0o600)
    try {
      await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(aside, file).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error
    })
  } finally {
    await rm(aside, { force: true })
  }
}

function parse(value: string, where: string): VaultKey {
  const text = value.trim()
  const encoding = encodingOf(text)
  const bytes = Buffer.from(text, encoding)
  // Read back: Buffer.from passes over what it does not understand.
  const isWhole =
    bytes.length === KEY_BYTES && bytes.toString(encoding) === (encoding === 'hex' ? text.toLowerCase() : text)
  if (!isWhole || bytes.every((byte) => byte === bytes[0])) {
    throw new BastionError(
      'invalid',
      `${where} is no vault key: it must be 32 random bytes as base64, base64url or hex. Make one with “openssl rand -base64 32”.`,
    )
  }
  return createSecretKey(bytes) as VaultKey
}

/** 32 bytes are 64 characters of hex, 44 of base64 and 43 of base64url, so one text is never two keys. */
function encodingOf(text: string): 'hex' | 'base64' | 'base64url' {
  if (text.length === KEY_BYTES * 2) return 'hex'
  return text.endsWith('=') && !/[-_]/.test(text) ? 'base64' : 'base64url'
}
