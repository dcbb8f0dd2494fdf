/**
 * The bastion's own connection to a target: opened with a key from the vault, only to a host key that was pinned before.
 *
 * INVARIANT: `exec` and `shell` redeem a clearance before a byte of the command leaves this process.
 */
import { Buffer } from 'node:buffer'
import type { ConnectConfig, PseudoTtyOptions, ServerHostKeyAlgorithm, ClientChannel as Ssh2Channel } from 'ssh2'
import ssh2 from 'ssh2'
import { redeem } from '../approval/clearance.ts'
import { BastionError } from '../core/errors.ts'
import type { Target } from '../core/target.ts'
import type {
  Exit,
  Pty,
  ShellFacts,
  SideChannel,
  SideConnection,
  Start,
  Upstream,
  UpstreamChannel,
} from '../session/channel.ts'
import { openBridge } from './bridge.ts'
import { fingerprint } from './public-key.ts'
import { forgetSentPiece, sendTogether } from './ssh2-internals.ts'

const CONNECT_LIMIT_MS = 10_000
const FACTS_LIMIT_MS = 5_000
const KEEPALIVE_MS = 15_000

export interface UpstreamRequest {
  readonly target: Target
  readonly login: string
  /** The private key's text from the vault; given to ssh2 and to nobody else. */
  readonly privateKey: Uint8Array
}

/** Connects; rejects with `unavailable` (down), `untrusted` (wrong or no host key) or `forbidden` (key not accepted). */
export function connectUpstream(request: UpstreamRequest): Promise<Upstream> {
  const { target } = request
  if (target.hostKeys.length === 0) {
    throw new BastionError(
      'untrusted',
      `No host key is pinned for ${target.name}, so nobody can be let in. Ask an administrator to pin it.`,
    )
  }
  const { promise, resolve, reject } = Promise.withResolvers<Upstream>()
  const client = new ssh2.Client()
  let offered: string | undefined
  const closed = new AbortController()
  client.on('close', () => {
    closed.abort(new BastionError('unavailable', `The connection to ${target.name} was lost.`))
    reject(new BastionError('unavailable', `${target.name} closed the connection before it was open.`))
  })
  client.on('error', (error) => reject(explain(error, target, offered)))
  client.on('ready', () => {
    // An answer to the gate is two small packets; Nagle's algorithm (RFC 896) would hold the second for 40 ms.
    client.setNoDelay(true)
    sendTogether(client)
    resolve(upstreamOf(client, closed.signal))
  })
  const pinned = target.hostKeys.map((line) => Buffer.from(line.split(/\s+/)[1] ?? '', 'base64'))
  const config: ConnectConfig = {
    host: target.host,
    port: target.port,
    username: request.login,
    privateKey: Buffer.from(request.privateKey),
    readyTimeout: CONNECT_LIMIT_MS,
    keepaliveInterval: KEEPALIVE_MS,
    algorithms: { serverHostKey: hostKeyAlgorithms(target.hostKeys) },
    hostVerifier: (key: Buffer) => {
      const isPinned = pinned.some((pin) => pin.equals(key))
      if (!isPinned) offered = fingerprint(key)
      return isPinned
    },
  }
  try {
    client.connect(config)
  } catch (error) {
    reject(explain(error, target, undefined))
  }
  return promise
}

/** Asks only for host keys of the pinned types, so that a target with several shows the one we know. */
function hostKeyAlgorithms(hostKeys: readonly string[]): ServerHostKeyAlgorithm[] {
  const types = hostKeys.map((line) => (line.split(/\s+/)[0] ?? '') as ServerHostKeyAlgorithm)
  return types.flatMap((type): ServerHostKeyAlgorithm[] =>
    type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type],
  )
}

function explain(error: unknown, target: Target, offered: string | undefined): BastionError {
  if (offered !== undefined) {
    return new BastionError(
      'untrusted',
      `The host key of ${target.name} is not the pinned one (it showed ${offered}), so nothing was sent to it. Tell an administrator: the host was set up anew, or somebody stands in between.`,
      error,
    )
  }
  const level = (error as { level?: string }).level
  if (level === 'client-authentication') {
    return new BastionError(
      'forbidden',
      `${target.name} did not accept the bastion's key. Tell an administrator.`,
      error,
    )
  }
  return new BastionError(
    'unavailable',
    `${target.name} does not answer. Try again later, or tell its administrator.`,
    error,
  )
}

function upstreamOf(client: InstanceType<typeof ssh2.Client>, closed: AbortSignal): Upstream {
  // One answer to each connection, whatever the number of ports: sshd takes a second one for a broken protocol.
  const listeners = new Map<number, (connection: SideConnection) => void>()
  client.on('tcp connection', (details: { destPort: number }, accept: () => Ssh2Channel, reject: () => void) => {
    const listener = listeners.get(details.destPort)
    if (listener === undefined) return reject()
    const channel = accept()
    if (channel !== undefined) listener(sideConnection(channel))
  })
  const open = (
    command: string | undefined,
    start: Start,
    options: { readonly isEchoOff: boolean },
  ): Promise<UpstreamChannel> => {
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamChannel>()
    const done = (error: Error | undefined, channel: Ssh2Channel) => {
      if (error) reject(new BastionError('unavailable', 'The target would not start it.', error))
      else resolve(upstreamChannel(channel))
    }
    const pty = start.pty === undefined ? undefined : ptyOptions(start.pty, options.isEchoOff)
    if (command !== undefined) client.exec(command, { ...(pty && { pty }), env: { ...start.env } }, done)
    else client.shell(pty ?? false, { env: { ...start.env } }, done)
    return Promise.race([promise, lost(closed)])
  }
  return {
    closed,
    async exec(clearance, start) {
      const { text } = clearance
      redeem(clearance, { session: start.session, text })
      return open(text, start, { isEchoOff: false })
    },
    async shell(clearance, start) {
      redeem(clearance, { session: start.session, text: clearance.text })
      return open(start.launcher, start, { isEchoOff: start.launcher !== undefined })
    },
    sideChannel: async (listener) =>
      (await listen(client, closed, { listeners, listener })) ?? (await openBridge(client, listener)),
    shellFacts: () => askShell(client),
    close: () => void client.end(),
  }
}

function ptyOptions(pty: Pty, isEchoOff: boolean): PseudoTtyOptions {
  const modes = isEchoOff ? { ...pty.modes, ECHO: 0 } : pty.modes
  return { term: pty.term, cols: pty.cols, rows: pty.rows, modes: { ...modes } } as PseudoTtyOptions
}

function upstreamChannel(channel: Ssh2Channel): UpstreamChannel {
  const { promise: exit, resolve } = Promise.withResolvers<Exit>()
  let seen: Exit = { kind: 'lost' }
  channel.on('exit', (status: number | null, signal?: string) => {
    seen = status === null ? { kind: 'signal', signal: signal ?? 'SIGTERM' } : { kind: 'status', status }
  })
  channel.on('close', () => resolve(seen))
  channel.on('error', () => resolve(seen))
  return {
    stdout: channel,
    stderr: channel.stderr,
    exit,
    write: (bytes) =>
      Promise.race([
        new Promise<void>((done, failed) => {
          channel.write(bytes, (error) => {
            forgetSentPiece(channel)
            if (error) failed(error)
            else done()
          })
        }),
        exit.then(() => {}),
      ]),
    endInput: () => void channel.end(),
    resize: ({ cols, rows }) => channel.setWindow(rows, cols, 0, 0),
    signal: (name) => channel.signal(name),
    close: () => channel.close(),
  }
}

/** RFC 4254 §7.1: asks the target to listen on its own loopback, on a port of its choice. */
function listen(
  client: InstanceType<typeof ssh2.Client>,
  closed: AbortSignal,
  {
    listeners,
    listener,
  }: {
    readonly listeners: Map<number, (connection: SideConnection) => void>
    readonly listener: (connection: SideConnection) => void
  },
): Promise<SideChannel | undefined> {
  const { promise, resolve } = Promise.withResolvers<SideChannel | undefined>()
  client.forwardIn('127.0.0.1', 0, (error, port) => {
    if (error) return resolve(undefined)
    listeners.set(port, listener)
    resolve({
      port,
      way: 'forward',
      closed,
      // The connection has a keep-alive of its own.
      probe: async () => {},
      close() {
        listeners.delete(port)
        try {
          client.unforwardIn('127.0.0.1', port)
        } catch {
          // The connection is gone, and the port with it.
        }
      },
    })
  })
  return promise
}

/** One for all: each step asks on a connection of its own, and without a reason each would get a new error, three times. */
const ASKER_GONE = new BastionError('unavailable', 'Whoever asked is gone.')

function sideConnection(channel: Ssh2Channel): SideConnection {
  const closed = new AbortController()
  const gone = () => closed.abort(ASKER_GONE)
  channel.on('close', gone)
  channel.on('end', gone)
  channel.on('error', gone)
  return {
    input: pieces(channel),
    closed: closed.signal,
    write: (bytes) => void channel.write(bytes),
    end: (bytes) => void channel.end(bytes),
  }
}

/** The reader stops at the end of a question. The channel must outlive that, and still tell when the asker is gone. */
async function* pieces(channel: Ssh2Channel): AsyncIterable<Uint8Array> {
  try {
    for await (const bytes of channel.iterator({ destroyOnReturn: false })) yield bytes
  } finally {
    channel.resume()
  }
}

/** Bash opens no socket where it was built without (--disable-net-redirections); `x` is no port, so nothing is called. */
const HAS_SOCKETS = String.raw`LC_ALL=C; case \$( (exec 3<> /dev/tcp/127.0.0.1/x) 2>&1) in (*such\ file*) false;; esac`
/**
 * A fixed text of ours, the same on every target; nothing of the person's is in it. A shell that cannot ask says no version,
 * and so is never under the stepped gate: there it would be killed for not asking.
 */
const FACTS_COMMAND = String.raw`exec sh -c 'printf "%s\n" "$SHELL" "$(less --version 2> /dev/null | head -n 1)"; case $SHELL in
(*/bash) exec "$SHELL" --norc -c "${HAS_SOCKETS} && printf %s \$BASH_VERSION";;
(*/zsh) exec "$SHELL" -f -c "zmodload zsh/net/tcp zsh/system zsh/parameter zsh/zle 2> /dev/null && printf %s \$ZSH_VERSION";;
(*/fish) test -x /bin/bash && /bin/bash -p -c "${HAS_SOCKETS}" && exec "$SHELL" --no-config -c "printf %s \$version";;
esac'`
const SHELL_KINDS = ['bash', 'zsh', 'fish'] as const

function askShell(client: InstanceType<typeof ssh2.Client>): Promise<ShellFacts | undefined> {
  const { promise, resolve } = Promise.withResolvers<ShellFacts | undefined>()
  const timer = setTimeout(() => resolve(undefined), FACTS_LIMIT_MS)
  client.exec(FACTS_COMMAND, (error, channel) => {
    if (error) return resolve(undefined)
    let text = ''
    channel.on('data', (bytes: Buffer) => {
      if (text.length < 4096) text += bytes.toString('latin1')
    })
    channel.stderr.resume()
    channel.on('close', () => {
      clearTimeout(timer)
      const [path, less = '', version = ''] = text.split('\n')
      const isPath = path !== undefined && /^\/[\x21-\x7e]+$/.test(path)
      const kind = SHELL_KINDS.find((name) => path?.endsWith(`/${name}`)) ?? 'other'
      resolve(isPath ? { path, kind, version, less } : undefined)
    })
    channel.end()
  })
  return promise
}

function lost(closed: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (closed.aborted) reject(closed.reason)
    closed.addEventListener('abort', () => reject(closed.reason), { once: true })
  })
}
