/**
 * Seals small secrets that live in the database (refresh tokens) under the vault's key, in the vault's own envelope.
 *
 * INVARIANT: the name is bound to the sealed text, and no name here can be one of the vault's: those have no colon.
 */

import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import type { Sealer } from '../core/ports.ts'
import { type SealedSecret, seal, unseal } from './envelope.ts'
import type { VaultKey } from './key.ts'

export function openSealer(key: VaultKey, clock: Clock): Sealer {
  const full = (name: string) => `sealed:${name}`
  return {
    seal(name, secret) {
      const { updatedAt, nonce, box } = seal(full(name), secret, clock.now(), key)
      return JSON.stringify([updatedAt, nonce, box])
    },
    open(name, sealed) {
      return unseal({ name: full(name), ...read(sealed) }, key)
    },
  }
}

function read(sealed: string): Omit<SealedSecret, 'name'> {
  const parts = partsOf(sealed)
  const [updatedAt, nonce, box] = parts
  if (typeof updatedAt !== 'string' || typeof nonce !== 'string' || typeof box !== 'string' || parts.length !== 3) {
    throw new BastionError('untrusted', 'A sealed secret in the database was changed, and is not used.')
  }
  return { updatedAt, nonce, box }
}

function partsOf(sealed: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(sealed)
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}
