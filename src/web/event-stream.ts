/**
 * One browser's server-sent events (HTML Living Standard §9.2), from a bounded queue. Who reads too slowly loses the
 * events that did not fit and is told `sync` in their place: ask for everything again. So nothing is missed for good,
 * and a stalled browser holds a fixed amount of memory.
 *
 * Each event has the id of the newest change that it tells of (past-changes.ts). Browsers send the last one back when they
 * lost the stream, and are told what they missed.
 */
export interface StreamedEvent {
  readonly id: string
  /** `sync`: ask for everything again · `replaced`: this stream is closed in favour of a newer one of the same browser. */
  readonly name: 'hold' | 'sessions' | 'grants' | 'debts' | 'proposals' | 'sync' | 'replaced'
  readonly data: unknown
}

const QUEUE_LIMIT = 100
const encoder = new TextEncoder()

export class EventStream {
  readonly body: ReadableStream<Uint8Array>
  #queue: StreamedEvent[] = []
  /** The id that the browser has seen everything up to, where a beat is due. */
  #beat: string | undefined
  #isEnded = false
  #wake: () => void = () => {}
  readonly #onClosed: () => void

  /** `onClosed` is called once, whichever side closes it. */
  constructor(onClosed: () => void) {
    this.#onClosed = onClosed
    this.body = new ReadableStream(
      {
        pull: async (controller) => {
          while (this.#queue.length === 0 && this.#beat === undefined && !this.#isEnded) {
            await new Promise<void>((resolve) => {
              this.#wake = resolve
            })
          }
          const text = this.#take()
          if (text !== '') controller.enqueue(encoder.encode(text))
          else controller.close()
        },
        cancel: () => this.end(),
      },
      { highWaterMark: 1 },
    )
  }

  send(event: StreamedEvent): void {
    if (this.#isEnded) return
    this.#queue =
      this.#queue.length < QUEUE_LIMIT ? [...this.#queue, event] : [{ id: event.id, name: 'sync', data: null }]
    this.#wake()
  }

  /**
   * A comment, which browsers ignore: it keeps middleboxes from closing the stream, and finds out that nobody reads. The id
   * beside it they keep, so that who was told nothing for hours does not seem to have been away.
   */
  beat(id: string): void {
    this.#beat = id
    this.#wake()
  }

  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#wake()
    this.#onClosed()
  }

  /** Returns all that is due, or nothing when the stream is at its end. */
  #take(): string {
    const events = this.#queue
    const beat = this.#beat !== undefined && events.length === 0 ? `: beat\nid: ${this.#beat}\n\n` : ''
    this.#queue = []
    this.#beat = undefined
    return events.map(format).join('') + beat
  }
}

/** JSON has no line break outside its strings, and escapes those within them: one `data` line is enough. */
function format({ id, name, data }: StreamedEvent): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
