/**
 * `sallyport doctor`: what `serve` would find, looked at one by one, each with what to do about it. Unlike `check` it goes
 * out: to the identity provider and, where asked, to every target. Nothing is changed.
 */
import { access, constants, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { check, formatFinding } from './check.ts'
import { type Config, loadConfig } from './config.ts'
import { BastionError, messageFor } from './core/errors.ts'
import type { Target } from './core/target.ts'
import { connectUpstream } from './ssh/upstream.ts'
import { readSqliteState } from './store/sqlite/read-only.ts'
import { openFileVault } from './vault/file-vault.ts'
import { readVaultKey } from './vault/key.ts'

export interface Diagnosis {
  readonly what: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly message: string
}

const PROVIDER_LIMIT_MS = 10_000
/** Tokens are taken with 30 s of difference (identity/claims.ts); half of it is time to look. */
const SKEW_WARN_MS = 15_000
const SKEW_FAIL_MS = 30_000
/** Below this `/readyz` says no; see bastion.ts. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024
const FEW_FREE_BYTES = 1024 * 1024 * 1024

export async function diagnose(
  file: string,
  env: NodeJS.ProcessEnv,
  { targets }: { readonly targets: boolean },
): Promise<readonly Diagnosis[]> {
  const found = await check(file, env)
  const said = found.map(
    (finding): Diagnosis => ({ what: 'configuration', state: 'fail', message: formatFinding(finding) }),
  )
  const configuration: readonly Diagnosis[] =
    said.length > 0 ? said : [ok('configuration', `${file}, its policy and what they name are good.`)]
  const loaded = loadConfig(file, env)
  if (loaded.kind === 'broken') return configuration
  const { config } = loaded
  return [
    ...configuration,
    ...(await Promise.all([
      port('ssh', config.ssh),
      port('web', config.web),
      ofProvider(config),
      ofVault(config, env),
      ofState(config),
      ofRecordings(config),
    ])),
    ...(targets ? await ofTargets(config, env) : []),
  ]
}

/** Listens on it for a moment: that is what `serve` would do. */
async function port(
  what: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Diagnosis> {
  const name = `${what} port`
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | undefined>()
  const server = createServer()
  server.once('error', resolve)
  server.listen(port, host, () => server.close(() => resolve(undefined)))
  const error = await promise
  if (error === undefined) return ok(name, `${host}:${port} is free.`)
  if (error.code === 'EADDRINUSE') {
    return warn(
      name,
      `${host}:${port} is taken. Good if that is this bastion, running; else choose another with ${what}.listen.`,
    )
  }
  return fail(
    name,
    `Nothing can listen on ${host}:${port} (${error.code ?? 'unknown'}). Name an address of this machine, and a port that its user may open, in ${what}.listen.`,
  )
}

async function ofProvider({ identity }: Config): Promise<Diagnosis> {
  const what = 'identity provider'
  const url = `${identity.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  let response: Response
  let issuer: unknown
  const asked = Date.now()
  try {
    response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PROVIDER_LIMIT_MS) })
    issuer = ((await response.json()) as { readonly issuer?: unknown }).issuer
  } catch {
    return fail(
      what,
      `${url} does not answer with its metadata. Is it running, and does this machine reach it and trust its certificate?`,
    )
  }
  if (!response.ok || typeof issuer !== 'string' || URL.parse(issuer)?.href !== URL.parse(identity.issuer)?.href) {
    return fail(
      what,
      `${url} does not say that it is ${identity.issuer}. Set identity.issuer to what its metadata names.`,
    )
  }
  const date = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(date)) return warn(what, `${identity.issuer} answers, and does not say what time it has.`)
  // The header has whole seconds, and is as old as the answer took.
  const now = Date.now()
  const skew = Math.max(0, date - now, asked - 1_000 - date)
  const seconds = Math.round(skew / 1_000)
  if (skew >= SKEW_FAIL_MS)
    return fail(
      'clock',
      `This machine and the identity provider are ${seconds} s apart; tokens are refused from 30 s on. Run NTP on both.`,
    )
  if (skew >= SKEW_WARN_MS)
    return warn('clock', `This machine and the identity provider are ${seconds} s apart. Run NTP on both.`)
  return ok(what, `${identity.issuer} answers, and its clock is ours.`)
}

async function ofVault({ vault }: Config, env: NodeJS.ProcessEnv): Promise<Diagnosis> {
  try {
    const key = await readVaultKey({ env: env.SALLYPORT_VAULT_KEY, file: vault.keyFile })
    const secrets = await (await openFileVault({ file: vault.file, key })).list()
    const info = await stat(vault.keyFile).catch(() => undefined)
    if (info !== undefined && (info.mode & 0o077) !== 0) {
      return warn('vault', `${vault.keyFile} can be read by others than its owner: chmod 600 it.`)
    }
    return ok('vault', `${vault.file} opens and has ${secrets.length} secrets.`)
  } catch (error) {
    return fail('vault', messageFor(error))
  }
}

async function ofState({ stateFolder }: Config): Promise<Diagnosis> {
  const file = join(stateFolder, 'sallyport.db')
  const isThere = await stat(file).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    const place = await writable(stateFolder)
    return place === undefined
      ? ok('database', `${file} is not there yet; serve makes it.`)
      : fail(
          'database',
          `${file} cannot be made: ${place} cannot be written. Change its owner, or name another with state.`,
        )
  }
  try {
    const state = readSqliteState(file)
    try {
      const [last] = await state.audit.list({ limit: 1 })
      const place = await writable(file)
      if (place !== undefined) return fail('database', `${place} cannot be written by this user. Change its owner.`)
      return ok(
        'database',
        `${file} opens; its audit log has ${last?.seq ?? 0} events. “sallyport audit verify” checks them.`,
      )
    } finally {
      state.close()
    }
  } catch (error) {
    return fail('database', messageFor(error))
  }
}

async function ofRecordings({ recordingFolder }: Config): Promise<Diagnosis> {
  const place = await writable(recordingFolder)
  if (place !== undefined)
    return fail(
      'recordings',
      `${place} cannot be written, so no session could be recorded, and none may run. Change its owner, or name another with recordings.`,
    )
  const folder = await existing(recordingFolder)
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const megabytes = Math.floor(free / 1024 / 1024)
  if (free < LEAST_FREE_BYTES)
    return fail('recordings', `${folder} has ${megabytes} MB left: the bastion says that it is not ready. Make room.`)
  if (free < FEW_FREE_BYTES)
    return warn('recordings', `${folder} has ${megabytes} MB left. When it is full, sessions end.`)
  return ok('recordings', `${recordingFolder} can be written; ${megabytes} MB are left.`)
}

/** Opens a connection to each, with its key and to its pinned host key, and runs nothing. */
async function ofTargets({ targets, vault }: Config, env: NodeJS.ProcessEnv): Promise<readonly Diagnosis[]> {
  const key = await readVaultKey({ env: env.SALLYPORT_VAULT_KEY, file: vault.keyFile }).catch(() => undefined)
  if (key === undefined) return []
  const secrets = await openFileVault({ file: vault.file, key }).catch(() => undefined)
  if (secrets === undefined) return []
  const found: Diagnosis[] = []
  for (const target of targets) {
    for (const login of target.logins) {
      const what = `target ${login}@${target.name}`
      try {
        await tryTarget(target, login, await secrets.open(target.credential))
        found.push(ok(what, 'answers, with the pinned host key, and lets the bastion in.'))
      } catch (error) {
        found.push(fail(what, messageFor(error)))
      }
    }
  }
  return found
}

/** Rejects where the target does not let this key in. */
export async function tryTarget(target: Target, login: string, privateKey: Uint8Array): Promise<void> {
  const upstream = await connectUpstream({ target, login, privateKey })
  upstream.close()
}

/** Undefined where it can be written; else what cannot. Of what is not there yet, the folder that it would be made in. */
async function writable(path: string): Promise<string | undefined> {
  const place = await existing(path)
  return access(place, constants.W_OK).then(
    () => undefined,
    () => place,
  )
}

async function existing(path: string): Promise<string> {
  try {
    await stat(path)
    return path
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new BastionError('invalid', `${path} cannot be looked at.`, error)
    return dirname(path) === path ? path : existing(dirname(path))
  }
}

const ok = (what: string, message: string): Diagnosis => ({ what, state: 'ok', message })
const warn = (what: string, message: string): Diagnosis => ({ what, state: 'warn', message })
const fail = (what: string, message: string): Diagnosis => ({ what, state: 'fail', message })
