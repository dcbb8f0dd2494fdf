/**
 * The places where ssh2 1.17 has to be helped from outside. Each names the line of ssh2 it makes up for; all are
 * guarded by tests that fail when ssh2 changes underneath.
 */
import type { Duplex } from 'node:stream'
import type { Channel, Client, Connection } from 'ssh2'

interface Protocol {
  channelOpenFail(recipient: number, reason: number, description: string): void
}

/** RFC 4254 §5.1. */
const ADMINISTRATIVELY_PROHIBITED = 1

/**
 * Rejects a channel with a sentence. ssh2's own `reject` (lib/server.js, CHANNEL_OPEN) says CONNECT_FAILED and nothing
 * else, which a person cannot act on.
 */
export function rejectChannel(client: Connection, reject: () => void, sentence: string): void {
  const protocol = (client as unknown as { _protocol?: Protocol })._protocol
  const original = protocol?.channelOpenFail
  if (protocol === undefined || original === undefined) {
    reject()
    return
  }
  protocol.channelOpenFail = (recipient) => original.call(protocol, recipient, ADMINISTRATIVELY_PROHIBITED, sentence)
  try {
    reject()
  } finally {
    protocol.channelOpenFail = original
  }
}

/**
 * Forgets the piece that waited for the window. ssh2 (lib/Channel.js, `_write`) keeps it after it was sent; a later write
 * to the other stream that has to wait would send the old piece again instead of its own (lib/server.js, WINDOW_ADJUST).
 */
export function forgetSentPiece(channel: Channel): void {
  Object.assign(channel, { _chunk: undefined, _chunkcb: undefined, _chunkErr: undefined, _chunkcbErr: undefined })
}

/** Reports whether the channel still takes data: ssh2 never calls back for a write to one that does not. */
export function hasOpenWindow(channel: Channel): boolean {
  return (channel as unknown as { outgoing?: { state?: string } }).outgoing?.state === 'open'
}

/** Turns Nagle's algorithm (RFC 896) off; ssh2 has the method (lib/server.js, `setNoDelay`), its types do not. */
export function sendAtOnce(client: Connection): void {
  ;(client as unknown as { setNoDelay?(on: boolean): void }).setNoDelay?.(true)
}

/** The socket beneath a connection; a client of ssh2's has it as `_sock`, a server's connection too (lib/client.js, lib/server.js). */
interface Beneath {
  readonly _sock?: Pick<Duplex, 'write' | 'cork' | 'uncork'>
}

/**
 * Sends what is written in one go as one piece. ssh2 makes a write of every packet (lib/client.js, `onWrite`), and an
 * answer to the gate is three: each would wake the other side up, which on the loopback runs at once, on our time.
 */
export function sendTogether(client: Connection | Client): void {
  const socket = (client as Beneath)._sock
  if (socket === undefined) return
  const { write } = socket
  let isCorked = false
  socket.write = function (this: Duplex, ...args: Parameters<Duplex['write']>) {
    if (!isCorked) {
      isCorked = true
      socket.cork()
      process.nextTick(() => {
        isCorked = false
        socket.uncork()
      })
    }
    return write.apply(socket, args)
  } as Duplex['write']
}
