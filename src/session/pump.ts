/**
 * The way out: whatever a person gets to see of a session passes through here, in one order. Of the target's output the
 * session's masks are taken first, so neither screen, recording nor person gets what they hide. Our own words are not
 * masked: they quote commands, which are evidence. Over it a line of ours may stand for a while (the overlay): it is
 * taken away before each piece, drawn again after it, recorded as everything is, and unknown to the screen model.
 *
 * INVARIANT: nothing is shown before it is stored. When storing fails, nothing is shown any more. Where the policy keeps
 * only the beginning of a bulk output, size and digest of the rest are stored.
 */
import type { Clock } from '../core/clock.ts'
import type { Mask, SessionDuties } from '../core/verdict.ts'
import type { Recorder } from '../recording/recorder.ts'
import { Masker } from '../terminal/mask.ts'
import type { Screen } from '../terminal/screen.ts'
import { cutToWidth } from '../terminal/width.ts'
import type { ClientChannel, StreamName } from './channel.ts'
import { Onlookers } from './onlookers.ts'
import type { Watcher } from './registry.ts'

/** What masks withhold is shown when nothing followed for so long: longer than a program's pause, shorter than a wink. */
export const REST_MS = 20
/** Output of this size after a key is its echo, and not made to wait. */
const ECHO_BYTES = 8

/** Makes the overlay's text for `room` cells: SGR sequences and text, which `cut` fits into them. */
export type Compose = (room: number, cut: (text: string) => string) => string

interface Stream {
  masker: Masker | undefined
  stopRest: () => void
}

export class Pump {
  readonly #recorder: Recorder
  readonly #client: ClientChannel
  readonly #screen: Screen | undefined
  readonly #onlookers: Onlookers | undefined
  readonly #clock: Clock
  readonly #streams: Readonly<Record<StreamName, Stream>> = {
    stdout: { masker: undefined, stopRest: () => {} },
    stderr: { masker: undefined, stopRest: () => {} },
  }
  #masks: readonly Mask[] = []
  readonly #masked = new Map<string, number>()
  /** How much of the target's output is still to be recorded. */
  #contentBytes = Number.POSITIVE_INFINITY
  #contentLimit = Number.POSITIVE_INFINITY
  #wasTyped = false
  #shown: Promise<void> = Promise.resolve()
  #compose: Compose | undefined
  /** From which column on an overlay stands on the person's terminal; undefined while there is none. */
  #drawnFrom: number | undefined
  /** How many tasks of the overlay's, or behind one, are under way: while there are, everything takes its turn. */
  #queued = 0

  constructor(parts: {
    readonly recorder: Recorder
    readonly client: ClientChannel
    readonly screen: Screen | undefined
    readonly clock: Clock
  }) {
    this.#recorder = parts.recorder
    this.#client = parts.client
    this.#screen = parts.screen
    this.#onlookers = parts.screen === undefined ? undefined : new Onlookers(parts.screen)
    this.#clock = parts.clock
  }

  /** Lets somebody look on; undefined where there is no terminal to look at. */
  get watch(): ((watcher: Watcher) => () => void) | undefined {
    const onlookers = this.#onlookers
    return onlookers && ((watcher) => onlookers.add(watcher, () => this.#shown))
  }

  /** To be called when the screen was resized. */
  noticeResized(): void {
    this.#onlookers?.noticeResized(() => this.#shown)
  }

  /** Nobody looks on any more. */
  dismiss(): void {
    this.#onlookers?.end()
  }

  /** How often each mask has hidden something so far. */
  get masked(): ReadonlyMap<string, number> {
    return this.#masked
  }

  /** From now on the output is masked and recorded so. What other masks withhold is shown. */
  keep({ masks, record }: Pick<SessionDuties, 'masks' | 'record'>): void {
    // The same masks go on: a change of policy elsewhere must not let through what they are in the middle of.
    if (!areSame(masks, this.#masks)) {
      for (const name of ['stdout', 'stderr'] as const) {
        this.#rest(name).catch(() => {})
        this.#streams[name].masker = masks.length === 0 ? undefined : new Masker(masks)
      }
    }
    this.#masks = masks
    const limit = record.kind === 'output' ? Number.POSITIVE_INFINITY : record.bytes
    // The same again, after a change of policy, is no second helping.
    if (limit !== this.#contentLimit) this.#contentBytes = limit
    this.#contentLimit = limit
  }

  /** To be called when the person typed something: what follows at once is its echo. */
  noticeTyped(): void {
    this.#wasTyped = true
  }

  /** Stores our own words, then shows them. Resolves when the client's window has taken them; rejects when either failed. */
  show(bytes: Uint8Array, stream: StreamName): Promise<void> {
    this.#rest(stream).catch(() => {})
    return this.#pass(bytes, stream, () => this.#recorder.output(bytes))
  }

  /** Pulls one of the target's streams dry, each piece shown before the next is asked for. */
  async drain(source: AsyncIterable<Uint8Array>, stream: StreamName): Promise<void> {
    for await (const bytes of source) await this.#output(bytes, stream)
    await this.#rest(stream)
  }

  #output(bytes: Uint8Array, name: StreamName): Promise<void> {
    const stream = this.#streams[name]
    const { masker } = stream
    if (masker === undefined) return this.#pass(bytes, name, () => this.#store(bytes))
    stream.stopRest()
    const isEcho = this.#wasTyped && bytes.length <= ECHO_BYTES && masker.heldBytes === 0
    this.#wasTyped = false
    const shown = masker.write(bytes)
    const done = this.#passMasked(masker, shown, name)
    if (masker.heldBytes === 0) return done
    if (isEcho) return this.#rest(name)
    stream.stopRest = this.#clock.after(REST_MS, () => void this.#rest(name).catch(() => {}))
    return done
  }

  /** Shows what the masks of a stream withhold. */
  #rest(name: StreamName): Promise<void> {
    const { masker, stopRest } = this.#streams[name]
    stopRest()
    return masker === undefined || masker.heldBytes === 0
      ? Promise.resolve()
      : this.#passMasked(masker, masker.rest(), name)
  }

  /** Stores and shows what the masks let through, with a marker that says what they hid in it. */
  #passMasked(masker: Masker, bytes: Uint8Array, name: StreamName): Promise<void> {
    const counts = masker.takeCounts()
    if (bytes.length === 0 && counts.size === 0) return this.#shown
    for (const [mask, count] of counts) this.#masked.set(mask, (this.#masked.get(mask) ?? 0) + count)
    const label = [...counts].map(([mask, count]) => `${mask} ×${count}`).join(', ')
    return this.#pass(bytes, name, () => {
      const marked = label === '' ? undefined : this.#recorder.marker(`masked ${label}`)
      return Promise.all([marked, this.#store(bytes)])
    })
  }

  /** Records output as much as the policy wants of it. */
  #store(bytes: Uint8Array): Promise<unknown> {
    if (this.#contentBytes >= bytes.length) {
      this.#contentBytes -= bytes.length
      return this.#recorder.output(bytes)
    }
    const kept = this.#contentBytes
    const stored: Promise<void>[] = []
    if (kept >= 0) {
      stored.push(this.#recorder.output(bytes.subarray(0, kept)))
      stored.push(this.#recorder.marker('from here on only size and digest of the output are recorded'))
      // Below nothing, so that it is said once.
      this.#contentBytes = -1
    }
    stored.push(this.#recorder.digest(bytes.subarray(Math.max(0, kept))))
    return Promise.all(stored)
  }

  #pass(bytes: Uint8Array, stream: StreamName, store: () => Promise<unknown>): Promise<void> {
    if (this.#compose !== undefined || this.#queued > 0) return this.#inTurn(() => this.#under(bytes, stream, store))
    const stored = store()
    // The screen is only looked at; that it keeps up is waited for so that what it has yet to draw stays bounded.
    const drawn = this.#screen?.feed(bytes)
    const noticeStored = this.#onlookers?.noticeFed(bytes)
    const shown = Promise.all([this.#shown, stored, drawn]).then(() => {
      noticeStored?.()
      return this.#client.write(bytes, stream)
    })
    // A later piece must not be shown after an earlier one failed, so the failure stays in the chain; it is reported
    // to each caller, and here only kept from being reported to nobody.
    this.#shown = shown
    shown.catch(() => {})
    return shown
  }

  /**
   * Shows this line over the terminal until another call; undefined takes it away without a trace. Resolves to whether
   * it stands there.
   */
  async overlay(compose: Compose | undefined): Promise<boolean> {
    if (this.#screen === undefined) return false
    this.#compose = compose
    await this.redrawOverlay()
    return this.#drawnFrom !== undefined
  }

  redrawOverlay(): Promise<void> {
    if (this.#compose === undefined && this.#drawnFrom === undefined && this.#queued === 0) return Promise.resolve()
    return this.#inTurn(() => this.#withoutOverlay())
  }

  /** One piece of output: the overlay makes way for it. */
  async #under(bytes: Uint8Array, stream: StreamName, store: () => Promise<unknown>): Promise<Uint8Array> {
    const erase = await this.#withoutOverlay()
    const fed = this.#screen?.feed(bytes)
    const noticeStored = this.#onlookers?.noticeFed(bytes)
    await this.#emit(erase, 'stdout')
    await store()
    noticeStored?.()
    await this.#client.write(bytes, stream)
    await fed
    return new Uint8Array()
  }

  /**
   * Runs `task` when all before it is shown, then draws the overlay again, unless more is to come at once; in one piece
   * with what the task leaves to be shown, so that the line does not flicker.
   */
  #inTurn(task: () => Promise<Uint8Array>): Promise<void> {
    this.#queued++
    const shown = this.#shown
      .then(task)
      .then(async (rest) => {
        const line = this.#queued === 1 ? await this.#line() : new Uint8Array()
        await this.#emit(Buffer.concat([rest, line]), 'stdout')
      })
      .finally(() => this.#queued--)
    this.#shown = shown
    shown.catch(() => {})
    return shown
  }

  async #withoutOverlay(): Promise<Uint8Array> {
    const from = this.#drawnFrom
    if (from === undefined || this.#screen === undefined) return new Uint8Array()
    await this.#screen.settled()
    this.#drawnFrom = undefined
    return this.#screen.withoutOverlay(from)
  }

  async #line(): Promise<Uint8Array> {
    const compose = this.#compose
    if (compose === undefined || this.#screen === undefined) return new Uint8Array()
    await this.#screen.settled()
    const place = this.#screen.placeForOverlay()
    if (place === undefined || place.room < 1) return new Uint8Array()
    const text = compose(place.room, (whole) => cutToWidth(whole, place.room))
    this.#drawnFrom = place.start
    return this.#screen.overlay(place, text)
  }

  async #emit(bytes: Uint8Array, stream: StreamName): Promise<void> {
    if (bytes.length === 0) return
    await this.#recorder.output(bytes)
    await this.#client.write(bytes, stream)
  }
}

/** A mask's pattern is its own, or that of its built-in name. */
function areSame(some: readonly Mask[], others: readonly Mask[]): boolean {
  const isSame = (one: Mask, other: Mask | undefined) =>
    one.name === other?.name && one.source === other.source && one.keep === other.keep
  return some.length === others.length && some.every((one, index) => isSame(one, others[index]))
}
