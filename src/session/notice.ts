/**
 * Our own words in a person's terminal. The rules: say what happened, why, and what to do next; at most 80 columns where
 * the text is ours; every text from a person or a target made visible, so that it cannot paint; colour only where the
 * terminal has it, and never the only carrier of meaning. Notices are recorded like everything that is shown.
 */
import type { Refusal } from '../approval/desk.ts'
import type { Grant } from '../core/grant.ts'
import type { Explanation, Hold } from '../core/hold.ts'
import type { RuleRef } from '../core/verdict.ts'
import { visibleStart } from '../terminal/visible.ts'

export interface NoticeStyle {
  /** A terminal in raw mode needs CR LF; a pipe only LF. */
  readonly newline: '\r\n' | '\n'
  readonly hasColour: boolean
}

/** Reports whether a terminal type can be trusted with SGR (ECMA-48 8.3.117) sequences. */
export function hasColour(term: string | undefined): boolean {
  return term !== undefined && term !== '' && term !== 'dumb' && !term.startsWith('vt5')
}

const BOLD = '1'
const YELLOW = '33'
const GREEN = '32'
const RED = '31'
const DIM = '2'
const TEXT_LENGTH = 200

/** How the requester may break the glass: the address where, if they may at all, and whether keys of ours are heard. */
export interface HeldWays {
  readonly hasKeys: boolean
  readonly glassPage?: string | undefined
}

/** Keys of ours are heard where a shell waits; a command of its own, and a shell that is not open yet, have none. */
export function hasKeys({ action }: Hold): boolean {
  return action.kind === 'step' || action.kind === 'line'
}

export function heldNotice(hold: Hold, style: NoticeStyle, { hasKeys, glassPage }: HeldWays): string {
  const { action, because, quorum } = hold
  const who = visibleStart(quorum.reviewers.join(' or '), TEXT_LENGTH)
  const people = quorum.count === 1 ? `one of ${who}` : `${quorum.count} of ${who}`
  return lines(style, [
    paint(style, YELLOW, `■ held: ${visibleStart(action.text, TEXT_LENGTH)}`),
    `  why    ${action.effects.join(', ') || 'the rule says so'} · ${ruleText(because)}`,
    ...(hold.message === undefined ? [] : [`         ${visibleStart(hold.message, TEXT_LENGTH)}`]),
    `  asked  ${people} · waits ${duration(hold.expiresAt.getTime() - hold.createdAt.getTime())} · request ${hold.id}`,
    paint(style, DIM, `  Ctrl-C takes the request back${hasKeys ? '; r adds a reason' : ''}.`),
    ...(glassPage === undefined
      ? []
      : [
          paint(
            style,
            DIM,
            `  If it cannot wait: ${hasKeys ? 'b breaks the glass.' : `break the glass at ${glassPage}`}`,
          ),
        ]),
  ])
}

/** Who approved it, on one line. */
export function approvedText(hold: Hold): string {
  const broken = hold.decisions.find(({ kind }) => kind === 'break-glass')
  if (broken !== undefined) return brokenText(hold, broken.at)
  const names = hold.decisions
    .filter((decision) => decision.kind === 'approve')
    .map((decision) => visibleStart(decision.by.name, 60))
  const last = hold.decisions.at(-1)
  const took = last === undefined ? '' : ` after ${duration(last.at.getTime() - hold.createdAt.getTime())}`
  return `✓ approved by ${names.join(', ')}${took}`
}

function brokenText({ quorum }: Hold, at: Date): string {
  const who = visibleStart(quorum.glass?.reviewers.join(' or ') ?? 'somebody else', 100)
  const due = new Date(at.getTime() + (quorum.glass?.withinMs ?? 0))
  return `! you broke the glass; ${who} has to look at it until ${due.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** `grant`: the one that was given with the approval. */
export function approvedNotice(hold: Hold, style: NoticeStyle, grant?: Grant): string {
  return lines(style, [
    paint(style, GREEN, approvedText(hold)),
    ...(grant === undefined
      ? []
      : [
          `  The same command ${grant.scope === 'session' ? 'in this session' : `on ${visibleStart(grant.target, 60)}`} is not held again until ${timeText(grant.until)} (${grant.id}).`,
        ]),
  ])
}

/** What a reviewer asks while a command waits. */
export function questionNotice({ text, askedBy }: Explanation, hold: Hold, style: NoticeStyle): string {
  const how = hasKeys(hold) ? 'r answers' : 'answer on the page of the request'
  return lines(style, [
    paint(style, YELLOW, `? ${visibleStart(askedBy?.name ?? 'a reviewer', 60)} asks: ${visibleStart(text, 500)}`),
    paint(style, DIM, `  ${how}; request ${hold.id} goes on waiting.`),
  ])
}

/** Said when a command is not held because a reviewer granted it before. */
export function grantedNotice({ by, until, id }: Grant, style: NoticeStyle): string {
  return lines(style, [
    paint(style, GREEN, `✓ allowed by ${visibleStart(by.name, 60)}’s grant until ${timeText(until)} (${id})`),
  ])
}

export function refusedNotice(refusal: Refusal, style: NoticeStyle): string {
  const rule = refusal.because.line > 0 ? ` · ${ruleText(refusal.because)}` : ''
  return lines(style, [
    paint(style, RED, `✗ not run: ${visibleStart(refusal.message, 500)}${refusal.how === 'denied' ? rule : ''}`),
  ])
}

/** A sentence of the bastion's about the session itself. */
export function sessionNotice(sentence: string, style: NoticeStyle): string {
  return lines(style, [paint(style, BOLD, `sallyport: ${visibleStart(sentence, 500)}`)])
}

function ruleText({ name, file, line }: RuleRef): string {
  return `rule “${visibleStart(name, TEXT_LENGTH)}” (${visibleStart(file, TEXT_LENGTH)}:${line})`
}

/** A grant lasts a day at most, so the time of day is enough. */
function timeText(at: Date): string {
  return `${at.toISOString().slice(11, 16)} UTC`
}

function lines(style: NoticeStyle, texts: readonly string[]): string {
  return texts.map((text) => `${text}${style.newline}`).join('')
}

function paint(style: NoticeStyle, code: string, text: string): string {
  return style.hasColour ? `\u001b[${code}m${text}\u001b[0m` : text
}

/** Returns a length of time in the largest unit that tells it well: `850 ms`, `4 s`, `15 min`, `2 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 3_600_000)} h`
}
