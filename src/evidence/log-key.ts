/**
 * The key that signs the audit log, made at the first start and kept in the vault. Whoever has the vault's key can sign
 * as the log; whoever only has the database cannot.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { BastionError } from '../core/errors.ts'
import type { Vault } from '../core/ports.ts'
import { LOG_KEY } from '../core/secret-names.ts'
import type { NoteSigner } from './note.ts'

export interface LogKey {
  readonly signer: NoteSigner
  /** The log has a checkpoint by this key; where there is none any more, somebody took it away. */
  readonly hasBegun: boolean
}

/** Undefined where there is none yet. */
export async function findLogKey(vault: Vault): Promise<LogKey | undefined> {
  let secret: Uint8Array
  try {
    secret = await vault.open(LOG_KEY)
  } catch (error) {
    if (error instanceof BastionError && error.code === 'not-found') return undefined
    throw error
  }
  try {
    const { origin, privateKey, hasBegun } = JSON.parse(Buffer.from(secret).toString()) as Record<string, unknown>
    if (typeof origin !== 'string' || typeof privateKey !== 'string') throw new TypeError('fields are missing')
    const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' })
    return { signer: { name: origin, privateKey: key }, hasBegun: hasBegun === true }
  } catch (error) {
    throw new BastionError('invalid', `The vault’s “${LOG_KEY}” is no key of an audit log; restore the vault.`, error)
  }
}

export async function makeLogKey(vault: Vault): Promise<LogKey> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const signer = { name: `sallyport.log/${randomBytes(8).toString('hex')}`, privateKey }
  await keep(vault, signer, false)
  return { signer, hasBegun: false }
}

export async function markBegun(vault: Vault, { signer }: LogKey): Promise<void> {
  await keep(vault, signer, true)
}

async function keep(vault: Vault, { name, privateKey }: NoteSigner, hasBegun: boolean): Promise<void> {
  const der = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  await vault.put(LOG_KEY, Buffer.from(JSON.stringify({ origin: name, privateKey: der, hasBegun })))
}
