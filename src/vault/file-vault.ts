/**
 * Credentials in one encrypted file. Every call reads and verifies the whole file anew, so that a secret put by another
 * process (`sallyport vault put`) is seen at once and a changed file is refused at once. A file that cannot be trusted
 * is never written over.
 */
import { constants } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Clock, systemClock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import { randomText } from '../core/ids.ts'
import type { Vault } from '../core/ports.ts'
import { formatVault, parseVault, type SealedSecret, seal, unseal } from './envelope.ts'
import { hasCode, translate } from './errors.ts'
import type { VaultKey } from './key.ts'
import { withLock } from './lock.ts'

export interface FileVaultOptions {
  readonly file: string
  readonly key: VaultKey
  readonly clock?: Clock
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/@+-]{0,127}$/
const LONGEST_SECRET_BYTES = 64 * 1024
const MOST_SECRETS = 1000
/** Above what the two limits before can add up to. */
const LONGEST_FILE_BYTES = 128 * 1024 * 1024

/** Throws `invalid` for what no vault takes. */
export function checkSecret(name: string, secret: Uint8Array): void {
  if (!NAME.test(name)) {
    throw new BastionError(
      'invalid',
      'A secret’s name is made of letters, digits, “.”, “_”, “/”, “@”, “+” and “-”, 128 at most.',
    )
  }
  if (secret.length === 0 || secret.length > LONGEST_SECRET_BYTES) {
    throw new BastionError('invalid', `A secret has 1 to ${LONGEST_SECRET_BYTES} bytes.`)
  }
}

/** Opens the vault and verifies it; one that is not there yet is empty, and its file is made by the first `put`. */
export async function openFileVault({ file, key, clock = systemClock }: FileVaultOptions): Promise<Vault> {
  const secrets = async (): Promise<readonly SealedSecret[]> => {
    const text = await read(file)
    return text === undefined ? [] : parseVault(text, key)
  }
  await secrets()

  return {
    async open(name) {
      const found = (await secrets()).find((secret) => secret.name === name)
      if (found === undefined)
        throw new BastionError('not-found', 'The vault has no secret of that name; “sallyport vault put” adds it.')
      return unseal(found, key)
    },

    async put(name, secret) {
      checkSecret(name, secret)
      // Sealed before the first wait: the caller may wipe its copy as soon as this call returns.
      const sealed = seal(name, secret, clock.now(), key)
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 })
        await makeLockFile(`${file}.lock`)
        await withLock(`${file}.lock`, clock, async () => {
          const others = (await secrets()).filter((other) => other.name !== name)
          if (others.length >= MOST_SECRETS)
            throw new BastionError('too-many', `The vault holds ${MOST_SECRETS} secrets at most.`)
          await replace(file, formatVault([...others, sealed].sort(byName), key))
        })
      } catch (error) {
        throw translate(error)
      }
    },

    async list() {
      return (await secrets()).map(({ name, updatedAt }) => ({ name, updatedAt: new Date(updatedAt) }))
    },
  }
}

/** Returns undefined where there is no file. */
async function read(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, 'r')
    try {
      if ((await handle.stat()).size > LONGEST_FILE_BYTES) {
        throw new BastionError(
          'untrusted',
          'The vault’s file is far longer than a vault can be; restore a backup of it.',
        )
      }
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw translate(error)
  }
}

async function makeLockFile(file: string): Promise<void> {
  await (await open(file, constants.O_CREAT | constants.O_RDWR, 0o600)).close()
}

/** Puts the new file in the old one's place at once: whoever reads, and whatever fails, finds one of them whole. */
async function replace(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomText(12)}.tmp`
  try {
    const handle = await open(aside, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, file)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  // The new name is as durable as the bytes only when the folder is, too (fsync(2)).
  const folder = await open(dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}

function byName(a: SealedSecret, b: SealedSecret): number {
  return a.name < b.name ? -1 : 1
}
