/**
 * The thread that goes through recordings: drawing 200 MB takes many seconds, in which the bastion has other things to do.
 * It is sent a recording piece by piece and sends back what replay and search need; one recording after the other.
 */
import { parentPort } from 'node:worker_threads'
import { messageFor } from './core/errors.ts'
import type { Keyframe, ReplayIndex, ReplayLine } from './core/replay.ts'
import { makeReplay } from './recording/replay.ts'
import { ReplayScreen } from './terminal/replay-screen.ts'

/** To the thread: a piece, or the end of the recording. Each is asked for with `more`. */
export type ToThread = { readonly kind: 'piece'; readonly bytes: Uint8Array } | { readonly kind: 'end' }

/** From the thread. Each but the last two is answered with `go`, when it is stored. */
export type FromThread =
  | { readonly kind: 'more' }
  | { readonly kind: 'keyframe'; readonly number: number; readonly keyframe: Keyframe }
  | { readonly kind: 'lines'; readonly lines: readonly ReplayLine[] }
  | { readonly kind: 'done'; readonly index: ReplayIndex }
  | { readonly kind: 'failed'; readonly message: string }

const port = parentPort
if (port === null) throw new Error('This file is a thread’s.')

let answered = Promise.withResolvers<ToThread | { readonly kind: 'go' }>()
port.on('message', (message) => answered.resolve(message))

async function ask(message: FromThread): Promise<ToThread | { readonly kind: 'go' }> {
  answered = Promise.withResolvers()
  port?.postMessage(message)
  return answered.promise
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = await ask({ kind: 'more' })
    if (piece.kind !== 'piece') return
    yield piece.bytes
  }
}

try {
  const index = await makeReplay(pieces(), {
    screenFor: (cols, rows) => new ReplayScreen(cols, rows),
    sink: {
      keyframe: async (number, keyframe) => void (await ask({ kind: 'keyframe', number, keyframe })),
      lines: async (lines) => void (await ask({ kind: 'lines', lines })),
    },
  })
  port.postMessage({ kind: 'done', index } satisfies FromThread)
} catch (error) {
  port.postMessage({ kind: 'failed', message: messageFor(error) } satisfies FromThread)
}
port.close()
