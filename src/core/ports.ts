/**
 * What the inner ring asks of the outer one. Every method may reject with a BastionError; whoever calls it must then
 * refuse what was asked (fail closed). Adapters translate foreign errors at their border.
 */
import type { AuditEvent, AuditType, StoredAuditEvent } from './audit.ts'
import type { Debt, DebtClosing } from './debt.ts'
import type { EvidenceStore } from './evidence.ts'
import type { Grant, GrantEnd } from './grant.ts'
import type { Decision, Explanation, Hold, HoldState, HoldStateKind } from './hold.ts'
import type { GrantId, HoldId, KeyBindingId, PrincipalId, SessionId, SignInId } from './ids.ts'
import type { PasskeyRecord } from './passkey.ts'
import type { KeyBinding, SignInRecord } from './principal.ts'
import type { ProposalStore } from './proposal.ts'
import type { ReplayStore } from './replay.ts'
import type { SessionRecord } from './session.ts'

/** Append-only. `append` resolves when the event will survive the process being killed. */
export interface AuditLog {
  append(event: AuditEvent): Promise<StoredAuditEvent>
  /** Newest first. */
  list(filter: AuditFilter): Promise<readonly StoredAuditEvent[]>
}

export interface AuditFilter {
  readonly types?: readonly AuditType[]
  readonly session?: SessionId
  readonly hold?: HoldId
  readonly beforeSeq?: number
  readonly limit: number
}

export interface HoldStore {
  insert(hold: Hold): Promise<void>
  find(id: HoldId): Promise<Hold | undefined>
  /** Newest first. */
  list(filter: {
    readonly state?: HoldStateKind
    readonly session?: SessionId
    /** Held at or after `since`, and at or before `until`. */
    readonly since?: Date
    readonly until?: Date
    readonly limit: number
  }): Promise<readonly Hold[]>
  /**
   * Adds an explanation, or a question, while the hold is pending and has fewer than `most` of them. Resolves to the hold as it then stands, or
   * undefined when nothing was stored.
   */
  addExplanation(id: HoldId, explanation: Explanation, most: number): Promise<Hold | undefined>
  /**
   * Adds a decision while the hold is pending, and moves the hold to what `next` makes of it (undefined: it stays), all
   * in one step. Resolves to the hold as it then stands, or undefined when it was no longer pending or this person had
   * decided already: the caller lost the race, and nothing was stored.
   */
  addDecision(id: HoldId, decision: Decision, next: (hold: Hold) => HoldState | undefined): Promise<Hold | undefined>
  /**
   * Lets the roles of its escalation decide too, once, while it is pending. Resolves to the hold as it then stands, or undefined
   * when nothing was changed.
   */
  escalate(id: HoldId, at: Date): Promise<Hold | undefined>
  /** Moves a hold from `from` to `to`, atomically. Resolves to false when it was not in `from`: somebody was faster. */
  transition(id: HoldId, from: HoldStateKind, to: HoldState): Promise<boolean>
}

export interface GrantStore {
  insert(grant: Grant): Promise<void>
  find(id: GrantId): Promise<Grant | undefined>
  /** Those in force at `now`: neither over nor ended. Newest first. */
  live(filter: {
    readonly now: Date
    readonly principal?: PrincipalId
    readonly limit: number
  }): Promise<readonly Grant[]>
  /** Counts a use. Resolves to false, and counts nothing, when the grant is not in force at `at`. */
  use(id: GrantId, at: Date): Promise<boolean>
  /** Ends it before its time, once: resolves to false when it is not there or had been ended already. */
  end(id: GrantId, end: GrantEnd): Promise<boolean>
}

export interface DebtStore {
  /**
   * Breaks the glass, in one step: adds the decision, moves the hold from `pending` to approved and keeps the debt. Resolves
   * to the hold as it then stands, or undefined when it was no longer pending: nothing was stored.
   */
  incur(debt: Debt, decision: Decision): Promise<Hold | undefined>
  find(hold: HoldId): Promise<Debt | undefined>
  /** Newest first. */
  list(filter: { readonly open?: boolean; readonly limit: number }): Promise<readonly Debt[]>
  /** Closes it, once: resolves to false when it is not there or was closed before. */
  close(hold: HoldId, closing: DebtClosing): Promise<boolean>
}

export interface SessionStore {
  insert(session: SessionRecord): Promise<void>
  finish(
    id: SessionId,
    end: { readonly at: Date; readonly exitStatus: number | undefined; readonly reason: string | undefined },
  ): Promise<void>
  find(id: SessionId): Promise<SessionRecord | undefined>
  /** Newest first. */
  list(filter: {
    readonly principal?: PrincipalId
    readonly live?: boolean
    readonly limit: number
  }): Promise<readonly SessionRecord[]>
}

export interface KeyBindingStore {
  insert(binding: KeyBinding): Promise<void>
  /** The binding in force for this fingerprint at `now`: neither expired nor revoked. */
  findLive(fingerprint: string, now: Date): Promise<KeyBinding | undefined>
  list(principal: PrincipalId): Promise<readonly KeyBinding[]>
  touch(id: KeyBindingId, at: Date): Promise<void>
  /** Resolves to false when there was nothing of this person's to revoke. */
  revoke(id: KeyBindingId, principal: PrincipalId, at: Date): Promise<boolean>
}

export interface SignInStore {
  insert(signIn: SignInRecord): Promise<void>
  find(id: SignInId): Promise<SignInRecord | undefined>
  /** Keeps what the provider said when it was asked again. Resolves to false, and keeps nothing, when it had ended. */
  checked(id: SignInId, now: Pick<SignInRecord, 'principal' | 'refresh' | 'checkedAt'>): Promise<boolean>
  /** Ends it once, and forgets its refresh token: resolves to false when it is not there or had ended. */
  end(id: SignInId, end: { readonly at: Date; readonly reason: string }): Promise<boolean>
  /** Those that have not ended, of one provider: of one person, of one of its sessions, or of both. */
  live(of: {
    readonly issuer: string
    readonly subject?: string | undefined
    readonly sid?: string | undefined
  }): Promise<readonly SignInRecord[]>
}

export interface PasskeyStore {
  /** Rejects with `conflict` where this credential is somebody's already. */
  insert(passkey: PasskeyRecord): Promise<void>
  find(credential: string): Promise<PasskeyRecord | undefined>
  /** All of a person's, revoked ones too; newest first. */
  list(principal: PrincipalId): Promise<readonly PasskeyRecord[]>
  /**
   * Counts a use of one that is not revoked. Resolves to false, and keeps nothing, where its counter did not grow: then
   * there is a copy of it, or this use was counted before (WebAuthn §6.1.1). One that keeps no counter says 0 always.
   */
  use(credential: string, use: { readonly counter: number; readonly at: Date }): Promise<boolean>
  /** Resolves to false when there was nothing of this person's to revoke. */
  revoke(credential: string, principal: PrincipalId, at: Date): Promise<boolean>
}

/** The bastion's state, behind one door so that a bastion needs one store and a test one fake fault. */
export interface Store {
  readonly audit: AuditLog
  readonly holds: HoldStore
  readonly grants: GrantStore
  readonly debts: DebtStore
  readonly sessions: SessionStore
  readonly keys: KeyBindingStore
  readonly evidence: EvidenceStore
  readonly signIns: SignInStore
  readonly passkeys: PasskeyStore
  readonly proposals: ProposalStore
  readonly replays: ReplayStore
  close(): Promise<void>
}

/** Where recordings are kept. Names are `[a-z0-9][a-z0-9./-]*`, without `..`; anything else is refused. */
export interface BlobStore {
  /** Opens a new blob for appending; refuses (`conflict`) when the name exists. */
  create(name: string): Promise<BlobWriter>
  /** Opens one that nobody writes to any more, to go on behind its first `size` bytes; what follows them is cut off. */
  resume(name: string, size: number): Promise<BlobWriter>
  /** The blob's bytes from `start` on, as far as they are written; `not-found` when there is none. */
  read(name: string, start?: number): Promise<AsyncIterable<Uint8Array>>
  size(name: string): Promise<number>
  /** The sizes of the pieces that it lies in, in order; one, where it lies in one. */
  pieces(name: string): Promise<readonly number[]>
  /** Names that start with `prefix`, in order. */
  list(prefix: string): Promise<readonly string[]>
}

export interface BlobWriter {
  /** Resolves when a reader would find the bytes even if this process died. Rejects with `storage-full` when full. */
  append(bytes: Uint8Array): Promise<void>
  /**
   * What was appended since the last cut is a chunk, of this SHA-256 in hexadecimal: a place that keeps blobs in pieces makes
   * one of it.
   */
  cut(sha256: string): Promise<void>
  close(): Promise<void>
}

/** Where chunks of recordings end up: whole objects, each created once and never changed. Names as those of blobs. */
export interface ObjectStore {
  /**
   * Resolves when the store has these very bytes under this name and has said so, also where they were there before;
   * rejects with `conflict` where other bytes are. After any other rejection they may be there or not: try again.
   */
  create(name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>
  /** The object's bytes, of which no more than `most` are read; `not-found` when there is none. */
  read(name: string, most: number): Promise<Uint8Array>
  /** What is there under names that start with `prefix`, in order of the names. */
  list(prefix: string): Promise<readonly StoredObject[]>
}

export interface StoredObject {
  readonly name: string
  readonly bytes: number
}

/** Credentials. A secret's text leaves it only towards an upstream; never a log, an error or a page. */
export interface Vault {
  /** `not-found` when there is none of that name. */
  open(name: string): Promise<Uint8Array>
  put(name: string, secret: Uint8Array): Promise<void>
  list(): Promise<readonly { readonly name: string; readonly updatedAt: Date }[]>
}

/** Seals small secrets that are kept elsewhere than in the vault, under the vault's key. */
export interface Sealer {
  /** Returns text that only `open` with the same `name` turns back. */
  seal(name: string, secret: Uint8Array): string
  /** Throws `untrusted` when it was sealed under another key or name, or was changed. */
  open(name: string, sealed: string): Uint8Array
}

/** The log's narrow face, so that the inner ring need not know which library writes it. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}
