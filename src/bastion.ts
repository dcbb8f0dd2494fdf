/**
 * The composition root: from a Config to a running bastion. The only file that names every adapter; everything else
 * knows ports.
 *
 * Order of stopping: no new connections → waiting holds end as expired, sign-ins as refused → sessions are told and
 * closed, recordings with them → web → the log's last checkpoint → store.
 */
import { mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { administration } from './administration.ts'
import { Desk } from './approval/desk.ts'
import { LoginDesk } from './approval/login-desk.ts'
import { QualityDesk } from './approval/quality-desk.ts'
import { relyingPartyOf } from './approval/receipt.ts'
import { bundlesOf } from './bundles.ts'
import { catalogueOf } from './catalogue-file.ts'
import { checkpointFile } from './checkpoint-file.ts'
import type { Config } from './config.ts'
import type { AuditType } from './core/audit.ts'
import { type Clock, systemClock } from './core/clock.ts'
import { messageFor } from './core/errors.ts'
import type { BlobStore, Log, Store, Vault } from './core/ports.ts'
import type { Principal } from './core/principal.ts'
import { EvidenceLog } from './evidence/log.ts'
import { parseVerifier } from './evidence/note.ts'
import { keptPolicies } from './kept-policies.ts'
import { LivePolicy } from './live-policy.ts'
import { bastionMetrics } from './metrics.ts'
import { startNotifications } from './notifications.ts'
import { authorize } from './policy/authorize.ts'
import { dutiesOf, evaluate } from './policy/evaluate.ts'
import { permissionsOf, rolesOf } from './policy/policy.ts'
import { readiness } from './readiness.ts'
import { recordingName } from './recording-name.ts'
import { openRecordings, recordingsIn } from './recordings.ts'
import { Replays } from './replays.ts'
import { type LiveSession, Registry } from './session/registry.ts'
import { EXIT_REFUSED, runSession } from './session/session.ts'
import { createAnalyser } from './shell/analyse.ts'
import { signInServices } from './sign-in-services.ts'
import { type HostKey, loadHostKey } from './ssh/host-key.ts'
import { type Arrival, type SshServer, startSshServer } from './ssh/server.ts'
import { connectUpstream } from './ssh/upstream.ts'
import { parseUserName } from './ssh/user-name.ts'
import { openSqliteStore } from './store/sqlite/store.ts'
import { openFileVault } from './vault/file-vault.ts'
import { readVaultKey } from './vault/key.ts'
import { openSealer } from './vault/sealer.ts'
import { startWeb } from './web/server.ts'

export interface Bastion {
  readonly sshPort: number
  readonly webPort: number
  readonly hostKey: HostKey
  readonly store: Store
  readonly vault: Vault
  reloadPolicy(): Promise<boolean>
  /** Tells everybody why, closes everything in order. */
  stop(reason: string): Promise<void>
}

export interface BastionOptions {
  readonly log: Log
  readonly env: NodeJS.ProcessEnv
  readonly clock?: Clock
  /** A vault key file is made where there is none; for the demo. */
  readonly createVaultKey?: boolean
  /** Stands in for the folder of recordings; for tests that make it fail. */
  readonly blobs?: BlobStore
}

const STOP_SENTENCE = 'The bastion is shutting down; connect again in a moment.'

export async function startBastion(config: Config, options: BastionOptions): Promise<Bastion> {
  const { log, env, clock = systemClock } = options
  await mkdir(config.stateFolder, { recursive: true, mode: 0o700 })
  // Else the first recording makes it, and no balancer sends anybody before `/readyz` finds it; that also tells of a failure.
  await mkdir(config.recordingFolder, { recursive: true, mode: 0o700 }).catch(() => {})
  const vaultKey = await readVaultKey({
    env: env.SALLYPORT_VAULT_KEY,
    file: config.vault.keyFile,
    createIfMissing: options.createVaultKey ?? false,
  })
  const vault = await openFileVault({ file: config.vault.file, key: vaultKey, clock })
  const hostKey = await loadHostKey(config.ssh.hostKeyFolder)
  const database = await openSqliteStore({ file: join(config.stateFolder, 'sallyport.db'), clock })
  const evidence = await openEvidence(database, { config, vault, clock, log })
  const store: Store = { ...database, audit: evidence.over(database.audit) }
  const registry = new Registry()
  const endAll = (reason: string) => void registry.endWhere(() => true, reason)
  const recordings = options.blobs
    ? recordingsIn(options.blobs)
    : await openRecordings(config, { clock, log, env, audit: store.audit, endAll })
  const { blobs } = recordings
  const policies = keptPolicies(config.stateFolder)
  const name = relative(process.cwd(), config.policyFile)
  const policy = await LivePolicy.open({
    file: config.policyFile,
    name: name.startsWith('..') ? config.policyFile : name,
    clock,
    log,
    audit: store.audit,
    keep: policies.keep,
    onChange() {
      admin.proposals.changed().catch((error) => log.error({ err: error }, 'proposals were not looked at'))
      desk.grants.policyChanged().catch((error) => log.error({ err: error }, 'grants of the old policy still show'))
      recheck('The policy changed', () => true)
    },
  })
  // The web's own address is part of what the identity provider is told, so it is settled before anything listens.
  const publicUrl = config.web.url ?? new URL(`http://${hostInUrl(config.web.host)}:${config.web.port}`)
  const sealer = openSealer(vaultKey, clock)
  const people = await signInServices(config, {
    env,
    clock,
    log,
    store,
    publicUrl,
    sealer,
  })
  const { signIns } = people
  const current = (principal: Principal) => signIns.people.current(principal)
  const roles = (principal: Principal) => rolesOf(policy.current, current(principal))
  const desk = new Desk({
    store,
    clock,
    log,
    rolesOf: roles,
    policyDigest: () => policy.current.digest,
    relyingParty: relyingPartyOf(publicUrl),
  })
  const notifications = startNotifications(config, { desk, vault, audit: store.audit, clock, log, publicUrl })
  await desk.recover()
  const quality = new QualityDesk({ store, clock })
  await recordings.recover({ store, clock, log, recordingName })
  const replays = new Replays({ store, blobs, log, recordingName })
  const stopReplays = replays.follow(registry)
  const logins = new LoginDesk({ audit: store.audit, clock })
  const analyse = createAnalyser(await catalogueOf(config.catalogueFile))
  const admin = administration({
    ...{ config, policy, vault, sealer, store, clock, log, analyse },
    mayAdminister: (person) => permissionsOf(policy.current, current(person)).administer,
  })
  await admin.proposals.recover()

  const onSession = async (arrival: Arrival): Promise<void> => {
    const { identity: who, client, request } = arrival
    const refuse = async (sentence: string) => {
      await record('session.refused', arrival, { why: sentence, userName: arrival.userName }).catch(() => {})
      await client.write(Buffer.from(`sallyport: ${sentence}\n`), 'stderr').catch(() => {})
      await client.end({ kind: 'status', status: EXIT_REFUSED }).catch(() => {})
    }
    const destination = parseUserName(arrival.userName)
    const target = config.targets.find((candidate) => candidate.name === destination?.target)
    // A connection may be older than the provider's last word, and each session is something new.
    const principal = await admitted(who).catch((error: unknown) => messageFor(error))
    if (typeof principal === 'string') return refuse(principal)
    const known = reachable(principal, request.address)
    if (destination === undefined || target === undefined) {
      return refuse(
        `There is no target of that name. ${known === '' ? 'No target is open to you.' : `You can reach: ${known}.`}`,
      )
    }
    const login = destination.login ?? target.login
    if (!target.logins.includes(login)) {
      return refuse(`The account ${login} is not offered on ${target.name}; it offers ${target.logins.join(', ')}.`)
    }
    const granted = authorize(policy.current, {
      principal,
      target,
      login,
      address: request.address,
      now: clock.now(),
    })
    if (granted.kind === 'refused') return refuse(granted.message)
    const welcome = request.command === undefined ? [greeting(arrival, `${login}@${target.name}`)] : []
    const stopTimer = endWithToken(arrival)
    await runSession(
      granted.authorization,
      { client, request: { ...request, remarks: [...welcome, ...request.remarks] } },
      {
        services: {
          clock,
          log,
          store,
          blobs,
          desk,
          analyse,
          evaluate: (action) =>
            evaluate(policy.current, { ...action, principal: current(action.principal) }, { now: clock.now() }),
          holdPage: (id) => new URL(`/holds/${encodeURIComponent(id)}`, publicUrl).href,
          dutiesOf: (opened) => dutiesOf(policy.current, opened, { now: clock.now() }),
        },
        registry,
        recordingName,
        openUpstream: async () => connectUpstream({ target, login, privateKey: await vault.open(target.credential) }),
      },
    )
    stopTimer()
  }

  /** The provider is not asked about a token: it is good as long as it says, and the connection no longer. */
  const admitted = async ({ principal, signIn, tokenExpiresAt }: Arrival['identity']): Promise<Principal> =>
    tokenExpiresAt === undefined ? signIns.admit(signIn) : current(principal)

  /** Ends what came in by a token when that is over; returns what to call when it is gone before. */
  const endWithToken = ({ identity: who, request }: Arrival): (() => void) => {
    if (who.tokenExpiresAt === undefined) return () => {}
    return clock.after(Math.max(0, who.tokenExpiresAt.getTime() - clock.now().getTime()), () => {
      void registry
        .endWhere(({ record }) => record.connection === request.connection, 'The access token has expired.')
        .then(() => ssh?.endConnections((other) => other === who))
    })
  }

  const greeting = (arrival: Arrival, destination: string): string => {
    const { principal, binding } = arrival.identity
    const key =
      binding === undefined
        ? 'no key bound'
        : `key bound until ${binding.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`
    return `${principal.name} · ${destination} · recorded · ${key}`
  }

  const reachable = (principal: Principal, address: string): string =>
    config.targets
      .filter(
        (target) =>
          authorize(policy.current, { principal, target, login: target.login, address, now: clock.now() }).kind ===
          'granted',
      )
      .map((target) => target.name)
      .join(', ')

  /** After a change of policy, or of somebody's groups: who may no longer be on a target is told so, and out. */
  const recheck = (change: string, isConcerned: (session: LiveSession) => boolean): void => {
    void registry.endWhere((session) => {
      if (!isConcerned(session)) return false
      const { principal, target: name, login, address } = session.record
      const target = config.targets.find((candidate) => candidate.name === name)
      if (target === undefined) return true
      const request = { principal: current(principal), target, login, address, now: clock.now() }
      return authorize(policy.current, request).kind === 'refused'
    }, `${change}, and you may no longer be on this target.`)
    for (const session of registry.list()) if (isConcerned(session)) session.reconsider(change)
  }

  signIns.subscribe({
    changed: (person) =>
      recheck(
        'Your groups at the identity provider changed',
        ({ record: { principal } }) => principal.id === person.id,
      ),
    ended(id, reason) {
      void registry
        .endWhere((session) => session.signIn === id, reason)
        .then(() => ssh?.endConnections(({ signIn }) => signIn === id))
    },
  })

  const record = (type: AuditType, arrival: Arrival | undefined, detail: Record<string, unknown>) =>
    store.audit.append({
      type,
      at: clock.now(),
      actor: arrival?.identity.principal.id,
      actorName: arrival?.identity.principal.name,
      session: undefined,
      hold: undefined,
      detail,
    })

  let ssh: SshServer | undefined
  const web = await startWeb(
    {
      clock,
      log,
      publicUrl,
      store,
      blobs,
      desk,
      quality,
      logins,
      live: registry,
      administration: admin,
      signIn: people.web,
      bearer: people.bearer,
      programSignIn: people.programs,
      rolesOf: roles,
      permissionsOf: (principal) => permissionsOf(policy.current, current(principal)),
      async revokeKey(id, principal) {
        const own = (await store.keys.list(principal.id)).find((key) => key.id === id && key.revokedAt === undefined)
        if (own === undefined) return false
        await store.audit.append({
          type: 'key.revoked',
          at: clock.now(),
          actor: principal.id,
          actorName: principal.name,
          session: undefined,
          hold: undefined,
          detail: { binding: id, fingerprint: own.fingerprint },
        })
        await store.keys.revoke(id, principal.id, clock.now())
        await registry.endWhere((session) => session.keyBinding === id, 'The key of this connection was revoked.')
        ssh?.endConnections((who) => who.binding?.id === id)
        return true
      },
      replayOf: (session) => replays.find(session),
      logKey: parseVerifier(evidence.verifierKey),
      recordingName,
      bundle: bundlesOf({ store, blobs, clock, evidence, policies, publicUrl }),
      readiness: () => readiness({ store, recordings, config, evidence }),
      notifications: () => notifications.counts(),
      metrics: bastionMetrics({ registry, desk, quality, notifications, spool: recordings.spool }),
      knownHosts: () => `${knownHost(publicUrl.hostname, ssh?.port ?? config.ssh.port)} ${hostKey.publicKey}\n`,
      sshCommand: (target) => `ssh -p ${ssh?.port ?? config.ssh.port} ${target}@${publicUrl.hostname}`,
    },
    { host: config.web.host, port: config.web.port },
  )

  ssh = await startSshServer(
    {
      services: {
        clock,
        log,
        store,
        logins,
        bindingLifetimeMs: config.keyBindingMs,
        devicePage: new URL('/d', publicUrl).href,
        ...people.ssh,
      },
      hostKeys: [hostKey.privateKey],
      onSession,
    },
    config.ssh,
  ).catch(async (error) => {
    await web.close()
    await store.close()
    throw error
  })
  await record('bastion.started', undefined, {
    hostKey: hostKey.fingerprint,
    policy: policy.current.digest,
    auditLogKey: evidence.verifierKey,
  })
  log.info({ ssh: ssh.port, web: web.port, hostKey: hostKey.fingerprint }, 'the bastion is up')

  let stopping: Promise<void> | undefined
  const stop = async (reason: string): Promise<void> => {
    policy.close()
    signIns.close()
    logins.close(STOP_SENTENCE)
    admin.proposals.stop()
    await desk
      .close('the bastion is shutting down')
      .catch((error) => log.error({ err: error }, 'holds could not be ended'))
    stopReplays()
    await registry.endWhere(() => true, STOP_SENTENCE)
    await ssh?.close()
    await web.close()
    await replays.close()
    await recordings.close()
    notifications.close()
    await record('bastion.stopped', undefined, { reason }).catch((error) =>
      log.error({ err: error }, 'the stop could not be recorded'),
    )
    await evidence.close().catch((error) => log.error({ err: error }, 'the last checkpoint could not be signed'))
    await store.close()
    log.info({ reason }, 'the bastion has stopped')
  }
  return {
    sshPort: ssh.port,
    webPort: web.port,
    hostKey,
    store,
    vault,
    reloadPolicy: () => policy.reload(),
    stop: (reason) => (stopping ??= stop(reason)),
  }
}

async function openEvidence(
  store: Store,
  { config, ...parts }: { config: Config; vault: Vault; clock: Clock; log: Log },
): Promise<EvidenceLog> {
  try {
    return await EvidenceLog.open({ ...parts, store: store.evidence, place: checkpointFile(config.stateFolder) })
  } catch (error) {
    await store.close()
    throw error
  }
}

function hostInUrl(host: string): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
}

/** sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT": a port other than 22 stands behind the host in brackets. */
function knownHost(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`
}
