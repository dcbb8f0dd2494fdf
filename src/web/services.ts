/**
 * What the web needs of the bastion. The composition root fills it in; the web knows no other adapter.
 */
import type { Desk } from '../approval/desk.ts'
import type { LoginDesk } from '../approval/login-desk.ts'
import type { QualityDesk } from '../approval/quality-desk.ts'
import type { Clock } from '../core/clock.ts'
import type { KeyBindingId, SessionId, SignInId } from '../core/ids.ts'
import type { BlobStore, Log, Store } from '../core/ports.ts'
import type { Authentication, Principal } from '../core/principal.ts'
import type { ReplayIndex } from '../core/replay.ts'
import type { SessionRecord } from '../core/session.ts'
import type { NoteVerifier } from '../evidence/note.ts'
import type { Registry } from '../session/registry.ts'
import type { Administration } from './administration.ts'

/** What a person may do in the web besides deciding holds and seeing their own things. */
export interface WebPermissions {
  readonly watchAllRecordings: boolean
  readonly readAudit: boolean
  readonly killSessions: boolean
  readonly administer: boolean
}

/** Authorization code with PKCE at the identity provider. `secret` is kept on our side until the browser comes back. */
export interface WebSignIn {
  /** The names of the providers, of which one is asked. */
  readonly providers: readonly string[]
  /** Who vouches for this person; undefined where nobody does any more. */
  providerOf(person: Principal): string | undefined
  /**
   * `provider`: the first one where it is left out · `fresh`: the person has to prove anew who they are, by any of these
   * authentication contexts.
   */
  begin(how?: {
    readonly provider?: string | undefined
    readonly fresh?: { readonly acr: readonly string[] } | undefined
  }): Promise<{ readonly location: URL; readonly state: string; readonly secret: unknown }>
  finish(callback: URL, secret: unknown): Promise<WebSignedIn>
  /** Keeps asking about a sign-in until the returned function is called; rejects where it has ended. */
  watch(signIn: SignInId): Promise<() => void>
  /** Calls `listener` with each sign-in that has ended: its browser must be signed out. */
  onEnded(listener: (signIn: SignInId) => void): () => void
  /** Ends the sign-ins that a back-channel logout token names; rejects with `invalid` for a token that does not hold. */
  logOut(token: string): Promise<void>
  /** The person signed out. */
  end(signIn: SignInId): Promise<void>
}

export interface WebSignedIn {
  readonly person: Principal
  readonly signIn: SignInId
  readonly authentication: Authentication
}

export interface ProgramSignIn {
  readonly issuer: string
  readonly clientId: string
  readonly scopes: string
  readonly audience: string
}

/** Of one route of notifications, since the start. */
export interface RouteCounts {
  readonly route: string
  readonly delivered: number
  /** Attempts that failed. */
  readonly failed: number
  readonly dead: number
  /** Notices that quiet hours kept back; they are not told later. */
  readonly quiet: number
  /** Messages that are neither delivered nor dead. */
  readonly waiting: number
}

export interface WebServices {
  readonly clock: Clock
  readonly log: Log
  /** How browsers reach us, e.g. `http://127.0.0.1:8080`; decides cookie flags and the allowed origin. */
  readonly publicUrl: URL
  readonly store: Store
  readonly blobs: BlobStore
  readonly desk: Desk
  readonly quality: QualityDesk
  readonly logins: LoginDesk
  readonly live: Registry
  readonly administration: Administration
  readonly signIn: WebSignIn
  /** Verifies an access token of the identity provider; rejects with `unauthenticated`. */
  bearer(token: string): Promise<Principal>
  /** Where people get tokens for their programs; undefined where the provider has no client for that. */
  readonly programSignIn: ProgramSignIn | undefined
  /** By the policy in force now. */
  rolesOf(principal: Principal): readonly string[]
  permissionsOf(principal: Principal): WebPermissions
  /** Revokes the person's key binding and ends the connections that came in by it. False when there is none of theirs. */
  revokeKey(id: KeyBindingId, principal: Principal): Promise<boolean>
  /** The replay index of a recording that is closed; made now if there is none yet. */
  replayOf(session: SessionId): Promise<ReplayIndex>
  /** What the log of evidence is signed by. */
  readonly logKey: NoteVerifier
  /** The blob's name of a session's recording. */
  recordingName(session: string): string
  /** What an auditor takes away of sessions: a ZIP archive that proves itself. Who may have it was decided before. */
  bundle(request: {
    readonly sessions: readonly SessionRecord[]
    readonly by: Principal
    readonly filter?: Readonly<Record<string, string>> | undefined
  }): Promise<ReadableStream<Uint8Array>>
  /** Each part that must work before this bastion may be sent traffic, and whether it does. */
  readiness(): Promise<Readonly<Record<string, boolean>>>
  notifications(): readonly RouteCounts[]
  /** Prometheus text exposition format. */
  metrics(): Promise<string>
  /** `@cert-authority`/known_hosts lines for this bastion's SSH host keys. */
  knownHosts(): string
  /** What to type to reach a target, e.g. `ssh -p 2222 web-1@127.0.0.1`. */
  sshCommand(target: string): string
}
