/**
 * The second way for a gated shell to ask us, where the target's sshd forwards no port (DisableForwarding,
 * AllowTcpForwarding, PermitListen): a program on a second channel listens on the target's loopback and carries what is
 * said there. bridge-program.ts has the program, and why nobody else gets at what it carries.
 */
import { Buffer } from 'node:buffer'
import type { Client, ClientChannel as Ssh2Channel } from 'ssh2'
import type { SideChannel, SideConnection } from '../session/channel.ts'
import { FrameReader, formatFrame } from './bridge-frames.ts'
import { BRIDGE_COMMAND } from './bridge-program.ts'

const START_LIMIT_MS = 5_000
/** What one connection may bring before it is read; more than a question may be long. */
const MOST_UNREAD_BYTES = 512 * 1024

/** Resolves to undefined where the target has nothing that could listen, or allows one channel only. */
export async function openBridge(
  client: Client,
  listener: (connection: SideConnection) => void,
): Promise<SideChannel | undefined> {
  const channel = await start(client, BRIDGE_COMMAND)
  if (channel === undefined) return undefined
  const bridge = new Bridge(channel, listener)
  const port = await bridge.started
  // The shell needs a channel beside this one (MaxSessions).
  const second = port === undefined ? undefined : await start(client, 'exec true')
  second?.resume().end()
  if (port !== undefined && second !== undefined) {
    return {
      port,
      way: 'bridge',
      closed: bridge.closed,
      probe: () => bridge.probe(),
      close: () => bridge.close(),
    }
  }
  bridge.close()
  return undefined
}

function start(client: Client, command: string): Promise<Ssh2Channel | undefined> {
  const { promise, resolve } = Promise.withResolvers<Ssh2Channel | undefined>()
  client.exec(command, (error, channel) => {
    channel?.stderr.resume()
    resolve(error ? undefined : channel)
  })
  client.once('close', () => resolve(undefined))
  return promise
}

/** The two ends of a connection to the bridge's port. */
interface Peer {
  take(bytes: Uint8Array): void
  gone(): void
}

class Bridge {
  readonly #channel: Ssh2Channel
  readonly #listener: (connection: SideConnection) => void
  readonly #frames = new FrameReader()
  readonly #peers = new Map<number, Peer>()
  readonly #closed = new AbortController()
  readonly #started = Promise.withResolvers<number | undefined>()
  readonly #probes: (() => void)[] = []
  /** Those that we ended, until the bridge says so too: what still comes of them is nobody's. */
  readonly #ended = new Set<number>()
  #port: number | undefined

  constructor(channel: Ssh2Channel, listener: (connection: SideConnection) => void) {
    this.#channel = channel
    this.#listener = listener
    const timer = setTimeout(() => this.close(), START_LIMIT_MS)
    channel.on('data', (bytes: Buffer) => this.#take(bytes))
    for (const event of ['close', 'end', 'error']) channel.on(event, () => this.#end())
    void this.started.then(() => clearTimeout(timer))
  }

  /** Resolves to the port; to undefined when there will be none. */
  get started(): Promise<number | undefined> {
    return this.#started.promise
  }

  get closed(): AbortSignal {
    return this.#closed.signal
  }

  probe(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#probes.push(resolve)
    this.#channel.write(formatFrame({ id: 0, bytes: Buffer.from('?') }))
    return promise
  }

  close(): void {
    this.#channel.end()
    this.#channel.close()
    this.#end()
  }

  #end(): void {
    this.#started.resolve(undefined)
    for (const peer of this.#peers.values()) peer.gone()
    this.#peers.clear()
    this.#closed.abort()
  }

  #take(bytes: Uint8Array): void {
    const frames = this.#frames.feed(bytes)
    if (frames === undefined) this.close()
    for (const frame of frames ?? []) {
      if (frame.id !== 0) this.#carry(frame.id, frame.bytes)
      else if (this.#port === undefined) this.#hello(frame.bytes)
      else this.#probes.shift()?.()
    }
  }

  #hello(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('latin1')
    if (/^\d{4,5}$/.test(text)) {
      this.#port = Number(text)
      this.#started.resolve(this.#port)
    } else this.close()
  }

  #carry(id: number, bytes: Uint8Array): void {
    const known = this.#peers.get(id)
    if (bytes.length === 0) {
      this.#ended.delete(id)
      this.#peers.delete(id)
      known?.gone()
    } else if (known !== undefined) known.take(bytes)
    else if (!this.#ended.has(id)) this.#meet(id, bytes)
  }

  #meet(id: number, bytes: Uint8Array): void {
    const write = (answer: Uint8Array) => {
      if (this.#peers.has(id) && answer.length > 0) this.#channel.write(formatFrame({ id, bytes: answer }))
    }
    const end = (answer: Uint8Array) => {
      write(answer)
      if (!this.#peers.delete(id)) return
      this.#ended.add(id)
      this.#channel.write(formatFrame({ id, bytes: new Uint8Array() }))
    }
    const { peer, connection } = connect({ write, end })
    this.#peers.set(id, peer)
    peer.take(bytes)
    this.#listener(connection)
  }
}

function connect(say: Pick<SideConnection, 'write' | 'end'>): {
  readonly peer: Peer
  readonly connection: SideConnection
} {
  const closed = new AbortController()
  const unread: Uint8Array[] = []
  let unreadBytes = 0
  let isRead = false
  let wake = () => {}
  const gone = () => {
    closed.abort()
    wake()
  }
  const peer: Peer = {
    take(bytes) {
      if (isRead) return
      unread.push(bytes)
      unreadBytes += bytes.length
      if (unreadBytes > MOST_UNREAD_BYTES) {
        say.end(new Uint8Array())
        gone()
      } else wake()
    },
    gone,
  }
  async function* input(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const bytes = unread.shift()
        if (bytes !== undefined) {
          unreadBytes -= bytes.length
          yield bytes
        } else if (closed.signal.aborted) return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      isRead = true
      unread.length = 0
    }
  }
  return { peer, connection: { input: input(), closed: closed.signal, ...say } }
}
