/**
 * A live session's terminal as server-sent events, in the words of asciinema-player's eventsource driver: first the screen
 * as it is, then each piece with its time. Who reads too slowly is given the screen anew in the place of what did not fit.
 */
import type { Clock } from '../core/clock.ts'
import type { LiveSession, Watcher } from '../session/registry.ts'

const MOST_WAITING = 256 * 1024
const BEAT_MS = 15_000
const encoder = new TextEncoder()

/** `watch` is the session's own. */
export function liveScreen(
  watch: NonNullable<LiveSession['watch']>,
  parts: {
    readonly clock: Clock
    readonly startedAt: Date
    /** The browser's session is over. */
    readonly ended: AbortSignal | undefined
    /** For who has none. */
    readonly lifeMs: number
    /** Asked again and again: roles are taken away. */
    readonly mayStill: () => Promise<boolean>
  },
): ReadableStream<Uint8Array> {
  const { clock, startedAt, ended, lifeMs, mayStill } = parts
  const decoder = new TextDecoder()
  let waiting = ''
  let isOver = false
  let wake = () => {}
  let leave = () => {}
  let stopBeat = () => {}
  let stopLife = () => {}
  const seconds = () => Math.max(0, (clock.now().getTime() - startedAt.getTime()) / 1000)
  const send = (text: string) => {
    waiting += text
    wake()
  }
  const say = (data: unknown) => send(`data: ${JSON.stringify(data)}\n\n`)
  const finish = () => {
    if (isOver) return
    isOver = true
    leave()
    stopBeat()
    stopLife()
    ended?.removeEventListener('abort', finish)
    wake()
  }
  const watcher: Watcher = {
    begin({ cols, rows, text }) {
      // Nothing of what waited is before it any more.
      waiting = ''
      say({ time: seconds(), cols, rows, init: text })
    },
    output(bytes) {
      say([seconds(), 'o', decoder.decode(bytes, { stream: true })])
      if (waiting.length <= MOST_WAITING) return
      waiting = ''
      leave()
      leave = watch(watcher)
    },
    end() {
      send('event: done\ndata: \n\n')
      finish()
    },
  }
  const beat = () => {
    send(': beat\n\n')
    stopBeat = clock.after(BEAT_MS, beat)
    mayStill().then(
      (may) => may || finish(),
      () => finish(),
    )
  }
  return new ReadableStream(
    {
      start() {
        if (ended?.aborted) return finish()
        ended?.addEventListener('abort', finish)
        leave = watch(watcher)
        stopBeat = clock.after(BEAT_MS, beat)
        if (ended === undefined) stopLife = clock.after(lifeMs, finish)
      },
      async pull(controller) {
        while (waiting === '' && !isOver) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
        const text = waiting
        waiting = ''
        if (text === '') controller.close()
        else controller.enqueue(encoder.encode(text))
      },
      cancel: finish,
    },
    { highWaterMark: 0 },
  )
}
