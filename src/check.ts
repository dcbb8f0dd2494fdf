/**
 * What `sallyport check` looks at: the configuration, the policy, and what both name outside of themselves, so that
 * `serve` has no surprise left. Nothing is connected to, and no secret is shown.
 */
import { readFile } from 'node:fs/promises'
import { relyingPartyOf } from './approval/receipt.ts'
import { readCatalogueFile } from './catalogue-file.ts'
import { type Config, loadConfig } from './config.ts'
import { messageFor } from './core/errors.ts'
import { s3Keys } from './object-store.ts'
import { parsePolicy } from './policy/policy.ts'
import { readSecret } from './sign-in-services.ts'
import { openFileVault } from './vault/file-vault.ts'
import { readVaultKey } from './vault/key.ts'

export interface Finding {
  readonly file: string
  /** 1-based; 0 where the finding is about no line. */
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Returns everything that is wrong; empty when the bastion could start and let people in. */
export async function check(file: string, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const result = loadConfig(file, env)
  if (result.kind === 'broken') return result.problems
  const { config } = result
  const about = (message: string): Finding => ({ file, line: 0, column: 0, message })
  return [
    ...(await ofPolicy(config)),
    ...(await ofCatalogue(config)),
    ...(await ofSecrets(config, env)).map(about),
    ...ofTargets(config).map(about),
  ]
}

export function formatFinding({ file, line, column, message }: Finding): string {
  return line === 0 ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`
}

async function ofPolicy({ policyFile, web }: Config): Promise<readonly Finding[]> {
  const text = await readFile(policyFile, 'utf8').catch(() => undefined)
  if (text === undefined) return [{ file: policyFile, line: 0, column: 0, message: 'The policy file cannot be read.' }]
  const parsed = parsePolicy({ text, file: policyFile })
  if (parsed.kind === 'broken') return parsed.problems
  if (web.url !== undefined && relyingPartyOf(web.url) !== undefined) return []
  return parsed.policy.rules
    .filter(({ then }) => then.kind === 'hold' && then.quorum.sign === 'passkey')
    .map(({ name, line }) => ({
      ...{ file: policyFile, line, column: 1 },
      message: `Nobody can approve what “${name}” holds: it wants approvals signed with a passkey, and browsers use those only where web.url is https with a domain name (or localhost).`,
    }))
}

async function ofCatalogue({ catalogueFile }: Config): Promise<readonly Finding[]> {
  if (catalogueFile === undefined) return []
  const read = await readCatalogueFile(catalogueFile)
  return read.kind === 'broken' ? read.problems : []
}

async function ofSecrets(config: Config, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const messages: string[] = []
  const { clientSecret } = config.identity
  if (clientSecret !== undefined) await readSecret(clientSecret, env).catch((error) => messages.push(messageFor(error)))
  const place = config.recordingStore?.place
  if (place?.kind === 's3') await s3Keys(place.credentials, env).catch((error) => messages.push(messageFor(error)))
  try {
    const key = await readVaultKey({ env: env.SALLYPORT_VAULT_KEY, file: config.vault.keyFile })
    const names = new Set(
      (await (await openFileVault({ file: config.vault.file, key })).list()).map(({ name }) => name),
    )
    for (const { name, secret } of config.notify ?? []) {
      if (secret !== undefined && !names.has(secret))
        messages.push(
          `The vault has no “${secret}”, which signs or opens what is sent to ${name}. Put it there: sallyport vault put ${secret}`,
        )
    }
    for (const { name, credential } of config.targets) {
      if (!names.has(credential))
        messages.push(
          `The vault has no “${credential}”, which opens ${name}. Put it there: sallyport vault put ${credential} -f KEYFILE`,
        )
    }
  } catch (error) {
    messages.push(messageFor(error))
  }
  return messages
}

function ofTargets({ targets }: Config): readonly string[] {
  return targets
    .filter((target) => target.hostKeys.length === 0)
    .map(
      (target) =>
        `No host key is pinned for ${target.name}, so nobody will be let in. Put the output of “ssh-keyscan ${target.host}” there, once you have checked it.`,
    )
}
