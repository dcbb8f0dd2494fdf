/** What `sallyport doctor` and `vault rotate` do. */
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { doctorText, type OperationCommands } from './cli/operations.ts'
import { BastionError } from './core/errors.ts'
import { requireConfig } from './required-config.ts'
import { openFileVault } from './vault/file-vault.ts'
import { readVaultKey } from './vault/key.ts'
import { rotate, rotateBack } from './vault-rotate.ts'

export const operationCommands: OperationCommands = {
  async doctor({ config, targets }, output) {
    // ssh's library comes with it, which the other commands need not wait for.
    const { diagnose } = await import('./doctor.ts')
    const found = await diagnose(config, process.env, { targets })
    const ok = found.every(({ state }) => state !== 'fail')
    output.print(doctorText(found, output.paint), { ok, found })
    return ok
  },

  async vaultRotate(name, { config: configFile, file, untried, back }, output) {
    const config = requireConfig(configFile)
    const key = await readVaultKey({ env: process.env.SALLYPORT_VAULT_KEY, file: config.vault.keyFile })
    const vault = await openFileVault({ file: config.vault.file, key })
    if (back) {
      await rotateBack({ vault }, name)
      output.print(`${name} is what it was before.`, { name })
      return
    }
    const secret = file === undefined ? await buffer(process.stdin) : await readFile(file)
    if (secret.toString().trim() === '')
      throw new BastionError('invalid', 'There is nothing to store: the input is empty.')
    const { tryTarget } = await import('./doctor.ts')
    const tried = await rotate({ vault, targets: config.targets, tryTarget }, name, { secret, isTried: !untried })
    const told = tried.length === 0 ? 'It was tried on no target.' : `It opens ${tried.join(', ')}.`
    output.print(`${name} was rotated. ${told} --back puts the one before back.`, { name, tried })
  },
}
