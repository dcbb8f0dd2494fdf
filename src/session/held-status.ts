/**
 * Keeps the status line of what is held up to date: who is asked, the time left, what was typed ahead; once a second,
 * and at each change. When an approval comes it says so for a moment, over the command that already runs.
 */
import type { Clock } from '../core/clock.ts'
import type { Hold } from '../core/hold.ts'
import type { HeldWays } from './notice.ts'
import type { Pump } from './pump.ts'
import { type Asked, promptText, statusText } from './status-line.ts'

const TICK_MS = 1000
/** How long the word of an approval stays, unless something is typed before. */
const LINGER_MS = 2000
const YELLOW = '\u001b[33m'
const GREEN = '\u001b[32m'
const PLAIN = '\u001b[0m'

export interface HeldStatusParts {
  readonly clock: Clock
  readonly pump: Pump
  /** Names of the reviewers of this hold who have a page open now. */
  readonly online: (hold: Hold) => readonly string[]
}

export class HeldStatus {
  readonly #parts: HeldStatusParts
  readonly #holds = new Map<Hold, HeldWays>()
  #typedAhead = 0
  #isShown = false
  /** What is being typed as a reason; undefined while nothing is. */
  #prompt: { readonly text: string; readonly asked: Asked } | undefined
  /** A word of ours on each hold. */
  readonly #words = new Map<Hold, string>()
  #stop = () => {}

  constructor(parts: HeldStatusParts) {
    this.#parts = parts
  }

  /** Resolves to whether the person has been shown it; false where their terminal has no place for it now. */
  async add(hold: Hold, ways: HeldWays): Promise<boolean> {
    this.#holds.set(hold, ways)
    this.#tick()
    this.#isShown = await this.#parts.pump.overlay(this.#compose())
    return this.#isShown
  }

  /** Resolves when the line is gone, or speaks of another hold that waits. */
  async remove(hold: Hold): Promise<void> {
    this.#holds.delete(hold)
    this.#words.delete(hold)
    if (this.#holds.size > 0) return void (await this.#parts.pump.overlay(this.#compose()))
    this.clear()
    this.#isShown = false
    this.#typedAhead = 0
    await this.#parts.pump.overlay(undefined)
  }

  /** Shows a sentence for a moment in place of the line; `notice` is our own text, made visible. */
  async linger(notice: string): Promise<void> {
    if (this.#holds.size > 0) return
    this.#stop()
    this.#stop = this.#parts.clock.after(LINGER_MS, () => this.settle())
    await this.#parts.pump.overlay((_room, cut) => `${GREEN}${cut(notice)}${PLAIN}`)
  }

  /** Takes away what lingers; to be called when something is typed. */
  settle(): void {
    if (this.#holds.size > 0) return
    this.clear()
    void this.#parts.pump.overlay(undefined).catch(() => {})
  }

  /** The terminal has another size: draws the line anew. */
  redraw(): void {
    void this.#parts.pump.redrawOverlay().catch(() => {})
  }

  /** Reports whether the person sees the line; false where a notice was printed. */
  get isShown(): boolean {
    return this.#isShown
  }

  noteTypedAhead(bytes: number): void {
    this.#typedAhead = bytes
    this.#renew()
  }

  /** Shows what is being typed as a reason in place of the line; undefined: no more. The text is made visible. */
  prompt(text: string | undefined, asked: Asked = 'reason'): void {
    this.#prompt = text === undefined ? undefined : { text, asked }
    this.#renew()
  }

  /** Adds a word of ours to the line of this hold. */
  say(hold: Hold, word: string): void {
    if (!this.#holds.has(hold)) return
    this.#words.set(hold, word)
    this.#renew()
  }

  #renew(): void {
    if (this.#holds.size > 0) void this.#parts.pump.overlay(this.#compose()).catch(() => {})
  }

  /** No more ticks; what is shown stays to whoever ends the session. */
  clear(): void {
    this.#stop()
    this.#stop = () => {}
  }

  #tick(): void {
    this.#stop()
    this.#stop = this.#parts.clock.after(TICK_MS, () => {
      if (this.#holds.size === 0) return
      this.#tick()
      void this.#parts.pump.overlay(this.#compose()).catch(() => {})
    })
  }

  #compose() {
    return (room: number) => {
      const [first] = this.#holds
      if (first === undefined) return ''
      const [hold, ways] = first
      if (this.#prompt !== undefined)
        return `${YELLOW}${promptText(this.#prompt.text, room, this.#prompt.asked)}${PLAIN}`
      const nowMs = this.#parts.clock.now().getTime()
      const facts = {
        hold,
        ways,
        others: this.#holds.size - 1,
        online: this.#parts.online(hold),
        nowMs,
        typedAhead: this.#typedAhead,
        word: this.#words.get(hold),
      }
      return `${YELLOW}${statusText(facts, room)}${PLAIN}`
    }
  }
}
