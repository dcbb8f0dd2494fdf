/** The bastion's own host key: made at the first start, kept in a 0600 file, shown to whoever wants to pin it. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { BastionError } from '../core/errors.ts'
import { fingerprint } from './public-key.ts'

export interface HostKey {
  readonly privateKey: string
  /** `type base64`, as in a known_hosts line. */
  readonly publicKey: string
  readonly fingerprint: string
}

/** Reads the key of `folder`, making one where there is none. Refuses a key that others on the machine may read. */
export async function loadHostKey(folder: string): Promise<HostKey> {
  const file = join(folder, 'ssh_host_ed25519_key')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  let text = await readIfThere(file)
  if (text === undefined) {
    text = newKeyPair('sallyport').privateKey
    await writeFile(file, text, { mode: 0o600, flag: 'wx' })
  }
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0) {
    throw new BastionError('invalid', `Others on this machine may read the host key ${file}. Run: chmod 600 ${file}`)
  }
  return describeKey(text, file)
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    // Only a key that is missing may be made; one that cannot be read is another one than the people have pinned.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new BastionError('invalid', `The host key ${file} cannot be read; check its owner and mode.`, error)
  }
}

/** Far more than chance needs. */
const MAX_TRIES = 20

/** Makes an Ed25519 key pair; `publicKey` is its authorized_keys line. */
export function newKeyPair(comment: string): { readonly privateKey: string; readonly publicKey: string } {
  // ssh2 writes one pair in some two hundred so that it cannot be read again (tried on 1.17), not even by itself.
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error))
      return { privateKey: pair.private, publicKey: pair.public }
  }
  throw new BastionError('internal', 'No key could be made that can be read again.')
}

function describeKey(text: string, file: string): HostKey {
  const key = ssh2.utils.parseKey(text)
  if (key instanceof Error || !key.isPrivateKey()) {
    throw new BastionError(
      'invalid',
      `The file ${file} does not hold a private key without a passphrase. Put the host key back, or move the file away and a new one is made.`,
      key instanceof Error ? key : undefined,
    )
  }
  const blob = key.getPublicSSH()
  return { privateKey: text, publicKey: `${key.type} ${blob.toString('base64')}`, fingerprint: fingerprint(blob) }
}
