/**
 * Sees to it that each recording that is closed can be sought in and searched: when a session ends, and for those that are
 * still missing at a start, a few at a time. One thread works, on one recording; what waits is a list of names.
 */
import { Worker } from 'node:worker_threads'
import { BastionError, codeOf } from './core/errors.ts'
import type { SessionId } from './core/ids.ts'
import type { BlobStore, Log, Store } from './core/ports.ts'
import type { ReplayIndex, ReplayLine } from './core/replay.ts'
import { makeReplay } from './recording/replay.ts'
import type { FromThread } from './replay-thread.ts'
import { commandsOf } from './session/commands.ts'
import type { Registry } from './session/registry.ts'
import { ReplayScreen } from './terminal/replay-screen.ts'

export interface ReplayParts {
  readonly store: Store
  readonly blobs: BlobStore
  readonly log: Log
  readonly recordingName: (session: string) => string
}

/** Of those that are missing at a start; the next start, or whoever opens one, makes the rest. */
const MOST_AT_START = 1_000
const LONGEST_QUEUE = 10_000
/** A recording of this size is gone through in a few milliseconds, for which no thread is worth starting. */
const SMALL_BYTES = 16 * 1024

export class Replays {
  readonly #parts: ReplayParts
  readonly #making = new Map<SessionId, Promise<ReplayIndex>>()
  #last: Promise<unknown> = Promise.resolve()
  #worker: Worker | undefined
  #isClosed = false

  constructor(parts: ReplayParts) {
    this.#parts = parts
  }

  /** Makes what is missing, and from now on each recording's as its session ends; the returned function ends that. */
  follow(registry: Registry): () => void {
    const live = new Set<SessionId>()
    const notice = () => {
      const now = new Set(registry.list().map(({ record }) => record.id))
      for (const id of live) if (!now.has(id)) this.#makeSoon(id)
      live.clear()
      for (const id of now) live.add(id)
    }
    const unsubscribe = registry.subscribe(notice)
    notice()
    void this.#parts.store.replays
      .missing(MOST_AT_START)
      .then((missing) => {
        for (const id of missing) if (!live.has(id)) this.#makeSoon(id)
      })
      .catch((error) => this.#parts.log.error({ err: error }, 'recordings could not be prepared for replay'))
    return unsubscribe
  }

  /** Resolves when all that was to be made has been made. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#making.values())
  }

  /** Resolves to the index of a recording that is closed, and makes it now if there is none. */
  async find(session: SessionId): Promise<ReplayIndex> {
    return (await this.#parts.store.replays.find(session)) ?? this.#make(session)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#worker?.terminate()
    await this.settled()
  }

  #makeSoon(session: SessionId): void {
    this.#make(session).catch((error: unknown) => {
      if (this.#isClosed || codeOf(error) === 'not-found') return
      this.#parts.log.error({ session, err: error }, 'a recording could not be prepared for replay')
    })
  }

  #make(session: SessionId): Promise<ReplayIndex> {
    const known = this.#making.get(session)
    if (known !== undefined) return known
    if (this.#isClosed) return Promise.reject(new BastionError('unavailable', 'The bastion is shutting down.'))
    if (this.#making.size >= LONGEST_QUEUE) {
      return Promise.reject(new BastionError('too-many', 'Too many recordings wait to be prepared; try again later.'))
    }
    const made = this.#last.then(() => this.#makeNow(session)).finally(() => this.#making.delete(session))
    this.#making.set(session, made)
    this.#last = made.catch(() => undefined)
    return made
  }

  async #makeNow(session: SessionId): Promise<ReplayIndex> {
    const { store, blobs, recordingName } = this.#parts
    if (this.#isClosed) throw new BastionError('unavailable', 'The bastion is shutting down.')
    const name = recordingName(session)
    const isSmall = (await blobs.size(name)) <= SMALL_BYTES
    const bytes = await blobs.read(name)
    await store.replays.begin(session)
    const index = isSmall ? await this.#here(bytes, session) : await this.#inThread(bytes, session)
    const commands = await commandsOf(store, session)
    const lines = commands.map(({ seconds, text }): ReplayLine => ({ kind: 'run', seconds, text }))
    await store.replays.addLines(session, lines)
    await store.replays.finish(session, index)
    return index
  }

  #here(bytes: AsyncIterable<Uint8Array>, session: SessionId): Promise<ReplayIndex> {
    const { replays } = this.#parts.store
    return makeReplay(bytes, {
      screenFor: (cols, rows) => new ReplayScreen(cols, rows),
      sink: {
        keyframe: (number, keyframe) => replays.addKeyframe(session, number, keyframe),
        lines: (lines) => replays.addLines(session, lines),
      },
    })
  }

  async #inThread(bytes: AsyncIterable<Uint8Array>, session: SessionId): Promise<ReplayIndex> {
    const { replays } = this.#parts.store
    const worker = new Worker(new URL('./replay-thread.ts', import.meta.url), { name: 'replay' })
    this.#worker = worker
    const pieces = bytes[Symbol.asyncIterator]()
    const { promise, resolve, reject } = Promise.withResolvers<ReplayIndex>()
    const answer = async (message: FromThread): Promise<void> => {
      switch (message.kind) {
        case 'more': {
          const next = await pieces.next()
          worker.postMessage(next.done === true ? { kind: 'end' } : { kind: 'piece', bytes: next.value })
          return
        }
        case 'keyframe':
          await replays.addKeyframe(session, message.number, message.keyframe)
          worker.postMessage({ kind: 'go' })
          return
        case 'lines':
          await replays.addLines(session, message.lines)
          worker.postMessage({ kind: 'go' })
          return
        case 'done':
          resolve(message.index)
          return
        case 'failed':
          reject(new BastionError('invalid', message.message))
      }
    }
    worker.on('message', (message: FromThread) => void answer(message).catch(reject))
    worker.on('error', reject)
    worker.on('exit', () => reject(new BastionError('unavailable', 'The recording could not be prepared.')))
    try {
      return await promise
    } finally {
      await worker.terminate()
      await pieces.return?.()
      this.#worker = undefined
    }
  }
}
