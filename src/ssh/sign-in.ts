/**
 * Who is at the other end of a connection, before any channel may be opened (RFC 4252). Three ways lead in: a key that was
 * bound to a person before; a sign-in in the browser, which binds the key that the client proved on the way; and, for
 * programs, an access token of the identity provider in the password's place.
 *
 * INVARIANT: an identity comes from a verified signature with a live binding, from the login desk, or from a token that
 * the identity adapter verified; never from a key that was only offered, and never from the user name.
 */
import type { AuthContext, KeyboardAuthContext, PasswordAuthContext, PublicKeyAuthContext } from 'ssh2'
import type { LoginDesk, LoginGrant } from '../approval/login-desk.ts'
import type { AuditType } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import { BastionError, messageFor } from '../core/errors.ts'
import { type KeyBindingId, newKeyBindingId, type SignInId } from '../core/ids.ts'
import type { Log, Store } from '../core/ports.ts'
import type { KeyBinding, Principal } from '../core/principal.ts'
import { visible } from '../terminal/visible.ts'
import { fingerprint, isProved, parseOfferedKey } from './public-key.ts'
import { parseUserName } from './user-name.ts'

/** Whoever is signed in on a connection. */
export interface Identity {
  readonly principal: Principal
  /** The binding that let them in, or that this sign-in made. */
  readonly binding: { readonly id: KeyBindingId; readonly expiresAt: Date } | undefined
  /** The sign-in at the provider that stands behind it. */
  readonly signIn?: SignInId | undefined
  /** Of a program that came in by a token: when that is over, so is everything that came in by it. */
  readonly tokenExpiresAt?: Date | undefined
}

export interface DeviceGrant extends LoginGrant {
  /** Keeps the sign-in, once the person has agreed to it; rejects where it may not be kept. */
  begin(): Promise<SignInId>
}

export interface SignInServices {
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  readonly logins: LoginDesk
  /** The names of the identity providers. */
  readonly providers: readonly string[]
  /** Starts a provider's device flow (RFC 8628). */
  startDevice(signal: AbortSignal, provider?: string): Promise<DeviceGrant>
  /** Resolves to the key's person, as the provider vouches for them now; rejects with why they are not let in. */
  admit(binding: KeyBinding): Promise<Principal>
  /** Whom an access token names, and until when; rejects with `unauthenticated` for everything but a good one. */
  verifyToken(token: string): Promise<{ readonly principal: Principal; readonly expiresAt: Date }>
  /** Keeps asking about the sign-in until the returned function is called; rejects where it has ended. */
  watch(signIn: SignInId): Promise<() => void>
  /** Where a person goes with a code, e.g. `http://127.0.0.1:8080/d`. */
  readonly devicePage: string
  readonly bindingLifetimeMs: number
}

export interface Peer {
  readonly address: string
  readonly clientVersion: string
  /** Aborted when the client is gone. */
  readonly closed: AbortSignal
}

/** Requests of one connection, keys included; OpenSSH's own MaxAuthTries is 6, but it does not count keys that fit. */
const MAX_REQUESTS = 40
/** Tokens of one connection; a wrong one does not become right by being sent again. */
const MAX_TOKENS = 3
const METHODS = ['publickey', 'keyboard-interactive', 'password'] as const

export class SignIn {
  readonly #services: SignInServices
  readonly #peer: Peer
  #requests = 0
  #tokens = 0
  #hasAsked = false
  #proved: string | undefined

  constructor(services: SignInServices, peer: Peer) {
    this.#services = services
    this.#peer = peer
  }

  /** Reports whether the client has had its tries; the connection is to be closed then. */
  get isSpent(): boolean {
    return this.#requests > MAX_REQUESTS
  }

  /** Answers one authentication request; resolves to the identity when it succeeded. Never rejects. */
  async answer(request: AuthContext): Promise<Identity | undefined> {
    this.#requests++
    if (this.isSpent) return undefined
    try {
      if (request.method === 'publickey') return await this.#byKey(request)
      if (request.method === 'keyboard-interactive') return await this.#byBrowser(request)
      if (request.method === 'password' && ++this.#tokens <= MAX_TOKENS) return await this.#byToken(request)
    } catch (error) {
      if (request.method === 'password') await this.#refuseToken(error)
      else this.#services.log.error({ err: error, address: this.#peer.address }, 'a sign-in failed')
    }
    request.reject([...METHODS])
    return undefined
  }

  async #refuseToken(error: unknown): Promise<void> {
    this.#services.log.info({ err: error, address: this.#peer.address }, 'a token was refused')
    await this.#record('login.failed', undefined, { why: messageFor(error) }).catch(() => {})
  }

  async #byKey(request: PublicKeyAuthContext): Promise<Identity | undefined> {
    const key = parseOfferedKey(request.key)
    if (key === undefined) {
      request.reject([...METHODS])
      return undefined
    }
    if (request.signature === undefined) {
      // RFC 4252 §7: "would this key do?" — always yes, so that nobody learns which keys are bound. It proves nothing.
      request.accept()
      return undefined
    }
    if (!isProved(key, request)) {
      request.reject([...METHODS])
      return undefined
    }
    const print = fingerprint(request.key.data)
    const { clock, store } = this.#services
    const binding = await store.keys.findLive(print, clock.now())
    if (binding === undefined) {
      // The first key that was proved is the one to be bound; a later one with a live binding still wins.
      this.#proved ??= print
      request.reject([...METHODS])
      return undefined
    }
    const principal = await this.#admit(binding)
    if (principal === undefined) {
      this.#proved ??= print
      request.reject([...METHODS])
      return undefined
    }
    await this.#record('key.used', principal, { fingerprint: print, binding: binding.id })
    await store.keys.touch(binding.id, clock.now())
    // Once more, last: the key may have been revoked meanwhile, and who revokes it ends the connections that are open.
    const still = await store.keys.findLive(print, clock.now())
    if (still?.id !== binding.id) {
      request.reject([...METHODS])
      return undefined
    }
    request.accept()
    return { principal, binding, signIn: binding.signIn }
  }

  /** Resolves to undefined where the provider does not vouch for the key's person any more: the browser is left to them. */
  async #admit(binding: KeyBinding): Promise<Principal | undefined> {
    try {
      return await this.#services.admit(binding)
    } catch (error) {
      const why = messageFor(error)
      await this.#record('login.failed', binding.principal, { why, binding: binding.id })
      return undefined
    }
  }

  /** RFC 4252 §8. What is refused is not repeated anywhere: it may be somebody's real password. */
  async #byToken(request: PasswordAuthContext): Promise<Identity | undefined> {
    const { principal, expiresAt } = await this.#services.verifyToken(request.password)
    await this.#record('token.used', principal, { expiresAt, owner: principal.owner ?? null })
    request.accept()
    return { principal, binding: undefined, tokenExpiresAt: expiresAt }
  }

  async #byBrowser(request: KeyboardAuthContext): Promise<Identity | undefined> {
    // One sign-in for a connection: a client that is refused would otherwise ask thrice, with three codes.
    if (this.#hasAsked) {
      request.reject(['publickey'])
      return undefined
    }
    this.#hasAsked = true
    const gone = new AbortController()
    request.on('abort', () => gone.abort())
    const signal = AbortSignal.any([this.#peer.closed, gone.signal])
    const refuse = (sentence: string): undefined => {
      // RFC 4256 §3.2: an information request without prompts is shown and answered at once.
      // Not an empty list of methods: ssh2 would then offer its own, a password among them.
      // The sentence may hold a person's name, as the provider gave it.
      request.prompt([], '', `\nsallyport: ${visible(sentence)}\n`, () => request.reject(['publickey']))
      return undefined
    }
    try {
      if (!this.#services.logins.hasRoom) {
        throw new BastionError('too-many', 'Too many sign-ins wait already; try again in a few minutes.')
      }
      const provider = await this.#chooseProvider(request)
      const grant = await this.#services.startDevice(signal, provider)
      const attempt = await this.#services.logins.begin(this.#origin(request.username), grant)
      signal.addEventListener('abort', attempt.cancel, { once: true })
      if (signal.aborted) attempt.cancel()
      const minutes = Math.max(
        1,
        Math.round((attempt.expiresAt.getTime() - this.#services.clock.now().getTime()) / 60_000),
      )
      request.prompt(
        [],
        '',
        invitation(this.#services.devicePage, { ...attempt, minutes, name: request.username }),
        () => {},
      )
      const outcome = await attempt.outcome
      if (signal.aborted) return undefined
      if (outcome.kind === 'denied') return refuse(outcome.message)
      const signIn = await grant.begin()
      const binding = await this.#bind(outcome.principal, signIn)
      // The client may have gone on to something else meanwhile: then ssh2 lets nobody in by this request any more.
      if (signal.aborted) return undefined
      request.accept()
      return { principal: outcome.principal, binding, signIn }
    } catch (error) {
      if (signal.aborted) return undefined
      this.#services.log.warn({ err: error, address: this.#peer.address }, 'a sign-in could not be offered')
      await this.#record('login.failed', undefined, { why: messageFor(error) }).catch(() => {})
      return refuse(messageFor(error))
    }
  }

  /** Asks who vouches for them where there are several; by number or by name. */
  async #chooseProvider(request: KeyboardAuthContext): Promise<string | undefined> {
    const { providers } = this.#services
    if (providers.length === 1) return providers[0]
    const question = providers.map((name, index) => `  ${index + 1}  ${name}`).join('\n')
    const answers = await new Promise<readonly string[]>((resolve) => {
      // An echo, as nothing of it is secret. Who never answers is gone with the time that a sign-in may take.
      request.prompt([{ prompt: 'Number: ', echo: true }], '', `Who vouches for you?\n\n${question}\n`, resolve)
    })
    const said = (answers[0] ?? '').trim()
    const chosen = /^\d{1,3}$/.test(said) ? providers[Number(said) - 1] : providers.find((name) => name === said)
    if (chosen !== undefined) return chosen
    throw new BastionError('invalid', `Answer with a number from 1 to ${providers.length}. Connect again.`)
  }

  #origin(username: string) {
    const destination = parseUserName(username)
    return {
      target: destination?.target ?? visible(username).slice(0, 80),
      login: destination?.login ?? '',
      address: this.#peer.address,
      fingerprint: this.#proved,
      clientVersion: this.#peer.clientVersion,
    }
  }

  async #bind(principal: Principal, signIn: SignInId): Promise<KeyBinding | undefined> {
    if (this.#proved === undefined) return undefined
    const { clock, store, bindingLifetimeMs } = this.#services
    const now = clock.now()
    const binding: KeyBinding = {
      id: newKeyBindingId(),
      fingerprint: this.#proved,
      principal,
      boundAt: now,
      expiresAt: new Date(now.getTime() + bindingLifetimeMs),
      lastUsedAt: now,
      address: this.#peer.address,
      revokedAt: undefined,
      signIn,
    }
    await this.#record('key.bound', principal, {
      fingerprint: binding.fingerprint,
      binding: binding.id,
      expiresAt: binding.expiresAt,
    })
    await store.keys.insert(binding)
    return binding
  }

  async #record(type: AuditType, actor: Principal | undefined, detail: Record<string, unknown>): Promise<void> {
    await this.#services.store.audit.append({
      type,
      at: this.#services.clock.now(),
      actor: actor?.id,
      actorName: actor?.name,
      session: undefined,
      hold: undefined,
      detail: { address: this.#peer.address, clientVersion: this.#peer.clientVersion, ...detail },
    })
  }
}

interface Invitation {
  readonly code: string
  readonly words: string
  readonly minutes: number
  readonly name: string
}

/** At most 80 columns, readable without colour. */
function invitation(page: string, { code, words, minutes, name }: Invitation): string {
  return [
    '',
    `Sign in to reach ${visible(name).slice(0, 60)}`,
    '',
    `  Open    ${page}/${encodeURIComponent(code)}`,
    `  Code    ${visible(code)}`,
    `  Words   ${words}`,
    '',
    'Pick these words in the browser; this terminal then goes on by itself.',
    `The code is good for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. Ctrl-C cancels.`,
    '',
  ].join('\n')
}
