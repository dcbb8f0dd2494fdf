/**
 * The door that stock `ssh` knocks at. It signs people in, takes their session channels to the session layer, and
 * refuses everything that has no gate: forwardings, agents, X11, subsystems. Refusing is the default; each thing that is
 * let through is named here.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net'
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
import { watchSignIn } from './sign-in-watch.ts'
import { rejectChannel, sendAtOnce } from './ssh2-internals.ts'
import { type Visitor, WaitingRoom } from './waiting-room.ts'

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

const MAX_SESSIONS = 10
/** Session channels that were closed before anything was started on them; ssh2 forgets none of them. */
const MAX_ABANDONED_SESSIONS = 100
/** Refusals of one connection that are recorded one by one; further ones are counted. */
const MAX_RECORDED_REFUSALS = 100
const MAX_ENV = 32
/** How long a connection that we end may take for its last bytes. */
const HANG_UP_MS = 2_000
const MAX_COMMAND_CHARACTERS = 256 * 1024
/** Variables that cannot change what runs; everything else stays outside (TS GLIBC_TUNABLES, TP GHSA-vfxf). */
const ENV_ALLOWED = /^(?:LANG|LC_[A-Z]+|COLORTERM|NO_COLOR|TZ)$/
const ENV_VALUE = /^[\x20-\x7e]{0,256}$/
/** RFC 4254 §6.2: the value of TERM, which names a file of terminfo on the target. */
const TERM_ALLOWED = /^[\x21-\x7e]{0,64}$/

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

const SIGN_IN_EXPIRED = 'Your sign-in has expired. Connect again.'

interface Live {
  readonly identity: Identity
  readonly hangUp: () => void
}

/** A connection before ssh2 has told of it. */
interface Arriving {
  readonly socket: Socket
  readonly visitor: Visitor
}

export async function startSshServer(
  parts: SshServerParts,
  address: { readonly host: string; readonly port: number },
): Promise<SshServer> {
  const { clock, log } = parts.services
  const live = new Set<Live>()
  const room = new WaitingRoom(clock)
  const arriving = new Map<string, Arriving>()
  const ssh = new ssh2.Server(
    {
      hostKeys: [...parts.hostKeys],
      ident: 'Sallyport',
      algorithms: structuredClone(ALGORITHMS) as never,
      keepaliveInterval: 30_000,
    },
    (client, info) => {
      client.on('error', (error) => log.info({ err: error, address: info.ip }, 'a client connection failed'))
      const from = arriving.get(endpoint(info.ip, info.port))
      if (from === undefined) {
        client.end()
        return
      }
      sendAtOnce(client)
      let isHungUp = false
      const hangUp = () => {
        if (isHungUp) return
        isHungUp = true
        client.end()
        // Without this a client that ignores our end could go on sending requests, and they would be served.
        from.socket.destroySoon()
        clock.after(HANG_UP_MS, () => from.socket.destroy())
      }
      const peer = { address: info.ip, clientVersion: softwareVersion(info.header) }
      admit(parts, { client, visitor: from.visitor, hangUp }, peer, live)
    },
  )
  // The sockets are accepted here, not by ssh2, so that the silent ones are counted and timed too.
  const server = createServer((socket) => {
    const key = endpoint(socket.remoteAddress, socket.remotePort)
    socket.on('error', () => {})
    socket.once('close', () => arriving.delete(key))
    arriving.set(key, { socket, visitor: room.enter(socket) })
    ssh.injectSocket(socket)
  })
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
  server.on('error', (error: Error) => log.error({ err: error }, 'the SSH server failed'))
  return {
    port: (server.address() as AddressInfo).port,
    endConnections(matches) {
      for (const { identity, hangUp } of live) if (matches(identity)) hangUp()
    },
    close() {
      const closed = new Promise<void>((done) => server.close(() => done()))
      room.close()
      for (const { hangUp } of live) hangUp()
      return closed
    },
  }
}

/** Signs one client in and then serves its channels. */
function admit(
  parts: SshServerParts,
  connection: { readonly client: Connection; readonly visitor: Visitor; readonly hangUp: () => void },
  peer: { readonly address: string; readonly clientVersion: string },
  live: Set<Live>,
): void {
  const { services } = parts
  const { client, visitor, hangUp } = connection
  const closed = new AbortController()
  client.on('close', () => closed.abort())
  const signIn = new SignIn(services, { ...peer, closed: closed.signal })
  let isSignedIn = false
  const answer = async (request: AuthContext): Promise<void> => {
    const needsBrowser = request.method === 'keyboard-interactive'
    if (needsBrowser && !visitor.enterBrowser()) return request.reject(['publickey'])
    const identity = await signIn.answer(request)
    if (needsBrowser) visitor.leaveBrowser()
    if (signIn.isSpent) return hangUp()
    // INVARIANT: one connection serves one identity, the first that was let in.
    if (identity === undefined || isSignedIn || closed.signal.aborted) return
    isSignedIn = true
    visitor.leave()
    const entry = { identity, hangUp }
    live.add(entry)
    client.on('close', () => live.delete(entry))
    watchSignIn(services, { identity, hangUp, closed: closed.signal })
    const until =
      identity.tokenExpiresAt ??
      identity.binding?.expiresAt ??
      new Date(services.clock.now().getTime() + services.bindingLifetimeMs)
    serve(parts, client, {
      ...peer,
      id: newConnectionId(),
      identity,
      until,
      userName: request.username,
      hangUp,
      closed: closed.signal,
    })
  }
  client.on('authentication', (request: AuthContext) => {
    answer(request).catch((error) => {
      services.log.error({ err: error, address: peer.address }, 'a sign-in failed')
      hangUp()
    })
  })
}

function endpoint(address: string | undefined, port: number | undefined): string {
  return `${address} ${port}`
}

interface SignedIn {
  readonly id: ConnectionId
  readonly identity: Identity
  /** No session starts after this, however long the connection is kept open. */
  readonly until: Date
  readonly userName: string
  readonly address: string
  readonly clientVersion: string
  readonly hangUp: () => void
  /** Aborted when the connection is gone. */
  readonly closed: AbortSignal
}

function serve(parts: SshServerParts, client: Connection, who: SignedIn): void {
  const remarks: string[] = []
  let sessions = 0
  let abandoned = 0
  let refusals = 0
  const record = (what: string) =>
    recordRefusal(parts.services, who, what).catch((error) =>
      parts.services.log.error({ err: error }, 'a refusal could not be recorded'),
    )
  const refused = async (what: string) => {
    if (++refusals <= MAX_RECORDED_REFUSALS) await record(what)
  }
  client.on('close', () => {
    if (refusals > MAX_RECORDED_REFUSALS) void record(`${refusals - MAX_RECORDED_REFUSALS} more requests like these`)
  })
  client.on('session', (accept, reject) => {
    if (sessions >= MAX_SESSIONS)
      return rejectChannel(client, reject, `Only ${MAX_SESSIONS} sessions run on one connection.`)
    const session = accept()
    if (session === undefined) return
    sessions++
    let isStarted = false
    // Once: ssh2 tells of each CHANNEL_CLOSE that a client sends for a session on which nothing was started.
    session.once('close', () => {
      sessions--
      if (!isStarted && ++abandoned >= MAX_ABANDONED_SESSIONS) who.hangUp()
    })
    const onStart = () => {
      isStarted = true
    }
    serveSession(parts, session, who, { remarks, refused, onStart })
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
    if (!remarks.includes(NO_FORWARDING)) remarks.push(NO_FORWARDING)
    reject?.()
  })
}

function serveSession(
  parts: SshServerParts,
  session: Session,
  who: SignedIn,
  connection: {
    readonly remarks: string[]
    readonly refused: (what: string) => Promise<void>
    readonly onStart: () => void
  },
): void {
  let pty: Pty | undefined
  const remark = (sentence: string) => {
    if (!connection.remarks.includes(sentence)) connection.remarks.push(sentence)
  }
  const env: Record<string, string> = {}
  session.on('pty', (accept, _reject, info) => {
    pty = {
      term: TERM_ALLOWED.test(info.term) ? info.term : 'dumb',
      cols: info.cols,
      rows: info.rows,
      modes: numericModes(info.modes),
    }
    accept?.()
  })
  session.on('window-change', (accept, _reject, info) => {
    if (pty !== undefined) pty = { ...pty, cols: info.cols, rows: info.rows }
    accept?.()
  })
  session.on('env', (accept, reject, info) => {
    const isKept = ENV_ALLOWED.test(info.key) && ENV_VALUE.test(info.val) && Object.keys(env).length < MAX_ENV
    if (!isKept) return reject?.()
    env[info.key] = info.val
    accept?.()
  })
  session.on('auth-agent', (_accept, reject) => {
    void connection.refused('agent forwarding')
    remark(NO_AGENT)
    reject?.()
  })
  session.on('x11', (_accept, reject) => {
    void connection.refused('X11 forwarding')
    remark(NO_X11)
    reject?.()
  })
  const start = (channel: ServerChannel | undefined, command: string | undefined) => {
    // A client that closed before we could accept leaves us without a channel (ssh2, lib/server.js, CHANNEL_REQUEST).
    if (channel === undefined) return
    connection.onStart()
    if (parts.services.clock.now().getTime() >= who.until.getTime()) {
      void connection.refused('a session after the sign-in had expired')
      return refuse(channel, session, { who, sentence: SIGN_IN_EXPIRED })
    }
    const client = clientChannel(channel, session, who.closed)
    void parts.onSession({
      identity: who.identity,
      userName: who.userName,
      client,
      request: {
        connection: who.id,
        keyBinding: who.identity.binding?.id,
        signIn: who.identity.signIn,
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
    if (info.command.length > MAX_COMMAND_CHARACTERS) return reject?.()
    start(accept(), info.command)
  })
  session.on('subsystem', (accept, _reject, info) => {
    connection.onStart()
    void connection.refused(`subsystem ${visibleStart(info.name, 80)}`)
    refuse(accept(), session, { who, sentence: NO_SUBSYSTEM })
  })
}

/** Says why on stderr, which every client shows, and ends with sysexits.h's EX_NOPERM. */
function refuse(
  channel: ServerChannel | undefined,
  session: Session,
  { who, sentence }: { readonly who: SignedIn; readonly sentence: string },
): void {
  if (channel === undefined) return
  const client = clientChannel(channel, session, who.closed)
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
    detail: { what, userName: who.userName, connection: who.id, address: who.address },
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
