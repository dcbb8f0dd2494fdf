/**
 * The demo: a real bastion, a real identity provider and real targets on loopback, for a person to try and for the tests
 * to drive. What it makes it keeps under one folder; what it starts it ends.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Bastion, startBastion } from './bastion.ts'
import type { Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import type { BlobStore, Log } from './core/ports.ts'
import {
  DEMO_AGENT_CLIENT_ID,
  DEMO_CLI_CLIENT_ID,
  type DemoIdentityProvider,
  type DemoPerson,
  startDemoIdentityProvider,
} from './demo/identity-provider.ts'
import { canRunSshd, type DemoTarget, freePort, startSshdTarget } from './demo/sshd-target.ts'
import { openPty } from './pty/pty.ts'
import { loadHostKey, newKeyPair } from './ssh/host-key.ts'
import { startLocalTarget } from './ssh/local-target.ts'
import { openFileVault } from './vault/file-vault.ts'
import { readVaultKey } from './vault/key.ts'

export interface DemoOptions {
  readonly folder: string
  readonly policyFile: string
  readonly ports: { readonly ssh: number; readonly web: number; readonly idp: number }
  readonly log: Log
  readonly clock?: Clock
  readonly blobs?: BlobStore
  readonly recordingStore?: Config['recordingStore']
  /** Accounts of every target besides `deploy`, with their login shells. For tests of other shells. */
  readonly moreLogins?: readonly { readonly name: string; readonly shell: string }[]
  /** Further lines of each target's sshd_config. */
  readonly sshdConfig?: readonly string[]
  /** Further commands of the script that sets each target up, run as root before its sshd. For tests. */
  readonly targetSetup?: readonly string[]
  /** Further authorized_keys lines of each account: a way in beside the bastion. For tests. */
  readonly moreKeys?: readonly string[]
  readonly keyBindingMs?: number
  /** As browsers call the bastion; a passkey wants a name instead of 127.0.0.1. */
  readonly webHost?: string
  readonly recheckMs?: number
  /** Other people than those of the demo; a test may change the list while it runs. */
  readonly people?: readonly DemoPerson[]
  /** The built-in target even where sshd could run; for its tests. */
  readonly builtInTargets?: boolean
}

export interface Demo {
  readonly bastion: Bastion
  readonly config: Config
  readonly issuer: string
  readonly targets: Readonly<Record<string, DemoTarget>>
  /** For tests that take the provider away. */
  readonly identityProvider: DemoIdentityProvider
  stop(reason: string): Promise<void>
}

const CLIENT_ID = 'sallyport'
const CREDENTIAL = 'demo-targets'
const TARGETS = [
  { name: 'web-1', env: 'prod' },
  { name: 'web-2', env: 'staging' },
] as const

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const folder = resolve(options.folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const ports = {
    ssh: options.ports.ssh || (await freePort()),
    web: options.ports.web || (await freePort()),
    idp: options.ports.idp || (await freePort()),
  }
  const publicUrl = `http://${options.webHost ?? '127.0.0.1'}:${ports.web}`
  const stops: (() => Promise<unknown>)[] = []
  const stopAll = async () => {
    for (const stop of stops.reverse().splice(0)) await stop()
  }
  try {
    const clientSecret = await secretFile(join(folder, 'client-secret'))
    const identityProvider = await startDemoIdentityProvider({
      port: ports.idp,
      clients: [
        {
          clientId: CLIENT_ID,
          clientName: 'Sallyport',
          clientSecret,
          redirectUris: [`${publicUrl}/auth/callback`],
          backchannelLogoutUri: `${publicUrl}/auth/backchannel-logout`,
        },
      ],
      audience: publicUrl,
      deviceReturnUrl: (code) => `${publicUrl}/d/${code}`,
      pollIntervalSeconds: 1,
      ...(options.people && { people: options.people }),
    })
    stops.push(() => identityProvider.close())
    const vault = { file: join(folder, 'vault.json'), keyFile: join(folder, 'vault.key') }
    const authorizedKey = await credential(vault, join(folder, 'authorized_key'))
    const targets: Record<string, DemoTarget> = {}
    for (const { name } of TARGETS) {
      const target = await startTarget(name, { folder: join(folder, 'targets', name), authorizedKey, options })
      stops.push(() => target.close())
      targets[name] = target
    }
    const logins = ['deploy', ...(options.moreLogins ?? []).map((login) => login.name)]
    const config: Config = {
      file: '(demo)',
      stateFolder: join(folder, 'state'),
      ssh: { host: '127.0.0.1', port: ports.ssh, hostKeyFolder: join(folder, 'hostkeys') },
      web: { host: '127.0.0.1', port: ports.web, url: new URL(publicUrl) },
      identity: {
        issuer: identityProvider.issuer,
        clientId: CLIENT_ID,
        clientSecret: { file: join(folder, 'client-secret') },
        cliClientId: DEMO_CLI_CLIENT_ID,
        scopes: 'openid profile email groups',
        groupsClaim: 'groups',
        name: 'main',
        groupsPrefix: '',
        groupsCase: 'exact',
        agents: new Map([[DEMO_AGENT_CLIENT_ID, { owner: 'alice', groups: ['engineering'] }]]),
        recheck: { recheckMs: options.recheckMs ?? 2 * 60_000, outageMs: 30 * 60_000, recheckRequired: true },
        audience: publicUrl,
      },
      policyFile: options.policyFile,
      recordingFolder: join(folder, 'recordings'),
      ...(options.recordingStore && { recordingStore: options.recordingStore }),
      vault,
      keyBindingMs: options.keyBindingMs ?? 12 * 3_600_000,
      log: { level: 'info', file: undefined },
      targets: TARGETS.map(({ name, env }) => ({
        name,
        protocol: 'ssh',
        host: '127.0.0.1',
        port: targets[name]!.port,
        login: 'deploy',
        logins,
        labels: { env },
        hostKeys: [targets[name]!.hostKey],
        credential: CREDENTIAL,
      })),
    }
    const bastion = await startBastion(config, {
      log: options.log,
      env: {},
      createVaultKey: true,
      ...(options.clock && { clock: options.clock }),
      ...(options.blobs && { blobs: options.blobs }),
    })
    return {
      bastion,
      config,
      issuer: identityProvider.issuer,
      identityProvider,
      targets,
      async stop(reason) {
        await bastion.stop(reason)
        await stopAll()
      },
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}

async function startTarget(
  name: string,
  {
    folder,
    authorizedKey,
    options,
  }: { readonly folder: string; readonly authorizedKey: string; readonly options: DemoOptions },
): Promise<DemoTarget> {
  if (options.builtInTargets === true || !canRunSshd()) {
    const hostKey = await loadHostKey(folder)
    const home = join(folder, 'home')
    await mkdir(home, { recursive: true })
    const target = await startLocalTarget({
      privateHostKey: hostKey.privateKey,
      authorizedKey,
      home,
      openTerminal: openPty,
    })
    return { ...target, hostKey: hostKey.publicKey, kind: 'built-in' }
  }
  const logins = [{ name: 'deploy', shell: '/bin/bash' }, ...(options.moreLogins ?? [])]
  return startSshdTarget({
    name,
    folder,
    logins,
    authorizedKey: [authorizedKey, ...(options.moreKeys ?? [])].join('\n'),
    sshdConfig: options.sshdConfig ?? [],
    setup: options.targetSetup ?? [],
  })
}

/** Puts a key for the targets into the vault, once; returns its public half. */
async function credential(
  vault: { readonly file: string; readonly keyFile: string },
  publicFile: string,
): Promise<string> {
  if (existsSync(publicFile) && existsSync(vault.file)) return (await readFile(publicFile, 'utf8')).trim()
  const key = await readVaultKey({ env: undefined, file: vault.keyFile, createIfMissing: true })
  const pair = newKeyPair('sallyport-demo')
  await (await openFileVault({ file: vault.file, key })).put(CREDENTIAL, Buffer.from(pair.privateKey))
  await writeFile(publicFile, `${pair.publicKey}\n`)
  return pair.publicKey
}

async function secretFile(file: string): Promise<string> {
  if (!existsSync(file)) {
    await writeFile(file, Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url'), {
      mode: 0o600,
    })
  }
  return readFile(file, 'utf8')
}

/** What to type, in under 25 lines. */
export function demoGreeting(demo: Demo): string {
  const { bastion, issuer, targets } = demo
  const runs = Object.values(targets).every((target) => target.kind === 'sshd')
    ? 'real sshd, each in namespaces of its own'
    : 'the built-in SSH target: there is no sshd that may make namespaces here'
  const web = demo.config.web.url?.origin
  return `
Sallyport is up. People (password: demo): alice, dave (engineers), bob, erin
(reviewers), carol (auditor), root-admin, olga (administrators). Targets:
web-1 (prod), web-2 (staging): ${runs}.

1. As alice:       ssh -p ${bastion.sshPort} web-1@127.0.0.1
   Open the link it shows, sign in as alice, pick the two words.
2. Then type:      ls /srv/data               (runs at once)
                   rm -rf /srv/data/old       (is held)
3. As bob:         ${web}    in another browser or a private
   window; approve or reject. The terminal goes on by itself.
4. Also:           ssh -p ${bastion.sshPort} web-1@127.0.0.1 'rm -rf /srv/data/old'
5. As carol:       ${web}/sessions    plays the recordings.

Host key  ${bastion.hostKey.fingerprint}
Identity  ${issuer}
State     ${demo.config.stateFolder.replace(/\/state$/, '')}
Ctrl-C ends it.
`
}
