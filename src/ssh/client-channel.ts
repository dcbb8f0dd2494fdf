/**
 * The client's session channel as the session's port wants it. Writes go one after the other over both streams, because
 * they share one window and ssh2 can only remember one piece that waits for it.
 */
import type { ServerChannel, Session } from 'ssh2'
import { BastionError } from '../core/errors.ts'
import type { ClientChannel, Exit } from '../session/channel.ts'
import { forgetSentPiece, hasOpenWindow } from './ssh2-internals.ts'

/** How long a client may take to close its side after we have closed ours. */
const CLOSE_LIMIT_MS = 5_000
/** What ssh(1) says when it does not know how a command ended. */
const EXIT_UNKNOWN = 255

/** `connectionClosed` is aborted when the connection is gone. */
export function clientChannel(channel: ServerChannel, session: Session, connectionClosed: AbortSignal): ClientChannel {
  const closed = new AbortController()
  const gone = () => closed.abort(new BastionError('unavailable', 'The connection was lost.'))
  channel.on('close', gone)
  session.on('close', gone)
  // ssh2 tells a channel of a lost connection only when its input has been read to the end (lib/utils.js,
  // onCHANNEL_CLOSE), and nobody reads while a command waits.
  connectionClosed.addEventListener('abort', gone, { once: true, signal: closed.signal })
  if (connectionClosed.aborted) gone()
  channel.on('error', gone)
  channel.stderr.on('error', gone)
  const lost = new Promise<never>((_, reject) => {
    closed.signal.addEventListener('abort', () => reject(closed.signal.reason), { once: true })
  })
  lost.catch(() => {})
  const write = (bytes: Uint8Array, stream: 'stdout' | 'stderr'): Promise<void> => {
    if (closed.signal.aborted || !hasOpenWindow(channel)) return lostNow()
    const sink = stream === 'stdout' ? channel : channel.stderr
    const written = new Promise<void>((resolve, reject) => {
      sink.write(bytes, (error) => {
        forgetSentPiece(channel)
        if (error) reject(new BastionError('unavailable', 'The connection was lost.', error))
        else resolve()
      })
    })
    return Promise.race([written, lost])
  }
  return {
    input: channel,
    closed: closed.signal,
    write,
    async end(exit: Exit) {
      if (closed.signal.aborted) return
      // RFC 4254 §6.10: the status first, then EOF and close (§5.3). `end` sends both when all writes are done.
      sendExit(channel, exit)
      channel.end()
      // A client that does not read any more keeps the last writes, and so the close behind them, from going out.
      const timer = setTimeout(() => {
        channel.close()
        gone()
      }, CLOSE_LIMIT_MS)
      await lost.catch(() => clearTimeout(timer))
    },
    onResize(listener) {
      session.on('window-change', (accept, _reject, info) => {
        accept?.()
        listener({ cols: info.cols, rows: info.rows })
      })
    },
    onSignal(listener) {
      session.on('signal', (accept, _reject, info) => {
        accept?.()
        listener(info.name)
      })
    },
  }
}

function sendExit(channel: ServerChannel, exit: Exit): void {
  try {
    if (exit.kind === 'signal') channel.exit(exit.signal.replace(/^SIG/, ''), false, '')
    else channel.exit(exit.kind === 'status' ? exit.status : EXIT_UNKNOWN)
  } catch {
    // A signal of the target's own (RFC 4254 §6.10 allows `name@domain`), which ssh2 does not send.
    channel.exit(EXIT_UNKNOWN)
  }
}

function lostNow(): Promise<never> {
  return Promise.reject(new BastionError('unavailable', 'The connection was lost.'))
}
