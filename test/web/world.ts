/**
 * A bastion as the web sees it: real desks, a real registry, a real SQLite store and real files for recordings, in a
 * folder that goes away. Only the identity provider is played by a few lines, because a test wants to be anybody.
 */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Desk, type Waiting } from '../../src/approval/desk.ts'
import { type LoginAttempt, LoginDesk, type LoginOrigin } from '../../src/approval/login-desk.ts'
import { QualityDesk } from '../../src/approval/quality-desk.ts'
import { relyingPartyOf } from '../../src/approval/receipt.ts'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import { openBundle } from '../../src/bundle/bundle.ts'
import type { Action, Analysis } from '../../src/core/action.ts'
import type { AuditType, StoredAuditEvent } from '../../src/core/audit.ts'
import { sealedDetail } from '../../src/core/chunk.ts'
import type { Clock } from '../../src/core/clock.ts'
import { BastionError } from '../../src/core/errors.ts'
import {
  newActionId,
  newConnectionId,
  newKeyBindingId,
  newSessionId,
  newSignInId,
  principalId,
} from '../../src/core/ids.ts'
import type { BlobStore, Log, Store, Vault } from '../../src/core/ports.ts'
import type { KeyBinding, Principal } from '../../src/core/principal.ts'
import { LOG_KEY } from '../../src/core/secret-names.ts'
import type { SessionRecord } from '../../src/core/session.ts'
import type { Target } from '../../src/core/target.ts'
import type { GlassTerms, GrantLimit, Quorum } from '../../src/core/verdict.ts'
import { EvidenceLog } from '../../src/evidence/log.ts'
import { verifierOf } from '../../src/evidence/note.ts'
import { Replays } from '../../src/replays.ts'
import { type LiveSession, Registry } from '../../src/session/registry.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { WebPermissions, WebServices } from '../../src/web/services.ts'
import { type TestAdministration, testAdministration } from '../support/administration.ts'

/** Of the policy in force. */
export const POLICY_DIGEST = 'd1'
/** The texts of policies that were in force, by digest. */
export const POLICIES = new Map<string, string>()
const OFFLINE_PAGE = join(import.meta.dirname, '../../src/web/ui/dist-offline')
const ISSUER = 'http://127.0.0.1:8081'

export function person(userName: string, name: string, group: string, issuer = ISSUER): Principal {
  return {
    id: principalId(issuer, userName),
    issuer,
    subject: userName,
    name,
    email: `${userName}@example.test`,
    groups: [group],
  }
}

export const PEOPLE = {
  alice: person('alice', 'Alice Ames', 'engineering'),
  dave: person('dave', 'Dave Dunn', 'engineering'),
  bob: person('bob', 'Bob Bell', 'sre'),
  erin: person('erin', 'Erin East', 'sre'),
  carol: person('carol', 'Carol Cole', 'compliance'),
  rita: person('root-admin', 'Rita Root', 'admins'),
  olga: person('olga', 'Olga Orr', 'admins'),
} as const
export type PersonName = keyof typeof PEOPLE

const ROLES: Readonly<Record<string, readonly string[]>> = {
  engineering: ['engineer'],
  sre: ['reviewer'],
  compliance: ['auditor'],
  admins: ['admin'],
}

const PERMISSIONS: Readonly<Record<string, WebPermissions>> = {
  compliance: { watchAllRecordings: true, readAudit: true, killSessions: false, administer: false },
  admins: { watchAllRecordings: false, readAudit: false, killSessions: true, administer: true },
}
const NO_PERMISSIONS: WebPermissions = {
  watchAllRecordings: false,
  readAudit: false,
  killSessions: false,
  administer: false,
}

export const WEB_1: Target = {
  name: 'web-1',
  protocol: 'ssh',
  host: '10.1.2.3',
  port: 22,
  login: 'deploy',
  logins: ['deploy'],
  labels: { env: 'prod', team: 'payments' },
  hostKeys: ['ssh-ed25519 AAAAsecret-looking'],
  credential: 'web-1-credential',
}

/** For administrators to try: nothing answers there. */
export const NOWHERE: Target = { ...WEB_1, host: '127.0.0.1', port: 1 }

export const QUORUM: Quorum = {
  reviewers: ['reviewer'],
  count: 1,
  distinctRoles: false,
  expiresAfterMs: 15 * 60_000,
  reasonRequired: false,
}

/** How the rule lets the glass be broken, for tests that break it. */
export const GLASS: GlassTerms = {
  who: ['engineer'],
  alert: ['admin'],
  reviewers: ['reviewer'],
  withinMs: 86_400_000,
  stepUp: { maxAgeMs: 300_000, acr: [] },
}

/** What the rule lets be granted, for tests that grant. */
export const LIMIT: GrantLimit = { longestMs: 3_600_000, scope: 'person', policy: POLICY_DIGEST }

const RULE = { name: 'prod: removing needs a second person', file: 'policies/default.yaml', line: 42 }

/** What the analysis of `rm -rf /srv/data/old` says, for holds whose text does not matter. */
export function removal(text: string): Analysis {
  const objects = [{ kind: 'path', value: '/srv/data/old' }] as const
  const because = 'rm -r removes directories and all that is in them'
  return {
    effects: ['destroy'],
    objects,
    commands: [{ text, name: 'rm', start: 0, end: text.length, effects: ['destroy'], objects, because }],
  }
}

/** The identity provider's side of the next sign-in. */
export interface Provider {
  /** As whom it will sign in the next browser. */
  who: PersonName
  /** What it says of how they proved it. */
  acr: string | undefined
  /** True: it does not say when. */
  isStale: boolean
  /** What it was asked for the last time. */
  fresh: { readonly acr: readonly string[] } | undefined
}

export interface World {
  readonly services: WebServices
  readonly store: Store
  readonly blobs: BlobStore
  readonly desk: Desk
  readonly logins: LoginDesk
  readonly live: Registry
  readonly admin: TestAdministration
  /** Changed by tests that take a role away. */
  readonly roles: Map<string, readonly string[]>
  readonly provider: Provider
  readonly logged: unknown[]
  /** Why each session ended that was told to. */
  readonly endings: Map<string, string>
  events(...types: AuditType[]): Promise<readonly StoredAuditEvent[]>
  openSession(
    owner: Principal,
    options?: Partial<SessionRecord> & Pick<Partial<LiveSession>, 'watch'> & { readonly screen?: readonly string[] },
  ): Promise<SessionRecord>
  hold(session: SessionRecord, options?: HoldOptions): Promise<Waiting>
  record(session: SessionRecord, cast: string): Promise<void>
  /** Puts a recording into the log as a session does at its end, and has the log signed. */
  seal(session: SessionRecord, cast: string): Promise<void>
  /** Where its recording lies, for tests that change it. */
  recordingFile(session: SessionRecord): string
  /** Resolves when all recordings of sessions that ended can be replayed and searched. */
  prepare(...sessions: readonly SessionRecord[]): Promise<void>
  bindKey(owner: Principal, options?: Partial<KeyBinding>): Promise<KeyBinding>
  /** A terminal that waits; `confirm` is the provider's word on who confirmed the code. */
  login(
    code: string,
    origin?: Partial<LoginOrigin>,
  ): Promise<{ readonly attempt: LoginAttempt; confirm(by: Principal): Promise<void> }>
  close(): Promise<void>
}

function vaultInMemory(): Vault {
  const secrets = new Map<string, Uint8Array>()
  return {
    async open(name) {
      const secret = secrets.get(name)
      if (secret === undefined) throw new BastionError('not-found', 'There is no such secret.')
      return secret
    },
    put: async (name, secret) => void secrets.set(name, secret),
    list: async () => [],
  }
}

function placeInMemory() {
  let kept: string | undefined
  return {
    read: async () => kept,
    write: async (note: string) => {
      kept = note
    },
  }
}

export interface HoldOptions {
  readonly text?: string
  readonly analysis?: Analysis
  readonly quorum?: Partial<Quorum>
  readonly screen?: readonly string[]
  readonly message?: string
  readonly action?: Partial<Action>
}

export async function newWorld(
  clock: Clock,
  publicUrl = 'http://127.0.0.1:8080',
  targets: readonly Target[] = [NOWHERE],
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-web-'))
  const store = await openSqliteStore({ file: join(folder, 'state.db') })
  const blobs = fileBlobs({ folder: join(folder, 'recordings') })
  const roles = new Map(Object.entries(ROLES))
  const rolesOf = (who: Principal) => who.groups.flatMap((group) => roles.get(group) ?? [])
  const logged: unknown[] = []
  const log: Log = {
    info: (...entry) => logged.push(entry),
    warn: (...entry) => logged.push(entry),
    error: (...entry) => logged.push(entry),
  }
  const relyingParty = relyingPartyOf(new URL(publicUrl))
  const desk = new Desk({ store, clock, log, rolesOf, policyDigest: () => POLICY_DIGEST, relyingParty })
  const logins = new LoginDesk({ audit: store.audit, clock })
  const live = new Registry()
  const endings = new Map<string, string>()
  const url = new URL(publicUrl)
  const provider: Provider = { who: 'alice', acr: undefined, isStale: false, fresh: undefined }
  let signIns = 0
  /** Opened by the first bundle: what is appended needs no signature in any other test. */
  let evidence: Promise<EvidenceLog> | undefined
  const openEvidence = () =>
    EvidenceLog.open({ store: store.evidence, vault: evidenceVault, clock, log, place: placeInMemory() })
  const permissionsOf = (who: Principal) =>
    who.groups.map((group) => PERMISSIONS[group]).find(Boolean) ?? NO_PERMISSIONS
  const admin = await testAdministration({
    ...{ folder, targets, store, clock, log },
    mayAdminister: (who) => permissionsOf(who).administer,
  })
  const recordingName = (session: string) => `${session}.cast`
  const replays = new Replays({ store, blobs, log, recordingName })
  const signer = { name: 'sallyport.log/test', privateKey: generateKeyPairSync('ed25519').privateKey }
  const evidenceVault = vaultInMemory()
  const privateKey = signer.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  await evidenceVault.put(LOG_KEY, Buffer.from(JSON.stringify({ origin: signer.name, privateKey, hasBegun: false })))

  const services: WebServices = {
    clock,
    log,
    publicUrl: url,
    store,
    blobs,
    desk,
    quality: new QualityDesk({ store, clock }),
    logins,
    live,
    administration: admin.services,
    signIn: {
      providers: ['main'],
      providerOf: () => 'main',
      begin: async ({ fresh } = {}) => {
        signIns += 1
        provider.fresh = fresh
        const state = `state-${signIns}`
        // The browser is sent straight back, as somebody who is signed in at the provider already.
        const location = new URL(`/auth/callback?state=${state}&code=${provider.who}`, url)
        return { location, state, secret: { state } }
      },
      finish: async (callback, secret) => {
        const code = callback.searchParams.get('code') as PersonName
        if ((secret as { state: string }).state !== callback.searchParams.get('state')) throw new Error('a mix-up')
        if (PEOPLE[code] === undefined) {
          const said = callback.searchParams.get('error_description') ?? 'nothing'
          throw new BastionError('forbidden', `The identity provider refused: ${said}`)
        }
        return {
          person: PEOPLE[code],
          signIn: newSignInId(),
          authentication: { authTime: provider.isStale ? undefined : clock.now(), acr: provider.acr },
        }
      },
      watch: async () => () => {},
      onEnded: () => () => {},
      end: async () => {},
      logOut: async () => {
        throw new BastionError('invalid', 'This is no logout token.')
      },
    },
    bearer: async (token) => {
      const who = PEOPLE[token as PersonName]
      if (who === undefined) throw new BastionError('unauthenticated', 'This access token is not valid here.')
      return who
    },
    programSignIn: { issuer: ISSUER, clientId: 'cli', scopes: 'openid', audience: 'here' },
    rolesOf,
    permissionsOf,
    revokeKey: (id, who) => store.keys.revoke(id, who.id, clock.now()),
    replayOf: (session) => replays.find(session),
    logKey: verifierOf(signer),
    recordingName,
    bundle: async (request) => {
      evidence ??= openEvidence()
      const parts = { clock, store, blobs, origin: url.origin, pageFolder: OFFLINE_PAGE, log: await evidence }
      const policyOf = async (digest: string) => POLICIES.get(digest)
      return openBundle({ ...parts, recordingName: services.recordingName, policyOf }, request)
    },
    readiness: async () => ({ store: true, identity: true }),
    notifications: () => [{ route: 'pager', delivered: 7, failed: 8, dead: 1, quiet: 2, waiting: 0 }],
    metrics: async () => '# HELP sallyport_sessions Live sessions.\nsallyport_sessions 0\n',
    knownHosts: () => '[127.0.0.1]:2222 ssh-ed25519 AAAAC3Nz\n',
    sshCommand: (target) => `ssh -p 2222 ${target}@127.0.0.1`,
  }

  return {
    services,
    store,
    blobs,
    desk,
    logins,
    live,
    admin,
    roles,
    provider,
    logged,
    endings,
    events: (...types) => store.audit.list({ limit: 500, ...(types.length > 0 && { types }) }),

    async openSession(owner, { screen = [], watch, ...fields } = {}) {
      const record: SessionRecord = {
        id: newSessionId(),
        connection: newConnectionId(),
        principal: owner,
        target: 'web-1',
        login: 'deploy',
        address: '127.0.0.1',
        clientVersion: 'SSH-2.0-OpenSSH_9.2p1',
        kind: 'shell',
        command: undefined,
        startedAt: clock.now(),
        endedAt: undefined,
        exitStatus: undefined,
        endReason: undefined,
        ...fields,
      }
      await store.sessions.insert(record)
      if (record.endedAt !== undefined) {
        await store.sessions.finish(record.id, {
          at: record.endedAt,
          exitStatus: record.exitStatus,
          reason: record.endReason,
        })
        return record
      }
      const remove = live.add({
        record,
        keyBinding: undefined,
        screen: () => screen,
        ungated: () => undefined,
        watch,
        reconsider() {},
        end: async (reason) => {
          endings.set(record.id, reason)
          await store.sessions.finish(record.id, { at: clock.now(), exitStatus: undefined, reason })
          remove()
        },
      })
      return record
    },

    async hold(session, { text = 'rm -rf /srv/data/old', analysis, quorum, screen = [], message, action } = {}) {
      const held: Action = {
        ...(analysis ?? removal(text)),
        id: newActionId(),
        kind: 'line',
        text,
        assurance: 'stepped',
        principal: session.principal,
        target: WEB_1,
        login: session.login,
        session: session.id,
        interactive: true,
        address: session.address,
        ...action,
      }
      const verdict = { kind: 'hold', because: RULE, quorum: { ...QUORUM, ...quorum }, message } as const
      const waiting = await desk.submit(held, verdict, screen)
      if (waiting.kind !== 'waiting') throw new Error('the desk did not hold it')
      return waiting
    },

    async record(session, cast) {
      const writer = await blobs.create(services.recordingName(session.id))
      await writer.append(new TextEncoder().encode(cast))
      await writer.close()
    },

    async seal(session, cast) {
      const bytes = Buffer.from(cast)
      const half = bytes.indexOf(0x0a, bytes.length / 2) + 1
      const sha256 = (part: Uint8Array) => createHash('sha256').update(part).digest('hex')
      const chunks = [bytes.subarray(0, half), bytes.subarray(half)]
      const list = chunks.map((part) => ({ bytes: part.length, sha256: sha256(part) }))
      await store.audit.append({
        type: 'recording.sealed',
        at: clock.now(),
        actor: session.principal.id,
        actorName: session.principal.name,
        session: session.id,
        hold: undefined,
        detail: sealedDetail({
          ...{ name: recordingName(session.id), from: 1, chunks: list, count: list.length },
          ...{ bytes: bytes.length, sha256: sha256(bytes) },
        }),
      })
      // Opening it signs what is there.
      evidence = openEvidence()
      await evidence
    },

    recordingFile: ({ id }) => join(folder, 'recordings', recordingName(id)),

    async prepare(...sessions) {
      for (const { id } of sessions) await replays.find(id)
    },

    async bindKey(owner, fields = {}) {
      const binding: KeyBinding = {
        id: newKeyBindingId(),
        fingerprint: `SHA256:${'kd8Jf3mZpQ7vX1cR5tY9uW2eA6sD0gH4jL8nB3xV7zM'.slice(0, 43)}`,
        principal: owner,
        boundAt: clock.now(),
        expiresAt: new Date(clock.now().getTime() + 12 * 3_600_000),
        lastUsedAt: undefined,
        address: '127.0.0.1',
        revokedAt: undefined,
        ...fields,
      }
      await store.keys.insert(binding)
      return binding
    },

    async login(code, origin = {}) {
      const { promise, resolve } = Promise.withResolvers<Principal>()
      const attempt = await logins.begin(
        {
          target: 'web-1',
          login: 'deploy',
          address: '127.0.0.1',
          fingerprint: 'SHA256:kd8Jf3mZpQ7vX1cR5tY9uW2eA6sD0gH4jL8nB3xV7zM',
          clientVersion: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3',
          ...origin,
        },
        {
          userCode: code,
          verificationUrl: `${ISSUER}/device?user_code=${code}`,
          expiresAt: new Date(clock.now().getTime() + 5 * 60_000),
          principal: promise,
        },
      )
      return {
        attempt,
        confirm: async (by) => {
          resolve(by)
          await promise
        },
      }
    },

    async close() {
      logins.close('the test is over')
      admin.close()
      await desk.close('the test is over')
      await replays.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
