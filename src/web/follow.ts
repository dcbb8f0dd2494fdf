/**
 * A recording as it grows: what is there, and then what comes, until the session is over. It is looked at again and again,
 * because a place for recordings tells nobody; whoever watches sees it a moment later, stored before.
 */
import type { Clock } from '../core/clock.ts'
import type { BlobStore, Log } from '../core/ports.ts'

export const LOOK_EVERY_MS = 300

export interface FollowParts {
  readonly clock: Clock
  readonly log: Log
  readonly blobs: BlobStore
  readonly name: string
  /** The first byte wanted. */
  readonly from: number
  /** Asked before each look: when it says so, the recording is read once more, and that was all. */
  isOver(): boolean
  /** Asked at each look: whether whoever watches still may. */
  mayGoOn(): Promise<boolean>
  /** Called once, whichever side ends it. */
  onEnd(): void
}

export function follow({
  clock,
  log,
  blobs,
  name,
  from,
  isOver,
  mayGoOn,
  onEnd,
}: FollowParts): ReadableStream<Uint8Array> {
  let isCancelled = false
  let hasEnded = false
  const end = () => {
    if (!hasEnded) onEnd()
    hasEnded = true
  }
  let wake = () => {}
  const wait = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stopTimer = clock.after(LOOK_EVERY_MS, resolve)
    wake = () => {
      stopTimer()
      resolve()
    }
    return promise
  }
  let at = from
  let reader: AsyncIterator<Uint8Array> | undefined
  let isLast = false

  /** The next bytes, or undefined at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      if (reader === undefined) {
        isLast = isOver()
        reader = (await blobs.read(name, at))[Symbol.asyncIterator]()
      }
      const { value, done } = await reader.next()
      if (done !== true) {
        at += value.length
        return value
      }
      reader = undefined
      if (isLast) return undefined
      await wait()
      if (isCancelled || !(await mayGoOn())) return undefined
    }
  }

  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const bytes = await next()
          // Who left meanwhile did not find the reader that was being opened.
          if (isCancelled) return void (await reader?.return?.())
          if (bytes !== undefined) {
            controller.enqueue(bytes)
            return
          }
          end()
          controller.close()
        } catch (error) {
          log.error({ err: error, recording: name }, 'a live recording could not be read on')
          end()
          controller.error(error)
        }
      },
      async cancel() {
        isCancelled = true
        end()
        wake()
        await reader?.return?.()
      },
    },
    { highWaterMark: 1 },
  )
}
