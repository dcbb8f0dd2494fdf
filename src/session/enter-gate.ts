/**
 * The gate for shells that cannot report their steps (dash, busybox, network gear). Keys go through, so that echo and
 * editing work; what would run a line is withheld until the line has a verdict.
 *
 * Honest limits: the line is read from a terminal model when the echo has come to rest, so it is `inferred`: what stands
 * on a screen need not be what the target has in its buffer. Where the two can be compared and differ, where the line
 * cannot be found or does not show, it is `opaque` too. The default policy holds every inferred line. A full-screen
 * program that a judged line started as an escape gets its keys until it leaves the alternate screen; the alternate
 * screen alone, which any output can ask for, opens nothing.
 */
import { redeem } from '../approval/clearance.ts'
import type { Analysis, Effect } from '../core/action.ts'
import type { Clock } from '../core/clock.ts'
import { betweenSteps } from '../shell/between-steps.ts'
import { MARK } from '../terminal/mask.ts'
import type { Mark, Screen } from '../terminal/screen.ts'
import { AcceptingKeys } from './accepting-keys.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { SessionContext } from './context.ts'
import { asksForPassword, readLine, type ScreenLine, sameReading } from './screen-line.ts'

const CTRL_C = 0x03
/** How long the target's output must rest before the screen is believed; a longer echo makes a wrong, held line. */
const REST_MS = 60
const LONGEST_REST_MS = 2_000
const TYPED_LIMIT_BYTES = 64 * 1024
/** sudo(8) asks three times. */
const PASSWORDS_FOR_A_LINE = 3
/** A line that changes each time it was judged is not judged for ever. */
const TRIES = 3
/** What stands for keys that do not show: they may be a password, which nobody else must read. */
const HIDDEN = '(keys that do not show on the screen)'

export interface EnterGateParts {
  readonly context: SessionContext
  readonly checkpoint: Checkpoint
  readonly screen: Screen
  readonly clock: Clock
  readonly send: (bytes: Uint8Array) => Promise<void>
  /** Keeps what comes after an Enter for its turn. */
  readonly putBack: (bytes: Uint8Array) => void
  /** Aborted when the session is over. */
  readonly closed: AbortSignal
}

export class EnterGate {
  readonly #parts: EnterGateParts
  readonly #accepting = new AcceptingKeys()
  /** Where the line being typed starts: the cursor's place at its first key. */
  #start: Mark | undefined
  /** What was sent since then. */
  #typed: number[] = []
  /** Reports whether the target may still be at what was sent last: an Enter, or Ctrl-C. */
  #isUnsettled = false
  /** The lines of a command that is not complete yet. */
  #before = ''
  /** What stood before the first of them. */
  #prompt = ''
  /** What the last line that ran can do. */
  #running: Analysis | undefined
  #passwords = 0
  #wasAlternate = false
  #lastOutputMs = 0

  constructor(parts: EnterGateParts) {
    this.#parts = parts
  }

  /** To be called for each piece of output, so that the gate knows when the echo has come to rest. */
  noticeOutput(): void {
    this.#lastOutputMs = this.#parts.clock.now().getTime()
  }

  /** Sends the bytes on up to the first Enter, judges that, and puts the rest back, to come again in its turn. */
  async feed(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at++) {
      const isCtrlC = bytes[at] === CTRL_C
      const accepts = this.#accepting.next(bytes[at]!)
      if (!isCtrlC && accepts === 'no') continue
      await this.#keys(bytes.subarray(0, at))
      this.#parts.putBack(bytes.subarray(at + 1))
      const key = bytes.subarray(at, at + 1)
      return isCtrlC ? this.#interrupt(key) : this.#enter(key, accepts === 'edits')
    }
    await this.#keys(bytes)
  }

  async #keys(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return
    await this.#settle()
    this.#start ??= this.#parts.screen.mark()
    if (this.#typed.length < TYPED_LIMIT_BYTES) this.#typed.push(...bytes)
    await this.#parts.send(bytes)
  }

  /** Waits until what was sent last has had its effect, so that the next line starts where the target's next line does. */
  async #settle(): Promise<void> {
    const { screen } = this.#parts
    if (this.#isUnsettled) await this.#rest()
    this.#isUnsettled = false
    await screen.settled()
    if (this.#isGivenUp()) {
      this.#forget()
      this.#before = ''
    }
    if (this.#wasAlternate && !screen.isAlternate) await this.#leaveProgram()
    this.#wasAlternate = screen.isAlternate
  }

  /**
   * Reports whether Ctrl-C took away what was typed: the prompt stands there again, on another row. Where it does not, the
   * line may well stand in the target's buffer still (`stty -isig`), and other output moved the cursor.
   */
  #isGivenUp(): boolean {
    const { screen } = this.#parts
    if (this.#typed.at(-1) !== CTRL_C || this.#start === undefined || screen.cursor.y <= this.#start.y) return false
    if (this.#before === '' && this.#typed.every((byte) => byte === CTRL_C)) return true
    return this.#standsAt(this.#before === '' ? this.#start.prompt : this.#prompt)
  }

  /** The last keys were the program's, where they do not stand behind the prompt that is there again. */
  async #leaveProgram(): Promise<void> {
    const wasProgram = this.#running?.effects.includes('escape')
    this.#running = undefined
    await this.#rest()
    await this.#parts.screen.settled()
    if (wasProgram && this.#standsAt(this.#prompt)) this.#forget()
  }

  #standsAt(prompt: string): boolean {
    return prompt.trim() !== '' && this.#parts.screen.cursorLine().text === prompt.trimEnd()
  }

  async #interrupt(key: Uint8Array): Promise<void> {
    await this.#keys(key)
    this.#isUnsettled = true
  }

  async #enter(key: Uint8Array, editsFirst: boolean): Promise<void> {
    const { screen } = this.#parts
    this.#isUnsettled = true
    await this.#settle()
    if (screen.isAlternate && this.#running?.effects.includes('escape')) {
      this.#forget()
      this.#isUnsettled = true
      return this.#parts.send(key)
    }
    for (let tries = 0; tries < TRIES; tries++) {
      const seen = await this.#read()
      if (seen.kind === 'empty') return this.#release(key, this.#running)
      if (seen.kind === 'hidden' && this.#isPassword(seen)) {
        this.#passwords++
        return this.#release(key, this.#running)
      }
      // The screen is the masked one: what it hides cannot be judged.
      if (seen.text.includes(MARK)) {
        const why = 'a mask hides part of the line on the screen, so it cannot be read and judged.'
        await this.#parts.checkpoint.refuse({ kind: 'line', text: seen.text, assurance: 'inferred' }, why)
        return this.#interrupt(Uint8Array.of(CTRL_C))
      }
      const judged = await this.#judge(seen, editsFirst)
      if (judged === undefined) return this.#interrupt(Uint8Array.of(CTRL_C))
      // What was approved runs; where something else stands there by now, that is asked anew.
      if (!sameReading(seen, await this.#read())) continue
      judged.use()
      this.#passwords = 0
      return this.#release(key, judged.analysis, judged.text)
    }
    return this.#interrupt(Uint8Array.of(CTRL_C))
  }

  async #judge(seen: ScreenLine, editsFirst: boolean) {
    const { checkpoint, context, closed } = this.#parts
    const line = seen.kind === 'hidden' ? HIDDEN : seen.text
    const text = this.#before === '' ? line : `${this.#before}\n${line}`
    const known = context.services.analyse(text)
    const more: readonly Effect[] = [
      ...(seen.isSure ? [] : (['opaque'] as const)),
      ...(editsFirst ? (['escape', 'opaque'] as const) : []),
    ]
    const analysis = { ...known, effects: [...new Set([...known.effects, ...more])] }
    const outcome = await checkpoint.pass({ kind: 'line', text, assurance: 'inferred', analysis }, closed)
    if (outcome.kind !== 'cleared') return undefined
    if (outcome.hold !== undefined) await checkpoint.finished(outcome.hold, undefined)
    return { text, analysis, use: () => redeem(outcome.clearance, { session: context.record.id, text }) }
  }

  async #release(key: Uint8Array, running: Analysis | undefined, text = ''): Promise<void> {
    const { analyse } = this.#parts.context.services
    this.#running = running
    if (this.#before === '') this.#prompt = this.#start?.prompt ?? ''
    this.#before = text !== '' && betweenSteps(text, analyse).kind === 'incomplete' ? text : ''
    this.#forget()
    this.#isUnsettled = true
    await this.#parts.send(key)
  }

  /** Reads the line when the screen has come to rest; where typing has yet to be echoed, that is waited for. */
  async #read(): Promise<ScreenLine> {
    const { screen, clock, closed } = this.#parts
    const startedMs = clock.now().getTime()
    for (;;) {
      await screen.settled()
      const seen = readLine(screen, this.#start, this.#typed)
      const isLate = clock.now().getTime() - startedMs >= LONGEST_REST_MS
      if (seen.isSure || seen.isHopeless || isLate || closed.aborted) return seen
      await this.#rest()
    }
  }

  #isPassword(seen: ScreenLine): boolean {
    if (this.#passwords >= PASSWORDS_FOR_A_LINE || this.#running === undefined) return false
    return asksForPassword(seen.prompt, this.#running)
  }

  #forget(): void {
    this.#start?.release()
    this.#start = undefined
    this.#typed = []
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
