/**
 * Ungated stretches: from the start of a program that can run further commands out of the gate's sight (`escape`) until
 * its shell asks again. The recording has a marker at both ends, the audit log an event, and whoever looks at the live
 * session is told. Nothing is judged in there; this only says so.
 *
 * INVARIANT: a stretch is on record before its program starts. Where that fails the program does not start.
 */
import type { Recorder } from '../recording/recorder.ts'
import { visibleStart } from '../terminal/visible.ts'
import { recordEvent, type SessionContext } from './context.ts'

export interface Stretch {
  /** The text that was judged as an escape, made visible. */
  readonly program: string
  readonly since: Date
}

export interface UngatedParts {
  readonly context: SessionContext
  readonly recorder: Pick<Recorder, 'marker'>
  /** Called when the answer to `current` changes. */
  readonly onChange: () => void
}

const PROGRAM_LENGTH = 200
/** A fork bomb of editors is one stretch all the same. */
const MOST_OPEN = 64

export class Ungated {
  readonly #parts: UngatedParts
  /** By the process that asked for each; the last one begun is at the end. */
  readonly #open = new Map<number, Stretch>()

  constructor(parts: UngatedParts) {
    this.#parts = parts
  }

  /** What has the terminal now, out of the gate's sight; undefined where every step is asked for. */
  get current(): Stretch | undefined {
    return [...this.#open.values()].at(-1)
  }

  /** To be called before the program starts. `owner` is the process that starts it, and waits for it. */
  async begin(owner: number, text: string): Promise<void> {
    const { context, recorder } = this.#parts
    const stretch = { program: visibleStart(text, PROGRAM_LENGTH), since: context.services.clock.now() }
    await recordEvent(context, 'gate.left', { program: stretch.program })
    await recorder.marker(`ungated: ${stretch.program}`)
    this.#open.delete(owner)
    this.#open.set(owner, stretch)
    if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value!)
    this.#parts.onChange()
  }

  /** `owner` asks for its next step, so what it started is over; without one, a prompt says that everything is. */
  async end(owner?: number): Promise<void> {
    if (this.#open.size === 0) return
    const over = owner === undefined ? [...this.#open] : [...this.#open].filter(([pid]) => pid === owner)
    for (const [pid] of over) this.#open.delete(pid)
    for (const [, { program }] of over) {
      await recordEvent(this.#parts.context, 'gate.returned', { program })
      await this.#parts.recorder.marker(`ungated until here: ${program}`)
    }
    if (over.length > 0) this.#parts.onChange()
  }
}
