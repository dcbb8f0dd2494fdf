/**
 * Reads the line that Enter would run off the screen model, and compares it with what was typed. What was typed is only
 * ever compared: it may be a password, and is part of no text that others read.
 */
import type { Analysis } from '../core/action.ts'
import type { Mark, Screen } from '../terminal/screen.ts'

export interface ScreenLine {
  /** `empty`: nothing was typed and nothing stands there · `hidden`: something was typed that does not show. */
  readonly kind: 'empty' | 'hidden' | 'text'
  readonly text: string
  /** What stands before it. */
  readonly prompt: string
  /** Reports whether the screen shows what was typed; or, where that cannot be told, a line behind a prompt. */
  readonly isSure: boolean
  /** Reports whether waiting for more output cannot help. */
  readonly isHopeless: boolean
}

const CTRL_C = 0x03
const PROMPT_END = /[$#>%:)\]]\s*$/
const ASKING = /\b(?:pass(?:word|phrase|code)|pin)\b/i
const ASKERS = new Set(['sudo', 'su', 'doas', 'passwd', 'ssh', 'scp', 'sftp', 'psql', 'mysql', 'kinit', 'gpg'])

export function readLine(screen: Screen, start: Mark | undefined, typed: readonly number[]): ScreenLine {
  const plain = plainText(typed)
  const row = screen.cursorLine()
  const prompt = start?.prompt ?? row.text
  if (typed.length === 0) return { kind: 'empty', text: '', prompt, isSure: true, isHopeless: true }
  let text = row.text
  let isFound = true
  if (start !== undefined && start.y >= row.firstY && start.y <= row.lastY) text = screen.lineFrom(start)
  else if (start !== undefined && start.prompt.trim() !== '' && row.text.startsWith(start.prompt.trimEnd()))
    text = row.text.slice(start.prompt.length)
  else isFound = false
  text = text.trim()
  if (text === '') {
    const isNothing = plain?.trim() === ''
    return { kind: isNothing ? 'empty' : 'hidden', text, prompt, isSure: isNothing, isHopeless: isNothing }
  }
  // A line that Ctrl-C did not take away may stand in the target's buffer before what the screen shows.
  const isBelievable = isFound && !screen.isAlternate && !typed.includes(CTRL_C)
  const isSure = isBelievable && (plain === undefined ? PROMPT_END.test(prompt) : text === plain.trim())
  return { kind: 'text', text, prompt, isSure, isHopeless: plain === undefined || screen.isAlternate }
}

export function sameReading(a: ScreenLine, b: ScreenLine): boolean {
  return a.kind === b.kind && a.text === b.text && (b.isSure || !a.isSure)
}

/** Reports whether a prompt is that of a program which is known to ask for a password, started by the last line. */
export function asksForPassword(prompt: string, running: Analysis): boolean {
  return ASKING.test(prompt) && running.commands.some(({ name }) => name !== undefined && ASKERS.has(name))
}

/** What was typed, where it was nothing but characters that stand for themselves. */
function plainText(typed: readonly number[]): string | undefined {
  if (typed.some((byte) => byte < 0x20 || byte === 0x7f)) return undefined
  return new TextDecoder().decode(Uint8Array.from(typed))
}
