/**
 * The real SSH server over a real socket, and a client that does what stock clients never do: ssh2's own protocol object
 * is used to exchange keys, and the authentication packets after that are made here, byte by byte (RFC 4252).
 */
import { connect, type Socket } from 'node:net'
import type { ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'
import { LoginDesk } from '../../src/approval/login-desk.ts'
import { BastionError } from '../../src/core/errors.ts'
import { newKeyBindingId, newSignInId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import type { KeyBinding, Principal } from '../../src/core/principal.ts'
import { newKeyPair } from '../../src/ssh/host-key.ts'
import { fingerprint } from '../../src/ssh/public-key.ts'
import { type Arrival, type SshServer, startSshServer } from '../../src/ssh/server.ts'
import type { DeviceGrant } from '../../src/ssh/sign-in.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type KeptLog, keptLog, type TemporaryStore, temporaryStore } from '../support/store.ts'

export type PrivateKey = ParsedKey & { readonly blob: Buffer }

export function newKey(type: 'ed25519' | 'rsa' = 'ed25519', bits = 2048): PrivateKey {
  const text = type === 'rsa' ? ssh2.utils.generateKeyPairSync('rsa', { bits }).private : newKeyPair('test').privateKey
  const key = ssh2.utils.parseKey(text)
  if (key instanceof Error) throw key
  return Object.assign(key, { blob: key.getPublicSSH() })
}

const HOST_KEY = newKeyPair('test').privateKey

export interface Door {
  readonly server: SshServer
  readonly store: Store
  readonly clock: ManualClock
  readonly log: KeptLog
  readonly logins: LoginDesk
  readonly arrivals: readonly Arrival[]
  /** What happens on a session; by default it ends at once with status 0. */
  onSession: (arrival: Arrival) => Promise<void>
  /** Starts a device flow; by default it waits for `confirm`. */
  startDevice: (signal: AbortSignal, provider?: string) => Promise<DeviceGrant>
  /** The names of the identity providers; one by default. */
  providers: readonly string[]
  /** The provider's word on a token; by default none is good. */
  verifyToken: (token: string) => Promise<{ principal: Principal; expiresAt: Date }>
  /** The provider's word on a bound key's person; by default what was bound. */
  admit: (binding: KeyBinding) => Promise<Principal>
  /** The provider's word on the latest device flow. */
  confirm(by: Principal): void
  bind(key: PrivateKey, principal: Principal, lifetimeMs?: number): Promise<KeyBinding>
  attacker(options?: { readonly from?: string }): Promise<Attacker>
  close(): Promise<void>
}

let codes = 0

export async function openDoor(): Promise<Door> {
  const temporary: TemporaryStore = await temporaryStore()
  const { store } = temporary
  const clock = new ManualClock()
  const log = keptLog()
  const logins = new LoginDesk({ audit: store.audit, clock })
  const arrivals: Arrival[] = []
  const attackers: Attacker[] = []
  let grant = Promise.withResolvers<Principal>()
  const world = {
    onSession: async ({ client }: Arrival): Promise<void> => client.end({ kind: 'status', status: 0 }),
    verifyToken: async (_token: string): Promise<{ principal: Principal; expiresAt: Date }> => {
      throw new BastionError('unauthenticated', 'The bearer token is not valid here.')
    },
    admit: async ({ principal }: KeyBinding): Promise<Principal> => principal,
    providers: ['main'] as readonly string[],
    startDevice: async (_signal: AbortSignal, _provider?: string): Promise<DeviceGrant> => {
      grant = Promise.withResolvers<Principal>()
      return {
        userCode: `CODE-${String(++codes).padStart(4, '0')}`,
        verificationUrl: 'https://id.example/device',
        expiresAt: new Date(clock.now().getTime() + 300_000),
        principal: grant.promise,
        begin: async () => newSignInId(),
      }
    },
  }
  const server = await startSshServer(
    {
      services: {
        clock,
        log,
        store,
        logins,
        get providers() {
          return world.providers
        },
        startDevice: (signal, provider) => world.startDevice(signal, provider),
        admit: (binding) => world.admit(binding),
        watch: async () => () => {},
        verifyToken: (token) => world.verifyToken(token),
        devicePage: 'http://127.0.0.1:8080/d',
        bindingLifetimeMs: 3_600_000,
      },
      hostKeys: [HOST_KEY],
      onSession: (arrival) => {
        arrivals.push(arrival)
        return world.onSession(arrival)
      },
    },
    { host: '127.0.0.1', port: 0 },
  )
  return Object.assign(world, {
    server,
    store,
    clock,
    log,
    logins,
    arrivals,
    confirm: (by: Principal) => grant.resolve(by),
    async bind(key: PrivateKey, principal: Principal, lifetimeMs = 3_600_000) {
      const binding: KeyBinding = {
        id: newKeyBindingId(),
        fingerprint: fingerprint(key.blob),
        principal,
        boundAt: clock.now(),
        expiresAt: new Date(clock.now().getTime() + lifetimeMs),
        lastUsedAt: undefined,
        address: '127.0.0.1',
        revokedAt: undefined,
      }
      await store.keys.insert(binding)
      return binding
    },
    async attacker(options: { readonly from?: string } = {}) {
      const attacker = new Attacker(server.port, options.from)
      attackers.push(attacker)
      await attacker.started
      return attacker
    },
    async close() {
      for (const attacker of attackers) attacker.leave()
      await server.close()
      await temporary.close()
    },
  })
}

/** What a server can say to an authentication request. */
export interface Answer {
  readonly kind: 'success' | 'failure' | 'pk-ok' | 'prompt' | 'closed'
  /** The methods that a failure names, or the text of a prompt. */
  readonly text: string
}

/** The part of ssh2's protocol object (lib/protocol/Protocol.js) that is driven here. */
interface Protocol {
  readonly _kex: { readonly sessionID: Buffer }
  readonly _cipher: { encrypt(packet: Buffer): void }
  readonly _packetRW: {
    readonly write: { readonly allocStart: number; alloc(bytes: number): Buffer; finalize(packet: Buffer): Buffer }
  }
  readonly _authsQueue: string[]
  readonly _handlers: Record<string, ((...args: unknown[]) => void) | undefined>
}

const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value as string)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
export const sshString = text

export class Attacker {
  readonly client = new ssh2.Client()
  readonly socket: Socket
  /** Resolves when keys are exchanged and the authentication service is open. */
  readonly started: Promise<void>
  readonly closed: Promise<void>
  #answers: Answer[] = []
  #waiting: ((answer: Answer) => void)[] = []
  isReady = false

  constructor(port: number, from = '127.0.0.1') {
    this.socket = connect({ port, host: '127.0.0.1', localAddress: from })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.started = promise
    this.closed = new Promise((done) => this.socket.once('close', () => done()))
    void this.closed.then(() => {
      reject(new Error('the server closed the connection'))
      this.#say({ kind: 'closed', text: '' })
    })
    this.client.on('error', () => {})
    this.client.on('ready', () => {
      this.isReady = true
    })
    this.client.connect({
      sock: this.socket,
      username: 'web-1',
      readyTimeout: 0,
      strictVendor: false,
      // Never goes on by itself: what is sent is said by the test.
      authHandler: () => resolve() as never,
    })
    this.client.once('handshake', () => {
      const handlers = this.protocol._handlers
      const succeed = handlers.USERAUTH_SUCCESS
      handlers.USERAUTH_SUCCESS = (...args) => {
        succeed?.(...args)
        this.#say({ kind: 'success', text: '' })
      }
      handlers.USERAUTH_FAILURE = (_, methods) => this.#say({ kind: 'failure', text: String(methods) })
      handlers.USERAUTH_PK_OK = () => this.#say({ kind: 'pk-ok', text: '' })
      handlers.USERAUTH_INFO_REQUEST = (_, name, instruction) =>
        this.#say({ kind: 'prompt', text: `${name}${instruction}` })
    })
  }

  get protocol(): Protocol {
    return (this.client as unknown as { readonly _protocol: Protocol })._protocol
  }

  /** Sends one packet with this payload, whatever it is. */
  send(payload: Buffer): void {
    const { write } = this.protocol._packetRW
    const start = write.allocStart
    const packet = write.alloc(payload.length)
    packet.set(payload, start)
    this.protocol._cipher.encrypt(write.finalize(packet))
  }

  /** SSH_MSG_USERAUTH_REQUEST (RFC 4252 §5). */
  request(method: string, rest: Buffer, user = 'web-1'): void {
    this.protocol._authsQueue.push(method)
    this.send(requestBody(method, rest, user))
  }

  next(): Promise<Answer> {
    const answer = this.#answers.shift()
    if (answer !== undefined) return Promise.resolve(answer)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** RFC 4252 §7, without a signature. */
  query(key: PrivateKey, algorithm: string = key.type, blob = key.blob): Promise<Answer> {
    this.request('publickey', Buffer.concat([Buffer.from([0]), text(algorithm), text(blob)]))
    return this.next()
  }

  /** RFC 4252 §7, signed. */
  sign(key: PrivateKey, over: SignOptions = {}): Promise<Answer> {
    const { algorithm = key.type, user = 'web-1', claimed = key.blob } = over
    const rest = Buffer.concat([Buffer.from([1]), text(algorithm), text(claimed)])
    const body = requestBody('publickey', rest, user)
    const data = Buffer.concat([text(over.sessionId ?? this.protocol._kex.sessionID), body])
    const raw = key.sign(data, over.hash)
    if (raw instanceof Error) throw raw
    const signature = Buffer.concat([text(over.signatureAlgorithm ?? algorithm), text(over.signature ?? raw)])
    this.request('publickey', Buffer.concat([rest, text(signature)]), user)
    return this.next()
  }

  /** RFC 4256 §3.1. */
  askBrowser(submethods = ''): Promise<Answer> {
    this.request('keyboard-interactive', Buffer.concat([text(''), text(submethods)]))
    return this.next()
  }

  /** RFC 4256 §3.4; `count` may lie. */
  respond(responses: readonly string[], count = responses.length): void {
    const head = Buffer.alloc(5)
    head[0] = 61
    head.writeUInt32BE(count, 1)
    this.send(Buffer.concat([head, ...responses.map(text)]))
  }

  leave(): void {
    this.socket.destroy()
  }

  #say(answer: Answer): void {
    const waiting = this.#waiting.shift()
    if (waiting !== undefined) waiting(answer)
    else this.#answers.push(answer)
  }
}

export interface SignOptions {
  readonly algorithm?: string
  readonly signatureAlgorithm?: string
  readonly hash?: string
  readonly user?: string
  /** The key that is claimed, where it is not the one that signs. */
  readonly claimed?: Buffer
  readonly signature?: Buffer
  readonly sessionId?: Buffer
}

function requestBody(method: string, rest: Buffer, user: string): Buffer {
  return Buffer.concat([Buffer.from([50]), text(user), text('ssh-connection'), text(method), rest])
}

/** Turns of the event loop, until `holds`; for what the other side does in its own time. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (await holds()) return
    await new Promise((done) => setTimeout(done, 2))
  }
  throw new Error('it did not come to pass')
}
