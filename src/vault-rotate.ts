/**
 * `sallyport vault rotate`: another secret in the place of one, which is tried before it counts. The one before is kept
 * beside it, so that a mistake can be taken back.
 */
import { BastionError, messageFor } from './core/errors.ts'
import type { Vault } from './core/ports.ts'
import { isOwnSecret } from './core/secret-names.ts'
import type { Target } from './core/target.ts'

export interface RotateParts {
  readonly vault: Vault
  /** Those that the secret opens are tried with the new one. */
  readonly targets: readonly Target[]
  tryTarget(target: Target, login: string, privateKey: Uint8Array): Promise<void>
}

/** Where the one before is. */
export const previousName = (name: string): string => `${name}@previous`

/**
 * Resolves to which targets were tried with it. Rejects with `conflict`, and changes nothing, where one does not let it in:
 * put the new public key there first.
 */
export async function rotate(
  { vault, targets, tryTarget }: RotateParts,
  name: string,
  { secret, isTried }: { readonly secret: Uint8Array; readonly isTried: boolean },
): Promise<readonly string[]> {
  refuseOwn(name)
  const old = await vault.open(name)
  if (Buffer.from(old).equals(secret)) throw new BastionError('conflict', `${name} is this very secret already.`)
  const tried: string[] = []
  const refused: string[] = []
  for (const target of isTried ? targets.filter(({ credential }) => credential === name) : []) {
    for (const login of target.logins) {
      tried.push(`${login}@${target.name}`)
      await tryTarget(target, login, secret).catch((error) =>
        refused.push(`${login}@${target.name}: ${messageFor(error)}`),
      )
    }
  }
  if (refused.length > 0) {
    throw new BastionError(
      'conflict',
      `Nothing was changed, because the new key does not open what the old one does:\n${refused.join('\n')}\nPut its public half there first, or rotate with --untried.`,
    )
  }
  // The old one first: whatever fails between the two, it can be had back.
  await vault.put(previousName(name), old)
  await vault.put(name, secret)
  return tried
}

/** Puts the one before back; the one that was in its place is then the one before. */
export async function rotateBack({ vault }: Pick<RotateParts, 'vault'>, name: string): Promise<void> {
  refuseOwn(name)
  const [old, current] = [await vault.open(previousName(name)), await vault.open(name)]
  await vault.put(previousName(name), current)
  await vault.put(name, old)
}

function refuseOwn(name: string): void {
  if (!isOwnSecret(name)) return
  throw new BastionError(
    'invalid',
    'Names that begin with “sallyport/” are the bastion’s own, and are not rotated this way.',
  )
}
