/**
 * The prompt that `r` opens while a command is held, to say why it is asked, and `b`, where its requester may break the glass,
 * to say why it cannot wait: in the status line, or, where the terminal has none, in a printed line. Both count only as the
 * first key since the hold began; later they are text typed ahead. What follows `b` is proved in a browser, by a person: the
 * terminal tells where.
 *
 * A hold may be decided in the middle of a word. The rest of what is being typed then is for nobody, above all not for the
 * shell: keys are dropped up to Enter, Esc or Ctrl-C, or a pause.
 */
import type { Waiting } from '../approval/desk.ts'
import type { Clock } from '../core/clock.ts'
import { messageFor } from '../core/errors.ts'
import { visible } from '../terminal/visible.ts'
import { cellWidth } from '../terminal/width.ts'
import type { HeldStatus } from './held-status.ts'
import { ReasonEditor } from './reason-editor.ts'
import type { Asked } from './status-line.ts'

const KEYS: ReadonlyMap<number, Asked> = new Map([
  [0x72, 'reason'],
  [0x62, 'glass'],
])
/** How long an Esc waits for the rest of a sequence; terminals send one at once. */
const ESCAPE_MS = 50
const PAUSE_MS = 1000
const BELL = '\u0007'

export interface ReasonPromptParts {
  readonly clock: Clock
  readonly status?: HeldStatus | undefined
  /** What the status line speaks of; undefined when nothing waits. */
  readonly waiting: () => Waiting | undefined
  readonly explain: (waiting: Waiting, text: string) => Promise<void>
  /** Where the glass is broken; undefined where the requester may not. */
  readonly glassPage: (waiting: Waiting) => string | undefined
  /** Shows text of ours as it is. */
  readonly show: (text: string) => void
}

interface Open {
  readonly waiting: Waiting
  readonly editor: ReasonEditor
  readonly asked: Asked
  readonly isPrinted: boolean
  shown: string
}

export class ReasonPrompt {
  readonly #parts: ReasonPromptParts
  #open: Open | undefined
  #droppingUntilMs = 0
  #stopEscape = () => {}

  constructor(parts: ReasonPromptParts) {
    this.#parts = parts
  }

  /** Reports whether keys may be its own although nothing waits any more. */
  get isTaking(): boolean {
    return this.#open !== undefined || this.#now() < this.#droppingUntilMs
  }

  /** Returns whether the byte was for the prompt. `isFirst`: nothing else was typed since the hold began. */
  take(byte: number, isFirst: boolean): boolean {
    const waiting = this.#parts.waiting()
    if (this.#open !== undefined && this.#open.waiting !== waiting) this.#cutShort()
    const open = this.#open
    if (open !== undefined) {
      this.#edit(open, byte)
      return true
    }
    if (this.#now() < this.#droppingUntilMs) {
      const isOver = byte === 0x0d || byte === 0x0a || byte === 0x03 || byte === 0x1b
      this.#droppingUntilMs = isOver ? 0 : this.#now() + PAUSE_MS
      return true
    }
    const asked = KEYS.get(byte)
    if (asked === undefined || !isFirst || waiting === undefined) return false
    if (asked === 'glass' && this.#parts.glassPage(waiting) === undefined) return false
    const isPrinted = this.#parts.status?.isShown !== true
    this.#open = { waiting, editor: new ReasonEditor(), asked, isPrinted, shown: '' }
    if (isPrinted) this.#parts.show(asked === 'glass' ? '  break the glass, because: ' : '  why: ')
    else this.#parts.status?.prompt('', asked)
    return true
  }

  /** To be called when what waits changes. */
  noticeWaiting(): void {
    if (this.#open !== undefined && this.#open.waiting !== this.#parts.waiting()) this.#cutShort()
  }

  #edit(open: Open, byte: number): void {
    this.#stopEscape()
    const edited = open.editor.next(byte)
    if (edited === 'changed') this.#draw(open)
    else if (edited === 'refused') this.#parts.show(BELL)
    else if (edited === 'escape') {
      this.#stopEscape = this.#parts.clock.after(ESCAPE_MS, () => {
        if (this.#open === open && open.editor.settle()) this.#close(open)
      })
    } else if (edited === 'send' || edited === 'leave') {
      this.#close(open)
      if (edited === 'send' && open.editor.text.trim() !== '') void this.#send(open)
    }
  }

  async #send(open: Open): Promise<void> {
    const { explain, glassPage, show, status } = this.#parts
    const page = open.asked === 'glass' ? glassPage(open.waiting) : undefined
    let word = page === undefined ? 'your reason was added' : `open ${page}`
    try {
      await explain(open.waiting, open.editor.text)
    } catch (error) {
      word = `not added: ${messageFor(error)}`
    }
    if (open.isPrinted) show(`  ${visible(word)}\r\n`)
    else status?.say(open.waiting.hold, word)
  }

  #draw(open: Open): void {
    const text = visible(open.editor.text)
    if (!open.isPrinted) {
      this.#parts.status?.prompt(text, open.asked)
      return
    }
    let same = 0
    while (same < text.length && text[same] === open.shown[same]) same++
    const gone = cellWidth(open.shown.slice(same))
    this.#parts.show(`${'\b \b'.repeat(gone)}${text.slice(same)}`)
    open.shown = text
  }

  #close(open: Open): void {
    this.#stopEscape()
    this.#open = undefined
    if (open.isPrinted) this.#parts.show('\r\n')
    else this.#parts.status?.prompt(undefined)
  }

  #cutShort(): void {
    if (this.#open !== undefined) this.#close(this.#open)
    this.#droppingUntilMs = this.#now() + PAUSE_MS
  }

  #now(): number {
    return this.#parts.clock.now().getTime()
  }
}
