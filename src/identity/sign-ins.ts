/**
 * Every sign-in, from the provider's first word to its last. While one is in use (a browser, a connection), the provider
 * is asked about the person again; changed groups count at once, and a no ends whatever came in by it.
 *
 * While the provider is away nobody is let in, and what is open goes on for `outageMs` after the provider's last word.
 *
 * INVARIANT: nothing is admitted by a sign-in that has ended, or whose last check is older than FRESH_MS; refresh tokens
 * leave this file only sealed, or towards the provider.
 */
import type { Clock } from '../core/clock.ts'
import { BastionError, codeOf, messageFor } from '../core/errors.ts'
import { newSignInId, type PrincipalId, type SignInId } from '../core/ids.ts'
import type { Log, Sealer, Store } from '../core/ports.ts'
import type { Principal, SignedIn, SignInRecord } from '../core/principal.ts'
import { People } from './people.ts'

export interface SignInsParts {
  readonly store: Pick<Store, 'signIns' | 'audit'>
  readonly sealer: Sealer
  readonly clock: Clock
  readonly log: Log
  /** Asks the provider of `issuer`; rejects with `unavailable` while it does not answer, otherwise it has said no. */
  refresh(token: string, person: Principal): Promise<SignedIn>
  readonly limits: SignInLimits
}

export interface SignInLimits {
  /** How long after one check the next is due, while the sign-in is in use. */
  readonly recheckMs: number
  /** How long what is open goes on after the provider's last word. */
  readonly outageMs: number
  /** True: who could not be asked about again is not let in at all. */
  readonly recheckRequired: boolean
}

/** Something is let in only on a word of the provider's that is not older. */
export const FRESH_MS = 5 * 60_000
/** How soon a provider that did not answer is asked again. */
const RETRY_MS = 30_000

const NO_REFRESH =
  'The identity provider gives this bastion no refresh token, so nobody would notice when you are removed there. Its operator must allow them (often the scope offline_access), or set “recheck: { required: false }”.'
const ENDED = 'This sign-in has ended. Sign in again.'

interface Watched {
  users: number
  record: SignInRecord
  stopTimer: () => void
}

export interface SignInListener {
  /** Whatever came in by it must go; the reason is for the person. */
  ended(id: SignInId, reason: string): void
  /** The person's groups are others now. */
  changed(person: Principal): void
}

export class SignIns {
  readonly people: People
  readonly #parts: SignInsParts
  readonly #watched = new Map<SignInId, Watched>()
  readonly #checks = new Map<SignInId, Promise<SignInRecord>>()
  readonly #listeners = new Set<SignInListener>()
  #isClosed = false

  constructor(parts: SignInsParts) {
    this.#parts = parts
    this.people = new People()
  }

  subscribe(listener: SignInListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Keeps a sign-in that the provider has just vouched for. */
  async begin(signedIn: SignedIn): Promise<SignInRecord> {
    const { clock, limits, store } = this.#parts
    const { principal, refreshToken, sid } = signedIn
    if (refreshToken === undefined && limits.recheckRequired) throw new BastionError('unavailable', NO_REFRESH)
    const id = newSignInId()
    const now = clock.now()
    const record: SignInRecord = {
      id,
      principal,
      sid,
      refresh: refreshToken === undefined ? undefined : this.#seal(id, refreshToken),
      startedAt: now,
      checkedAt: now,
      ended: undefined,
    }
    await store.signIns.insert(record)
    return record
  }

  /** Resolves to the person as the provider has vouched for them within FRESH_MS. Rejects with the reason for a no. */
  async admit(id: SignInId | undefined): Promise<Principal> {
    const record = id === undefined ? undefined : await this.#find(id)
    if (record === undefined || record.ended !== undefined) throw new BastionError('unauthenticated', ENDED)
    if (record.refresh === undefined) {
      if (this.#parts.limits.recheckRequired) throw new BastionError('unauthenticated', NO_REFRESH)
      return this.people.current(record.principal)
    }
    const age = this.#parts.clock.now().getTime() - record.checkedAt.getTime()
    if (age < FRESH_MS) return this.people.current(record.principal)
    return (await this.#check(record)).principal
  }

  /** To be called when something came in by this sign-in; the returned function when it is gone. */
  async watch(id: SignInId): Promise<() => void> {
    let watched = this.#watched.get(id)
    if (watched === undefined) {
      const record = await this.#parts.store.signIns.find(id)
      if (record === undefined || record.ended !== undefined) throw new BastionError('unauthenticated', ENDED)
      watched = this.#watched.get(id)
      if (watched === undefined) {
        watched = { users: 0, record, stopTimer: () => {} }
        this.#watched.set(id, watched)
        this.#learn(record)
        this.#schedule(watched)
      }
    }
    const entry = watched
    entry.users++
    let isLeft = false
    return () => {
      if (isLeft) return
      isLeft = true
      if (--entry.users > 0) return
      entry.stopTimer()
      if (this.#watched.get(id) === entry) this.#watched.delete(id)
      if (!this.#isWatched(entry.record.principal)) this.people.forget(entry.record.principal.id)
    }
  }

  /** Ends it, once; whoever came in by it is told why. */
  async end(record: SignInRecord, reason: string): Promise<void> {
    const { clock, store, log } = this.#parts
    const { id, principal } = record
    const at = clock.now()
    const entry = this.#watched.get(id)
    if (entry !== undefined) entry.record = { ...entry.record, refresh: undefined, ended: { at, reason } }
    // Ending must work even where it cannot be kept: what it takes away is access.
    const isFirst = await store.signIns.end(id, { at, reason }).catch((error: unknown) => {
      log.error({ err: error, signIn: id }, 'the end of a sign-in could not be kept')
      return true
    })
    this.#tell((listener) => listener.ended(id, reason))
    if (isFirst) {
      await this.#record('sign-in.ended', principal, { signIn: id, reason }).catch((error: unknown) =>
        log.error({ err: error, signIn: id }, 'the end of a sign-in could not be recorded'),
      )
    }
  }

  /**
   * Ends those of a person, or of one session of the provider's. Of the person of that session, those that name no session
   * end too (a device grant's may not): nobody can tell whether they belong to it.
   */
  async endAll(
    of: { readonly issuer: string; readonly subject: string | undefined; readonly sid: string | undefined },
    reason: string,
  ): Promise<void> {
    if (of.subject === undefined && of.sid === undefined) throw new Error('nobody would be signed out, or everybody')
    const { issuer, subject, sid } = of
    const found = await this.#parts.store.signIns.live(subject === undefined ? { issuer, sid } : { issuer, subject })
    const concerned = found.filter((record) => sid === undefined || record.sid === undefined || record.sid === sid)
    for (const record of concerned) await this.end(record, reason)
  }

  close(): void {
    this.#isClosed = true
    for (const { stopTimer } of this.#watched.values()) stopTimer()
    this.#watched.clear()
  }

  async #find(id: SignInId): Promise<SignInRecord | undefined> {
    return this.#watched.get(id)?.record ?? (await this.#parts.store.signIns.find(id))
  }

  #schedule(entry: Watched): void {
    const { clock, limits } = this.#parts
    if (this.#isClosed || entry.record.refresh === undefined) return
    const due = entry.record.checkedAt.getTime() + limits.recheckMs - clock.now().getTime()
    entry.stopTimer = clock.after(Math.max(0, due), () => void this.#recheck(entry))
  }

  async #recheck(entry: Watched): Promise<void> {
    const { clock, limits, log } = this.#parts
    const { id } = entry.record
    try {
      await this.#check(entry.record)
      if (this.#watched.get(id) === entry) this.#schedule(entry)
    } catch (error) {
      // A no has ended the sign-in already.
      if (entry.record.ended !== undefined || this.#watched.get(id) !== entry) return
      log.warn({ err: error, signIn: id }, 'the identity provider could not be asked about somebody')
      const silentMs = clock.now().getTime() - entry.record.checkedAt.getTime()
      if (silentMs >= limits.outageMs) {
        const reason = 'The identity provider has not answered for too long, so your sign-in has ended. Connect again.'
        return this.end(entry.record, reason)
      }
      const wait = Math.min(RETRY_MS, limits.recheckMs, limits.outageMs - silentMs)
      entry.stopTimer = clock.after(wait, () => void this.#recheck(entry))
    }
  }

  /** One question at a time for each sign-in: a refresh token that is used twice may be taken for a stolen one. */
  #check(record: SignInRecord): Promise<SignInRecord> {
    const running = this.#checks.get(record.id)
    if (running !== undefined) return running
    const check = this.#ask(record).finally(() => this.#checks.delete(record.id))
    this.#checks.set(record.id, check)
    return check
  }

  async #ask(record: SignInRecord): Promise<SignInRecord> {
    const { clock, store } = this.#parts
    const { id } = record
    const askedAt = clock.now()
    let again: SignedIn
    try {
      again = await this.#parts.refresh(this.#unseal(record), record.principal)
    } catch (error) {
      if (codeOf(error) !== 'unavailable') await this.end(record, refusalOf(error))
      throw error
    }
    const next = {
      principal: again.principal,
      refresh: again.refreshToken === undefined ? undefined : this.#seal(id, again.refreshToken),
      checkedAt: askedAt,
    }
    const isKept = await store.signIns.checked(id, next)
    if (!isKept) throw new BastionError('unauthenticated', ENDED)
    const checked = { ...record, ...next }
    const entry = this.#watched.get(id)
    if (entry !== undefined && entry.record.ended === undefined) entry.record = checked
    await this.#noticeChange(record.principal, checked)
    return checked
  }

  async #noticeChange(before: Principal, { id, principal, checkedAt }: SignInRecord): Promise<void> {
    const known = this.people.current(before)
    if (this.#isWatched(principal)) this.people.learn(principal, checkedAt)
    if (sameGroups(known.groups, principal.groups)) return
    this.#tell((listener) => listener.changed(principal))
    await this.#record('sign-in.changed', principal, { signIn: id, before: known.groups, after: principal.groups })
  }

  #learn({ principal, checkedAt }: SignInRecord): void {
    const known = this.people.current(principal)
    this.people.learn(principal, checkedAt)
    const now = this.people.current(principal)
    if (!sameGroups(known.groups, now.groups)) this.#tell((listener) => listener.changed(now))
  }

  #isWatched({ id }: Principal): boolean {
    return [...this.#watched.values()].some(({ record }) => record.principal.id === id)
  }

  #tell(tell: (listener: SignInListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        tell(listener)
      } catch (error) {
        this.#parts.log.error({ err: error }, 'a listener to sign-ins failed')
      }
    }
  }

  #seal(id: SignInId, token: string): string {
    return this.#parts.sealer.seal(`refresh-token/${id}`, Buffer.from(token))
  }

  #unseal({ id, refresh }: SignInRecord): string {
    if (refresh === undefined) throw new BastionError('unauthenticated', ENDED)
    return Buffer.from(this.#parts.sealer.open(`refresh-token/${id}`, refresh)).toString()
  }

  #record(type: 'sign-in.changed' | 'sign-in.ended', actor: Principal, detail: Record<string, unknown>) {
    const { store, clock } = this.#parts
    const who: { readonly actor: PrincipalId; readonly actorName: string } = { actor: actor.id, actorName: actor.name }
    return store.audit.append({ type, at: clock.now(), ...who, session: undefined, hold: undefined, detail })
  }
}

/** What the person is told. The provider says only that the token is not good any more. */
function refusalOf(error: unknown): string {
  if (codeOf(error) === 'unauthenticated' || codeOf(error) === 'forbidden')
    return 'The identity provider no longer vouches for you, so you are signed out.'
  return messageFor(error)
}

function sameGroups(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((group) => other.includes(group))
}
