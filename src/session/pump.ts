/**
 * The way out: whatever a person gets to see of a session passes through here, in one order. Over it a line of ours may
 * stand for a while (the overlay): it is taken away before each piece, drawn again after it, recorded as everything is,
 * and unknown to the screen model.
 *
 * INVARIANT: nothing is shown before it is stored. When storing fails, nothing is shown any more.
 */
import type { Recorder } from '../recording/recorder.ts'
import type { Screen } from '../terminal/screen.ts'
import { cutToWidth } from '../terminal/width.ts'
import type { ClientChannel, StreamName } from './channel.ts'

/** Makes the overlay's text for `room` cells: SGR sequences and text, which `cut` fits into them. */
export type Compose = (room: number, cut: (text: string) => string) => string

export class Pump {
  readonly #recorder: Recorder
  readonly #client: ClientChannel
  readonly #screen: Screen | undefined
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
  }) {
    this.#recorder = parts.recorder
    this.#client = parts.client
    this.#screen = parts.screen
  }

  /** Stores the bytes, then shows them. Resolves when the client's window has taken them; rejects when either failed. */
  show(bytes: Uint8Array, stream: StreamName): Promise<void> {
    if (this.#compose !== undefined || this.#queued > 0) return this.#inTurn(() => this.#under(bytes, stream))
    const stored = this.#recorder.output(bytes)
    // The screen is only looked at; that it keeps up is waited for so that what it has yet to draw stays bounded.
    const drawn = this.#screen?.feed(bytes)
    const shown = Promise.all([this.#shown, stored, drawn]).then(() => this.#client.write(bytes, stream))
    // A later piece must not be shown after an earlier one failed, so the failure stays in the chain; it is reported
    // to each caller, and here only kept from being reported to nobody.
    this.#shown = shown
    shown.catch(() => {})
    return shown
  }

  /** Pulls one of the target's streams dry, each piece shown before the next is asked for. */
  async drain(source: AsyncIterable<Uint8Array>, stream: StreamName): Promise<void> {
    for await (const bytes of source) await this.show(bytes, stream)
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
  async #under(bytes: Uint8Array, stream: StreamName): Promise<Uint8Array> {
    const erase = await this.#withoutOverlay()
    const fed = this.#screen?.feed(bytes)
    if (stream === 'stdout') await this.#emit(Buffer.concat([erase, bytes]), stream)
    else {
      await this.#emit(erase, 'stdout')
      await this.#emit(bytes, stream)
    }
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
