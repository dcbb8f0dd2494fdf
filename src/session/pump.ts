/**
 * The way out: whatever a person gets to see of a session passes through here, in one order.
 *
 * INVARIANT: nothing is shown before it is stored. When storing fails, nothing is shown any more.
 */
import type { Recorder } from '../recording/recorder.ts'
import type { Screen } from '../terminal/screen.ts'
import type { ClientChannel, StreamName } from './channel.ts'

export class Pump {
  readonly #recorder: Recorder
  readonly #client: ClientChannel
  readonly #screen: Screen | undefined
  #shown: Promise<void> = Promise.resolve()

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
}
