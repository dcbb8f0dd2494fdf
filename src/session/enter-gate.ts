/**
 * The gate for shells that cannot report their steps (dash, busybox, network gear). Keys go through, so that echo and
 * editing work; what would run a line (CR, LF, Ctrl-O) is withheld until the line has a verdict.
 *
 * Honest limits: the line is read from a terminal model when the echo has come to rest, so it is `inferred`: what stands
 * on a screen need not be what the target has in its buffer. The default policy holds every inferred line.
 *
 * INVARIANT: once a key was sent, nothing that could end its line (CR, LF, Ctrl-O, Ctrl-D) is sent before a verdict, even
 * where nothing can be read: an empty screen may mean that nothing was typed, or that it was cleared, or that there is no
 * echo. The exception is a full-screen program that a judged line started; one that typed keys seem to have started (an
 * echo may carry escape sequences) is not believed.
 */
import { redeem } from '../approval/clearance.ts'
import type { Analysis } from '../core/action.ts'
import type { Clock } from '../core/clock.ts'
import { MARK } from '../terminal/mask.ts'
import type { Screen } from '../terminal/screen.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { SessionContext } from './context.ts'

/**
 * Ctrl-D hands a line over as it stands where the terminal's driver edits it (termios, ICANON). A second one is the end
 * of the input, and dash then runs what it has.
 */
const END_KEY = 0x04
const ENTER_KEYS = new Set([0x0d, 0x0a, 0x0f, END_KEY])
/** What the reviewer reads where the screen shows nothing of what was typed. */
const UNREADABLE = '(what was typed cannot be read off the screen)'
const OPAQUE: Analysis = { commands: [], effects: ['opaque'], objects: [] }
const CTRL_C = Uint8Array.of(0x03)
/** How long the target's output must rest before the screen is believed; a longer echo makes a wrong, held line. */
const REST_MS = 60
const LONGEST_REST_MS = 2_000

export interface EnterGateParts {
  readonly context: SessionContext
  readonly checkpoint: Checkpoint
  readonly screen: Screen
  readonly clock: Clock
  readonly send: (bytes: Uint8Array) => Promise<void>
  /** Aborted when the session is over. */
  readonly closed: AbortSignal
}

export class EnterGate {
  readonly #parts: EnterGateParts
  /** Where the line being typed starts: the cursor's place at its first key. */
  #start: { readonly x: number; readonly y: number } | undefined
  /** Whether keys were sent at what may be a prompt, since the last line that was cleared. */
  #isTyping = true
  /** Whether the alternate screen came up by itself, after a cleared line. */
  #isProgram = false
  #lastOutputMs = 0

  constructor(parts: EnterGateParts) {
    this.#parts = parts
  }

  /** To be called for each piece of output, so that the gate knows when the echo has come to rest. */
  noticeOutput(): void {
    this.#lastOutputMs = this.#parts.clock.now().getTime()
  }

  /** Sends the bytes on, with each Enter in its turn; resolves when all are sent, judged or dropped. */
  async feed(bytes: Uint8Array): Promise<void> {
    let from = 0
    for (let at = 0; at < bytes.length; at++) {
      if (!ENTER_KEYS.has(bytes[at]!)) continue
      await this.#keys(bytes.subarray(from, at))
      await this.#enter(bytes.subarray(at, at + 1))
      from = at + 1
    }
    await this.#keys(bytes.subarray(from))
  }

  async #keys(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return
    await this.#look()
    if (!this.#isProgram) {
      this.#start ??= this.#parts.screen.cursor
      this.#isTyping = true
    }
    await this.#parts.send(bytes)
  }

  async #look(): Promise<void> {
    const { screen } = this.#parts
    await screen.settled()
    if (!screen.isAlternate) this.#isProgram = false
    else if (!this.#isTyping) this.#isProgram = true
  }

  async #enter(key: Uint8Array): Promise<void> {
    const { screen, checkpoint, context, closed } = this.#parts
    await this.#look()
    if (this.#isProgram || this.#start === undefined) return this.#parts.send(key)
    await this.#rest()
    await screen.settled()
    const shown = screen.lineFrom(this.#start).trim()
    this.#start = undefined
    // The screen is the masked one: what it hides cannot be judged.
    if (shown.includes(MARK)) {
      const why = 'a mask hides part of the line on the screen, so it cannot be read and judged.'
      await checkpoint.refuse({ kind: 'line', text: shown, assurance: 'inferred' }, why)
      return this.#parts.send(CTRL_C)
    }
    const text = shown === '' ? UNREADABLE : shown
    const draft = { kind: 'line', text, assurance: 'inferred' } as const
    const outcome = await checkpoint.pass(shown === '' ? { ...draft, analysis: OPAQUE } : draft, closed)
    if (outcome.kind === 'cleared') {
      this.#isTyping = false
      redeem(outcome.clearance, { session: context.record.id, text })
      if (outcome.hold !== undefined) await checkpoint.finished(outcome.hold, undefined)
      return this.#parts.send(key)
    }
    // Ctrl-C, not Ctrl-U and Enter: where a program does not know Ctrl-U, Enter would run the line after all.
    return this.#parts.send(CTRL_C)
  }

  #rest(): Promise<void> {
    const { clock, closed } = this.#parts
    const startedMs = clock.now().getTime()
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      const nowMs = clock.now().getTime()
      const isAtRest = nowMs - Math.max(this.#lastOutputMs, startedMs) >= REST_MS
      if (closed.aborted || isAtRest || nowMs - startedMs >= LONGEST_REST_MS) resolve()
      else clock.after(REST_MS, look)
    }
    clock.after(REST_MS, look)
    return promise
  }
}
