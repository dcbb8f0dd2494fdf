/**
 * Sign-ins that wait for a browser. A terminal shows a code and two matching words; the person who signs in must see
 * who asks, and pick the same words, before the terminal goes on.
 *
 * Two proofs have to name the same person: the device grant (RFC 8628) and the browser's own signed-in session. The
 * grant alone would do for a phisher who sends somebody else the provider's link (RFC 8628 §5.4); the click alone would
 * not be the provider's word. A wrong pick of words ends the attempt: with three choices, a second try is a guess.
 */
import type { AuditType } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import { BastionError, codeOf, messageFor } from '../core/errors.ts'
import { type LoginId, newLoginId } from '../core/ids.ts'
import type { AuditLog } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import { pickWords, wordChoices } from './matching-words.ts'

/** Who asks, as shown to the person who may say yes. */
export interface LoginOrigin {
  readonly target: string
  readonly login: string
  readonly address: string
  /** Of the key that the client proved; undefined when it proved none. */
  readonly fingerprint: string | undefined
  readonly clientVersion: string
}

export interface LoginGrant {
  /** RFC 8628's user_code: the one code a person sees, in the terminal, on our page and at the provider. */
  readonly userCode: string
  /** Where the person confirms the code at the provider. */
  readonly verificationUrl: string
  readonly expiresAt: Date
  /** Resolves with whom the provider vouches for; rejects when it was denied or expired. */
  readonly principal: Promise<Principal>
}

export type LoginOutcome =
  | { readonly kind: 'approved'; readonly principal: Principal }
  | { readonly kind: 'denied'; readonly message: string }

/** What the terminal's side holds. `outcome` never rejects. */
export interface LoginAttempt {
  readonly id: LoginId
  readonly code: string
  readonly words: string
  readonly expiresAt: Date
  readonly outcome: Promise<LoginOutcome>
  /** The client went away. */
  cancel(): void
}

/** What the browser's side gets to see. */
export interface LoginView {
  readonly origin: LoginOrigin
  readonly requestedAt: Date
  readonly expiresAt: Date
  readonly verificationUrl: string
  readonly choices: readonly string[]
  /** `identity`: the code has yet to be confirmed at the provider · `consent`: pick the words · `other-person`: the code was confirmed by somebody else. */
  readonly waitsFor: 'identity' | 'consent' | 'other-person'
}

interface Entry {
  readonly id: LoginId
  readonly origin: LoginOrigin
  readonly grant: LoginGrant
  readonly words: string
  readonly choices: readonly string[]
  readonly requestedAt: Date
  principal: Principal | undefined
  /** A click is being recorded; another one must not overtake it. */
  isDeciding: boolean
  readonly settle: (outcome: LoginOutcome) => void
}

const MAX_OPEN = 1000
/** A shorter code could be guessed; RFC 8628 §6.1 has eight characters in its examples. */
const SHORTEST_CODE = 6
const MAX_MISSES = 10
const MISS_WINDOW_MS = 10 * 60_000

export class LoginDesk {
  readonly #audit: AuditLog
  readonly #clock: Clock
  readonly #open = new Map<string, Entry>()
  readonly #misses = new Map<string, { count: number; since: number }>()

  constructor(parts: { readonly audit: AuditLog; readonly clock: Clock }) {
    this.#audit = parts.audit
    this.#clock = parts.clock
  }

  /** Reports whether another sign-in can wait; the bound keeps strangers from filling memory. */
  get hasRoom(): boolean {
    return this.#open.size < MAX_OPEN
  }

  async begin(origin: LoginOrigin, grant: LoginGrant): Promise<LoginAttempt> {
    const code = normalise(grant.userCode)
    if (code.length < SHORTEST_CODE) {
      grant.principal.catch(() => {})
      throw new BastionError(
        'untrusted',
        'The identity provider gave a code that is too short to be safe; tell an administrator.',
      )
    }
    if (!this.hasRoom || this.#open.has(code)) {
      grant.principal.catch(() => {})
      throw new BastionError('too-many', 'Too many sign-ins wait already; try again in a few minutes.')
    }
    const words = pickWords()
    const { promise, resolve } = Promise.withResolvers<LoginOutcome>()
    const stopTimer = this.#clock.after(grant.expiresAt.getTime() - this.#clock.now().getTime(), () =>
      entry.settle({
        kind: 'denied',
        message: 'The code expired before anybody confirmed it. Connect again for a new one.',
      }),
    )
    const entry: Entry = {
      id: newLoginId(),
      origin,
      grant,
      words,
      choices: wordChoices(words),
      requestedAt: this.#clock.now(),
      principal: undefined,
      isDeciding: false,
      settle: (outcome) => {
        stopTimer()
        // The provider may have given the same code to a later attempt.
        if (this.#open.get(code) === entry) this.#open.delete(code)
        resolve(outcome)
      },
    }
    this.#open.set(code, entry)
    grant.principal.then(
      (principal) => {
        entry.principal = principal
      },
      (error) => void this.#fail(entry, error),
    )
    try {
      await this.#record('login.started', entry, undefined, {})
    } catch (error) {
      entry.settle({ kind: 'denied', message: messageFor(error) })
      throw error
    }
    return {
      id: entry.id,
      code: grant.userCode,
      words,
      expiresAt: grant.expiresAt,
      outcome: promise,
      cancel: () => entry.settle({ kind: 'denied', message: 'The client went away.' }),
    }
  }

  /** Throws `not-found` for a code that is not waiting (never, no more, or used), `too-many` for who keeps guessing. */
  view(code: string, viewer: Principal): LoginView {
    const entry = this.#find(code, viewer)
    return {
      origin: entry.origin,
      requestedAt: entry.requestedAt,
      expiresAt: entry.grant.expiresAt,
      verificationUrl: entry.grant.verificationUrl,
      choices: entry.choices,
      waitsFor:
        entry.principal === undefined ? 'identity' : entry.principal.id === viewer.id ? 'consent' : 'other-person',
    }
  }

  /** The click. Lets the terminal go on when `viewer` is whom the provider vouched for and the words match. */
  async consent(code: string, viewer: Principal, words: string): Promise<void> {
    const entry = this.#find(code, viewer)
    if (entry.principal === undefined) {
      throw new BastionError('conflict', 'The code has not been confirmed at the identity provider yet.')
    }
    if (entry.principal.id !== viewer.id) {
      await this.#record('login.failed', entry, viewer, {
        why: 'the browser belongs to another person',
        confirmedBy: entry.principal.id,
      })
      throw new BastionError(
        'forbidden',
        `This code was confirmed by ${entry.principal.name}; you are signed in as ${viewer.name}.`,
      )
    }
    if (entry.isDeciding) throw new BastionError('conflict', 'This sign-in is being decided already.')
    if (words !== entry.words) {
      // Ended before it is recorded: a fault of the audit log must not give a second guess.
      entry.settle({
        kind: 'denied',
        message: 'The words picked in the browser were not the ones shown here. Connect again.',
      })
      await this.#record('login.denied', entry, viewer, { why: 'wrong matching words' })
      throw new BastionError(
        'forbidden',
        'Those are not the words in the terminal, so it was not let in. Connect again for a new code.',
      )
    }
    entry.isDeciding = true
    try {
      await this.#record('login.approved', entry, viewer, {})
    } finally {
      entry.isDeciding = false
    }
    // The attempt may have ended while the event was being stored; then nobody waits and nothing is let in.
    if (!this.#isOpen(entry)) {
      await this.#record('login.failed', entry, viewer, { why: 'it ended while the approval was being stored' })
      throw new BastionError('not-found', GONE)
    }
    entry.settle({ kind: 'approved', principal: entry.principal })
  }

  async deny(code: string, viewer: Principal, how: { readonly notMe: boolean }): Promise<void> {
    const entry = this.#find(code, viewer)
    entry.settle({ kind: 'denied', message: `The sign-in was refused in the browser by ${viewer.name}.` })
    await this.#record('login.denied', entry, viewer, { notMe: how.notMe })
  }

  close(reason: string): void {
    for (const entry of [...this.#open.values()]) entry.settle({ kind: 'denied', message: reason })
  }

  #find(code: string, viewer: Principal): Entry {
    const now = this.#clock.now().getTime()
    const misses = this.#misses.get(viewer.id)
    const recent = misses !== undefined && now - misses.since < MISS_WINDOW_MS ? misses : undefined
    if (recent !== undefined && recent.count >= MAX_MISSES) {
      throw new BastionError('too-many', 'Too many wrong codes; wait ten minutes and connect again.')
    }
    const entry = this.#open.get(normalise(code))
    if (entry !== undefined && this.#isOpen(entry)) return entry
    if (this.#misses.size >= MAX_OPEN) this.#misses.clear()
    this.#misses.set(viewer.id, { count: (recent?.count ?? 0) + 1, since: recent?.since ?? now })
    throw new BastionError('not-found', GONE)
  }

  /** By the clock as well: a timer may be late. */
  #isOpen(entry: Entry): boolean {
    return (
      this.#open.get(normalise(entry.grant.userCode)) === entry &&
      this.#clock.now().getTime() < entry.grant.expiresAt.getTime()
    )
  }

  async #fail(entry: Entry, error: unknown): Promise<void> {
    const type: AuditType = codeOf(error) === 'forbidden' ? 'login.denied' : 'login.failed'
    await this.#record(type, entry, undefined, { why: messageFor(error) }).catch(() => {})
    entry.settle({ kind: 'denied', message: messageFor(error) })
  }

  #record(
    type: AuditType,
    entry: Entry,
    actor: Principal | undefined,
    detail: Record<string, unknown>,
  ): Promise<unknown> {
    return this.#audit.append({
      type,
      at: this.#clock.now(),
      actor: actor?.id,
      actorName: actor?.name,
      session: undefined,
      hold: undefined,
      detail: { attempt: entry.id, ...entry.origin, ...detail },
    })
  }
}

const GONE = 'This code is not waiting: it was used, it expired, or it was mistyped. Connect again for a new one.'

/** People type codes in lower case and without the dash. */
function normalise(code: string): string {
  return code.toUpperCase().replace(/[^A-Z0-9]/g, '')
}
