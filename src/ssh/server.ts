/**
 * The door that stock `ssh` knocks at. It signs people in, takes their session channels to the session layer, and
 * refuses everything that has no gate: forwardings, agents, X11, subsystems. Refusing is the default; each thing that is
 * let through is named here.
 */
import type { AddressInfo } from 'node:net'
import type { AuthContext, Connection, ServerChannel, Session } from 'ssh2'
import ssh2 from 'ssh2'
import type { AuditType } from '../core/audit.ts'
import { BastionError } from '../core/errors.ts'
import { type ConnectionId, newConnectionId } from '../core/ids.ts'
import type { ClientChannel, Pty } from '../session/channel.ts'
import type { SessionRequest } from '../session/session.ts'
import { visibleStart } from '../terminal/visible.ts'
import { clientChannel } from './client-channel.ts'
import { type Identity, SignIn, type SignInServices } from './sign-in.ts'
import { rejectChannel, sendAtOnce } from './ssh2-internals.ts'

/** A session channel that has passed the door, with whoever opened it. */
export interface Arrival {
  readonly identity: Identity
  /** What stood before the `@`. */
  readonly userName: string
  readonly client: ClientChannel
  readonly request: SessionRequest
}

export interface SshServerParts {
  readonly services: SignInServices
  readonly hostKeys: readonly string[]
  /** Lives one session; never rejects. */
  readonly onSession: (arrival: Arrival) => Promise<void>
}

export interface SshServer {
  readonly port: number
  /** Ends the connections that `matches` picks, with whatever runs on them. */
  endConnections(matches: (identity: Identity) => boolean): void
  close(): Promise<void>
}

/** OpenSSH's LoginGraceTime; a sign-in in the browser gets as long as its code lives. */
const LOGIN_GRACE_MS = 120_000
const MAX_WAITING_TO_SIGN_IN = 200
const MAX_SESSIONS = 10
const MAX_ENV = 32
const MAX_COMMAND_CHARACTERS = 256 * 1024
/** Variables that cannot change what runs; everything else stays outside (TS GLIBC_TUNABLES, TP GHSA-vfxf). */
const ENV_ALLOWED = /^(?:LANG|LC_[A-Z]+|COLORTERM|NO_COLOR|TZ)$/

const ALGORITHMS = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes256-ctr',
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} as const

const NO_FORWARDING = 'Port forwarding has no gate in Sallyport yet, so it is refused.'
const NO_AGENT = 'Agent forwarding has no gate in Sallyport yet, so it is refused; the rest of the session goes on.'
const NO_X11 = 'X11 forwarding has no gate in Sallyport yet, so it is refused; the rest of the session goes on.'
const NO_SUBSYSTEM =
  'File transfer (sftp, scp) and other subsystems have no gate in Sallyport yet, so they are refused. Use commands such as cat instead.'

interface Live {
  readonly client: Connection
  readonly identity: Identity
}

export async function startSshServer(
  parts: SshServerParts,
  address: { readonly host: string; readonly port: number },
): Promise<SshServer> {
  const live = new Set<Live>()
  let waiting = 0
  const server = new ssh2.Server(
    {
      hostKeys: [...parts.hostKeys],
      ident: 'Sallyport',
      algorithms: structuredClone(ALGORITHMS) as never,
      keepaliveInterval: 30_000,
    },
    (client, info) => {
      client.on('error', (error) =>
        parts.services.log.info({ err: error, address: info.ip }, 'a client connection failed'),
      )
      if (waiting >= MAX_WAITING_TO_SIGN_IN) {
        client.end()
        return
      }
      sendAtOnce(client)
      waiting++
      admit(parts, client, { address: info.ip, clientVersion: softwareVersion(info.header) }, live, () => waiting--)
    },
  )
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.on('error', reject)
  server.listen(address.port, address.host, resolve)
  await promise.catch((error) => {
    throw new BastionError(
      'unavailable',
      `SSH could not listen on ${address.host}:${address.port}. Is another bastion running there?`,
      error,
    )
  })
  server.on('error', (error: Error) => parts.services.log.error({ err: error }, 'the SSH server failed'))
  return {
    port: (server.address() as AddressInfo).port,
    endConnections(matches) {
      for (const { client, identity } of live) if (matches(identity)) client.end()
    },
    close() {
      const closed = new Promise<void>((done) => server.close(() => done()))
      for (const { client } of live) client.end()
      return closed
    },
  }
}

/** Signs one client in and then serves its channels. */
function admit(
  parts: SshServerParts,
  client: Connection,
  peer: { readonly address: string; readonly clientVersion: string },
  live: Set<Live>,
  onSignedIn: () => void,
): void {
  const { services } = parts
  const closed = new AbortController()
  let isWaiting = true
  const settle = () => {
    if (isWaiting) onSignedIn()
    isWaiting = false
  }
  client.on('close', () => {
    closed.abort()
    settle()
  })
  const signIn = new SignIn(services, { ...peer, closed: closed.signal })
  const stopGrace = services.clock.after(LOGIN_GRACE_MS, () => client.end())
  client.on('authentication', (request: AuthContext) => {
    if (request.method === 'keyboard-interactive') stopGrace()
    void signIn.answer(request).then((identity) => {
      if (identity === undefined) return
      stopGrace()
      settle()
      const entry = { client, identity }
      live.add(entry)
      client.on('close', () => live.delete(entry))
      serve(parts, client, { ...peer, id: newConnectionId(), identity, userName: request.username })
    })
  })
}

interface SignedIn {
  readonly id: ConnectionId
  readonly identity: Identity
  readonly userName: string
  readonly address: string
  readonly clientVersion: string
}

function serve(parts: SshServerParts, client: Connection, who: SignedIn): void {
  const remarks: string[] = []
  let sessions = 0
  const refused = (what: string) =>
    recordRefusal(parts.services, who, what).catch((error) =>
      parts.services.log.error({ err: error }, 'a refusal could not be recorded'),
    )
  client.on('session', (accept, reject) => {
    if (sessions >= MAX_SESSIONS)
      return rejectChannel(client, reject, `Only ${MAX_SESSIONS} sessions run on one connection.`)
    sessions++
    const session = accept()
    session.on('close', () => sessions--)
    serveSession(parts, session, who, { remarks, refused })
  })
  client.on('tcpip', (_accept, reject, info) => {
    void refused(`direct-tcpip to ${visibleStart(`${info.destIP}:${info.destPort}`, 200)}`)
    rejectChannel(client, reject, NO_FORWARDING)
  })
  client.on('openssh.streamlocal', (_accept, reject) => {
    void refused('direct-streamlocal')
    rejectChannel(client, reject, NO_FORWARDING)
  })
  client.on('request', (_accept, reject, name) => {
    void refused(name)
    remarks.push(NO_FORWARDING)
    reject?.()
  })
}

function serveSession(
  parts: SshServerParts,
  session: Session,
  who: SignedIn,
  connection: { readonly remarks: string[]; readonly refused: (what: string) => Promise<void> },
): void {
  let pty: Pty | undefined
  const env: Record<string, string> = {}
  session.on('pty', (accept, _reject, info) => {
    pty = { term: info.term.slice(0, 64), cols: info.cols, rows: info.rows, modes: numericModes(info.modes) }
    accept?.()
  })
  session.on('window-change', (accept, _reject, info) => {
    if (pty !== undefined) pty = { ...pty, cols: info.cols, rows: info.rows }
    accept?.()
  })
  session.on('env', (accept, reject, info) => {
    if (!ENV_ALLOWED.test(info.key) || info.val.length > 256 || Object.keys(env).length >= MAX_ENV) return reject?.()
    env[info.key] = info.val
    accept?.()
  })
  session.on('auth-agent', (_accept, reject) => {
    void connection.refused('agent forwarding')
    connection.remarks.push(NO_AGENT)
    reject?.()
  })
  session.on('x11', (_accept, reject) => {
    void connection.refused('X11 forwarding')
    connection.remarks.push(NO_X11)
    reject?.()
  })
  const start = (channel: ServerChannel | undefined, command: string | undefined) => {
    // A client that closed before we could accept leaves us without a channel (ssh2, lib/server.js, CHANNEL_REQUEST).
    if (channel === undefined) return
    const client = clientChannel(channel, session)
    void parts.onSession({
      identity: who.identity,
      userName: who.userName,
      client,
      request: {
        connection: who.id,
        keyBinding: who.identity.binding?.id,
        address: who.address,
        clientVersion: who.clientVersion,
        command,
        pty,
        env,
        remarks: connection.remarks.splice(0),
      },
    })
  }
  // The channel is accepted at once and judged afterwards: a client that sends EOF first would leave nothing to accept.
  session.on('shell', (accept) => start(accept(), undefined))
  session.on('exec', (accept, reject, info) => {
    if (info.command.length > MAX_COMMAND_CHARACTERS) return reject()
    start(accept(), info.command)
  })
  session.on('subsystem', (accept, _reject, info) => {
    void connection.refused(`subsystem ${visibleStart(info.name, 80)}`)
    refuse(accept(), session, NO_SUBSYSTEM)
  })
}

/** Says why on stderr, which every client shows, and ends with sysexits.h's EX_NOPERM. */
function refuse(channel: ServerChannel | undefined, session: Session, sentence: string): void {
  if (channel === undefined) return
  const client = clientChannel(channel, session)
  void client
    .write(Buffer.from(`sallyport: ${sentence}\n`), 'stderr')
    .then(() => client.end({ kind: 'status', status: 77 }))
    .catch(() => {})
}

async function recordRefusal(services: SignInServices, who: SignedIn, what: string): Promise<void> {
  const type: AuditType = 'channel.refused'
  await services.store.audit.append({
    type,
    at: services.clock.now(),
    actor: who.identity.principal.id,
    actorName: who.identity.principal.name,
    session: undefined,
    hold: undefined,
    detail: { what, connection: who.id, address: who.address },
  })
}

function numericModes(modes: unknown): Readonly<Record<string, number>> {
  if (typeof modes !== 'object' || modes === null) return {}
  return Object.fromEntries(
    Object.entries(modes).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  )
}

function softwareVersion(header: { readonly versions?: { readonly software?: string } }): string {
  return visibleStart(header.versions?.software ?? 'unknown', 80)
}
