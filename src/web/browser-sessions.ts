/**
 * Who is signed in with which browser. Kept in memory only: a restart signs everybody out, and nothing that could be
 * stolen from a disk opens a page. A session's id is 160 random bits, made anew at every sign-in.
 *
 * INVARIANT: a session that was signed out, is older than LIFE_MS or was idle for IDLE_MS is found by nobody, and its
 * `ended` signal has fired, so that whatever streams to it stops. (faults 37 and 46)
 */
import type { Clock } from '../core/clock.ts'
import { randomText, type SignInId } from '../core/ids.ts'
import type { Authentication, Principal } from '../core/principal.ts'
import type { WebSignedIn } from './services.ts'

export const LIFE_MS = 12 * 3_600_000
export const IDLE_MS = 4 * 3_600_000
const MAX_SESSIONS = 10_000
const MAX_PER_PERSON = 20

export interface BrowserSession {
  readonly id: string
  readonly person: Principal
  /** At the identity provider; the session ends with it. */
  readonly signIn: SignInId
  /** How the person proved who they are, when this began. */
  readonly authentication: Authentication
  readonly startedAt: Date
  readonly expiresAt: Date
  readonly ended: AbortSignal
}

interface Entry {
  readonly session: BrowserSession
  readonly controller: AbortController
  lastUsedAtMs: number
  stopTimer: () => void
}

export class BrowserSessions {
  readonly #clock: Clock
  /** In the order of their last use, oldest first. */
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  open({ person, signIn, authentication }: WebSignedIn): BrowserSession {
    this.#makeRoom(person)
    const now = this.#clock.now()
    const controller = new AbortController()
    const session: BrowserSession = {
      id: randomText(32),
      person,
      signIn,
      authentication,
      startedAt: now,
      expiresAt: new Date(now.getTime() + LIFE_MS),
      ended: controller.signal,
    }
    const entry: Entry = { session, controller, lastUsedAtMs: now.getTime(), stopTimer: () => {} }
    this.#entries.set(session.id, entry)
    this.#watch(entry)
    return session
  }

  /** Returns the session and counts as its use. */
  find(id: string): BrowserSession | undefined {
    const entry = this.#entries.get(id)
    if (entry === undefined) return undefined
    const now = this.#clock.now().getTime()
    if (now >= endOf(entry)) {
      this.close(id)
      return undefined
    }
    entry.lastUsedAtMs = now
    this.#entries.delete(id)
    this.#entries.set(id, entry)
    return entry.session
  }

  close(id: string): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    this.#entries.delete(id)
    entry.stopTimer()
    entry.controller.abort()
  }

  closeOf(signIn: SignInId): void {
    for (const [id, { session }] of [...this.#entries]) if (session.signIn === signIn) this.close(id)
  }

  closeAll(): void {
    for (const id of [...this.#entries.keys()]) this.close(id)
  }

  #watch(entry: Entry): void {
    entry.stopTimer = this.#clock.after(Math.max(0, endOf(entry) - this.#clock.now().getTime()), () => {
      if (this.#clock.now().getTime() >= endOf(entry)) this.close(entry.session.id)
      else this.#watch(entry)
    })
  }

  #makeRoom(person: Principal): void {
    const theirs = [...this.#entries.values()].filter(({ session }) => session.person.id === person.id)
    if (theirs.length >= MAX_PER_PERSON) this.close(theirs[0]!.session.id)
    if (this.#entries.size >= MAX_SESSIONS) this.close(this.#entries.keys().next().value!)
  }
}

function endOf(entry: Entry): number {
  return Math.min(entry.session.expiresAt.getTime(), entry.lastUsedAtMs + IDLE_MS)
}
