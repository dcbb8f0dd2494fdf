/**
 * What a person enters in a program that has the terminal out of the gate's sight (psql, python, an ungated shell): each
 * line is read off the screen as Enter is pressed, and recorded before Enter goes on. It is evidence and no gate: nothing
 * is judged or held, and what the program makes of it is not known.
 *
 * Only what the screen shows is recorded, never what was typed: a line that does not show may be a password. Full-screen
 * programs have no lines; the recording has their screen.
 */
import type { Clock } from '../core/clock.ts'
import { messageFor } from '../core/errors.ts'
import type { Mark, Screen } from '../terminal/screen.ts'
import { visibleStart } from '../terminal/visible.ts'
import { recordEvent, type SessionContext } from './context.ts'
import { PasteReader } from './paste.ts'
import { readLine, type ScreenLine } from './screen-line.ts'
import type { Live } from './session.ts'
import type { Ungated } from './ungated.ts'

const CTRL_C = 0x03
/** An echo that is not there so long after the last output does not come. */
const REST_MS = 60
const LONGEST_MS = 250
const TYPED_LIMIT_BYTES = 4096
const TEXT_LENGTH = 4096

export interface ProgramLinesParts {
  readonly context: SessionContext
  readonly ungated: Pick<Ungated, 'current'>
  readonly screen: Screen
  readonly clock: Clock
  readonly send: (bytes: Uint8Array) => Promise<void>
  /** Called when a line could not be recorded, so it was not entered: the session has to end. */
  readonly onUnrecorded: (reason: string) => void
}

/** Watches what is entered in this session's ungated stretches; undefined where there is no terminal. */
export function watchProgram(
  { context, ungated, screen, end }: Live,
  send: ProgramLinesParts['send'],
): ProgramLines | undefined {
  if (screen === undefined) return undefined
  return new ProgramLines({ context, ungated, screen, clock: context.services.clock, send, onUnrecorded: end })
}

export class ProgramLines {
  readonly #parts: ProgramLinesParts
  readonly #pastes = new PasteReader()
  /** Where the line being typed starts: the cursor's place at its first key. */
  #start: Mark | undefined
  #typed: number[] = []
  #wake = () => {}

  constructor(parts: ProgramLinesParts) {
    this.#parts = parts
  }

  /** To be called after each piece of output was shown. */
  noticeShown(): void {
    this.#wake()
  }

  /** Sends the bytes on up to the first Enter, that one too; resolves to the rest, which may belong to somebody else. */
  async feed(bytes: Uint8Array): Promise<Uint8Array> {
    await this.#parts.screen.settled()
    const enter = this.#pastes.findEnter(bytes, this.#parts.screen.isBracketingPaste)
    const keys = enter === -1 ? bytes : bytes.subarray(0, enter)
    if (keys.length > 0) await this.#keys(keys)
    if (enter === -1) return new Uint8Array()
    try {
      await this.#record()
    } catch (error) {
      this.#parts.onUnrecorded(messageFor(error))
      return new Uint8Array()
    }
    this.#forget()
    await this.#parts.send(bytes.subarray(enter, enter + 1))
    return bytes.subarray(enter + 1)
  }

  async #keys(keys: Uint8Array): Promise<void> {
    this.#start ??= this.#parts.screen.mark()
    const room = TYPED_LIMIT_BYTES - this.#typed.length
    this.#typed.push(...keys.subarray(0, room))
    await this.#parts.send(keys)
    if (keys.includes(CTRL_C)) this.#forget()
  }

  async #record(): Promise<void> {
    const { context, ungated, screen } = this.#parts
    const program = ungated.current?.program
    if (program === undefined || screen.isAlternate) return
    const line = await this.#read()
    if (line.kind === 'empty' || screen.isAlternate) return
    await recordEvent(context, 'line.entered', {
      program,
      text: line.kind === 'hidden' ? null : visibleStart(line.text, TEXT_LENGTH),
      assurance: 'inferred',
      isAsTyped: line.isSure,
    })
  }

  /** Reads the line; where typing has yet to be echoed, that is waited for, for a moment. */
  async #read(): Promise<ScreenLine> {
    const { screen, clock } = this.#parts
    const deadlineMs = clock.now().getTime() + LONGEST_MS
    for (;;) {
      await screen.settled()
      const line = readLine(screen, this.#start, this.#typed)
      if (line.isSure || line.isHopeless || clock.now().getTime() >= deadlineMs) return line
      if (!(await this.#moreIsShown())) return line
    }
  }

  async #moreIsShown(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const stopTimer = this.#parts.clock.after(REST_MS, () => resolve(false))
    this.#wake = () => resolve(true)
    const isMore = await promise
    this.#wake = () => {}
    stopTimer()
    return isMore
  }

  #forget(): void {
    this.#start?.release()
    this.#start = undefined
    this.#typed = []
  }
}
