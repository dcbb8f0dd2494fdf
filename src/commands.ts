/**
 * What each command does; how it is called stands in `cli/`. What only a running
 * bastion needs is imported when one is started: the other commands answer in half the time without it.
 */
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { call } from './api-call.ts'
import { auditExport } from './audit-export.ts'
import { type HoldFacts, holdText } from './cli/hold-text.ts'
import { type MeFacts, meText } from './cli/me-text.ts'
import type { Commands, Output } from './cli/program.ts'
import type { Config } from './config.ts'
import { BastionError } from './core/errors.ts'
import type { Vault } from './core/ports.ts'
import { isOwnSecret } from './core/secret-names.ts'
import { install } from './demo/packages.ts'
import { evidenceCommands } from './evidence-commands.ts'
import { openLog } from './log.ts'
import { operationCommands } from './operation-commands.ts'
import { policyCommands } from './policy-commands.ts'
import { recordingCommands } from './recordings-commands.ts'
import { requireConfig } from './required-config.ts'
import { loadHostKey } from './ssh/host-key.ts'
import { visible } from './terminal/visible.ts'
import { openFileVault } from './vault/file-vault.ts'
import { readVaultKey } from './vault/key.ts'

const DEMO_PACKAGES = [
  { command: 'sshd', package: 'openssh-server' },
  { command: 'ssh-keygen', package: 'openssh-client' },
  { command: 'unshare', package: 'util-linux' },
]

/** Resolves when the process is asked to end: SIGTERM by a supervisor, SIGINT by a person. */
function asked(onHangUp: () => void): Promise<string> {
  process.on('SIGHUP', onHangUp)
  return new Promise((done) => {
    process.once('SIGTERM', () => done('SIGTERM'))
    process.once('SIGINT', () => done('SIGINT'))
  })
}

async function openVault(config: Config): Promise<Vault> {
  const key = await readVaultKey({ env: process.env.SALLYPORT_VAULT_KEY, file: config.vault.keyFile })
  return openFileVault({ file: config.vault.file, key })
}

export const commands: Commands = {
  policy: policyCommands,
  evidence: evidenceCommands,
  recordings: recordingCommands,
  operations: operationCommands,
  auditExport,

  async serve({ config: file }) {
    const { startBastion } = await import('./bastion.ts')
    const config = requireConfig(file)
    const bastion = await startBastion(config, {
      log: openLog({ level: config.log.level, ...(config.log.file && { file: config.log.file }) }),
      env: process.env,
    })
    await bastion.stop(await asked(() => void bastion.reloadPolicy()))
  },

  async demo() {
    const { demoGreeting, startDemo } = await import('./demo.ts')
    const { env } = process
    install(DEMO_PACKAGES, (sentence) => process.stdout.write(`${sentence}\n`))
    const folder = resolve(env.SALLYPORT_STATE_DIR ?? '.demo')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const demo = await startDemo({
      folder,
      policyFile: resolve(import.meta.dirname, '../policies/default.yaml'),
      ports: {
        ssh: Number(env.SALLYPORT_SSH_PORT ?? 2222),
        web: Number(env.SALLYPORT_WEB_PORT ?? 8080),
        idp: Number(env.SALLYPORT_IDP_PORT ?? 8081),
      },
      log: openLog({ level: 'info', file: join(folder, 'bastion.log') }),
    })
    process.stdout.write(demoGreeting(demo))
    await demo.stop(await asked(() => void demo.bastion.reloadPolicy()))
  },

  async check({ config: file }, output) {
    const { check, formatFinding } = await import('./check.ts')
    const problems = await check(file, process.env)
    output.print(problems.length === 0 ? `${file} is good.` : problems.map(formatFinding).join('\n'), {
      ok: problems.length === 0,
      problems,
    })
    return problems.length === 0
  },

  async hostkey({ config: file }, output) {
    const config = requireConfig(file)
    const key = await loadHostKey(config.ssh.hostKeyFolder)
    const host = config.web.url?.hostname ?? config.ssh.host
    const line = `${config.ssh.port === 22 ? host : `[${host}]:${config.ssh.port}`} ${key.publicKey}`
    output.print(line, { knownHosts: line, fingerprint: key.fingerprint })
  },

  async vaultPut(name, { config: file, file: secretFile }, output) {
    if (isOwnSecret(name)) {
      throw new BastionError('invalid', 'Names that begin with “sallyport/” are the bastion’s own; choose another.')
    }
    const secret = secretFile === undefined ? await text(process.stdin) : await readFile(secretFile, 'utf8')
    if (secret.trim() === '') throw new BastionError('invalid', 'There is nothing to store: the input is empty.')
    await (await openVault(requireConfig(file))).put(name, Buffer.from(secret))
    output.print(`${name} is in the vault.`, { name })
  },

  async vaultList({ config: file }, output) {
    const entries = await (await openVault(requireConfig(file))).list()
    output.print(
      entries
        .map(
          (entry) =>
            `${entry.name}  ${entry.updatedAt.toISOString()}${isOwnSecret(entry.name) ? '  the bastion’s own' : ''}`,
        )
        .join('\n') || 'The vault is empty.',
      entries,
    )
  },

  async login({ url }, output) {
    const { login } = await import('./cli-sign-in.ts')
    await login(url, { env: process.env, output, say: (text) => void process.stderr.write(`${text}\n`) })
  },

  async logout({ url }, output) {
    const { logout } = await import('./cli-sign-in.ts')
    await logout(url, process.env, output)
  },

  async whoami({ url }, output) {
    const me = (await (await call(url, 'me', { method: 'GET' })).json()) as MeFacts
    output.print(meText(me), me)
  },

  holdsList: ({ url, state }, output) =>
    show(
      output,
      url,
      state === 'all' ? 'holds' : `holds?state=${encodeURIComponent(state)}`,
      'holds',
      state === 'pending'
        ? ['id', 'requester', 'target', 'text', 'explanations']
        : ['id', 'state', 'requester', 'target', 'text'],
      state === 'pending' ? 'Nothing waits.' : 'There are none that you may see.',
    ),
  async holdsShow(id, { url }, output) {
    const hold = await (await call(url, `holds/${encodeURIComponent(id)}`, { method: 'GET' })).json()
    output.print(holdText(hold as HoldFacts), hold)
  },
  sessionsList: ({ url }, output) =>
    show(
      output,
      url,
      'sessions',
      'sessions',
      ['id', 'person', 'target', 'kind', 'startedAt', 'endedAt'],
      'There are no sessions.',
    ),
  recordingsList: ({ url, search }, output) =>
    search !== undefined
      ? showHits(output, url, search)
      : show(output, url, 'recordings', 'recordings', ['session', 'sizeBytes'], 'There are no recordings.'),

  async say(id, { url, text }, output) {
    const hold = await call(url, `holds/${encodeURIComponent(id)}/words`, { method: 'POST', body: { text } })
    output.print(`${id}: said.`, await hold.json())
  },

  async decide(id, decision, { url, reason, grant }, output) {
    const hold = await call(url, `holds/${encodeURIComponent(id)}/decisions`, {
      method: 'POST',
      body: { decision, reason, grant },
    })
    const outcome = decision === 'approve' ? 'approved' : 'rejected'
    const granted = grant === undefined ? '' : `, and the same command for ${grant.minutes} min (see: grants list)`
    output.print(`${id}: ${outcome}${granted}.`, await hold.json())
  },

  grantsList: ({ url }, output) =>
    show(
      output,
      url,
      'grants',
      'grants',
      ['id', 'person', 'login', 'target', 'scope', 'until', 'by', 'uses', 'text'],
      'No grant is in force.',
    ),

  async grantsRevoke(id, { url }, output) {
    await call(url, `grants/${encodeURIComponent(id)}`, { method: 'DELETE' })
    output.print(`${id} was revoked: the next time is asked for.`, { id })
  },

  debtsList: ({ url, all }, output) =>
    show(
      output,
      url,
      all ? 'debts?state=all' : 'debts',
      'debts',
      ['hold', 'person', 'login', 'target', 'dueAt', 'isOverdue', 'reason', 'text'],
      'No review of broken glass is open.',
    ),

  notifications: ({ url }, output) =>
    show(
      output,
      url,
      'notifications',
      'dead',
      ['at', 'route', 'notice', 'hold', 'attempts', 'why'],
      'No notification is dead.',
    ),

  async debtsClose(id, { url, word }, output) {
    const debt = await call(url, `debts/${encodeURIComponent(id)}/closing`, { method: 'POST', body: { word } })
    output.print(`${id}: closed.`, await debt.json())
  },

  async sessionsKill(id, { url }, output) {
    await call(url, `sessions/${encodeURIComponent(id)}`, { method: 'DELETE' })
    output.print(`${id} was ended.`, { id })
  },
}

/** Prints a list of the API's as columns, or as it came. */
/** One line for each place: the recording, the moment, and what stood there. */
async function showHits(output: Output, url: string, search: string): Promise<void> {
  const path = `recordings?${new URLSearchParams({ search })}`
  const found = (await (await call(url, path, { method: 'GET' })).json()) as Found
  const lines = found.hits.map(({ session, seconds, text }) => {
    const moment = new Date(seconds * 1000).toISOString().slice(11, 19)
    return `${visible(session)}  ${moment}  ${visible(text)}`
  })
  if (found.hasMore) lines.push('There is more: search for more words.')
  output.print(lines.join('\n') || 'Nothing was found.', found)
}

interface Found {
  readonly hits: readonly { readonly session: string; readonly seconds: number; readonly text: string }[]
  readonly hasMore: boolean
}

async function show(
  output: Output,
  url: string,
  path: string,
  key: string,
  columns: readonly string[],
  none: string,
): Promise<void> {
  const data = (await (await call(url, path, { method: 'GET' })).json()) as Record<
    string,
    readonly Record<string, unknown>[]
  >
  const rows = data[key] ?? []
  const cell = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(cell).join(' · ')
    if (typeof value !== 'object' || value === null) return visible(String(value ?? '–'))
    if ('text' in value) return visible(String(value.text))
    // What became of a hold.
    if ('kind' in value && 'exitStatus' in value)
      return visible(`${value.kind}${value.exitStatus === null ? '' : ` ${value.exitStatus}`}`)
    return visible(String('name' in value ? value.name : 'id' in value ? value.id : JSON.stringify(value)))
  }
  output.print(rows.map((row) => columns.map((column) => cell(row[column])).join('  ')).join('\n') || none, data)
}
