/**
 * The one line that a person sees while a command of theirs is held: what, who is asked, how long it still waits, and
 * which keys do something. Fits any width: what matters least goes first, and the text is cut before the keys are.
 */
import type { Hold } from '../core/hold.ts'
import { visibleStart } from '../terminal/visible.ts'
import { cellWidth, cutToWidth } from '../terminal/width.ts'
import type { HeldWays } from './notice.ts'

export interface StatusFacts {
  readonly hold: Hold
  readonly ways: HeldWays
  /** How many other commands of this session wait. */
  readonly others: number
  /** Reviewers of this hold who have a page open. */
  readonly online: readonly string[]
  readonly nowMs: number
  /** Bytes typed ahead so far. */
  readonly typedAhead: number
  /** What is to be said of it besides. */
  readonly word?: string | undefined
}

const HEAD = '■ held: '
/** A command is not cut below this to make room for explanations. */
const TEXT_WANTED = 28
/** Beside a word of ours, which may be an address to open. */
const TEXT_WANTED_BESIDE = 12

/** Returns plain text of at most `room` cells. */
export function statusText(facts: StatusFacts, room: number): string {
  const text = visibleStart(facts.hold.action.text, 400)
  const wanted = Math.min(cellWidth(text), facts.word === undefined ? TEXT_WANTED : TEXT_WANTED_BESIDE)
  const tail = tails(facts).find((each) => cellWidth(HEAD) + wanted + cellWidth(each) <= room) ?? ''
  return cutToWidth(`${HEAD}${cutToWidth(text, Math.max(0, room - cellWidth(HEAD) - cellWidth(tail)))}${tail}`, room)
}

/** From the fullest to the barest. */
function tails({ hold, ways, others, online, nowMs, typedAhead, word }: StatusFacts): readonly string[] {
  const { quorum, because } = hold
  const roles = visibleStart(quorum.reviewers.join(' or '), 60)
  const asked = ` · asked ${quorum.count === 1 ? '' : `${quorum.count} of `}${roles}`
  const names = online.length === 0 ? ' (nobody online)' : ` (${visibleStart(online.join(', '), 60)} online)`
  const left = ` · ${clockTime(hold.expiresAt.getTime() - nowMs)} left`
  const more = others === 0 ? '' : ` · +${others} more`
  const rule = ` · rule “${visibleStart(because.name, 60)}”`
  const ahead = typedAhead === 0 ? '' : ` · typed ahead: ${typedAhead}`
  const said = word === undefined ? '' : ` · ${visibleStart(word, 120)}`
  // Only as the first key: behind what is typed ahead it is a letter of that.
  const hasKeys = ways.hasKeys && typedAhead === 0
  const reason = hasKeys ? ' · r adds a reason' : ''
  const page = ways.glassPage
  const glass =
    page === undefined ? '' : hasKeys ? ' · b breaks the glass' : ` · break the glass at ${visibleStart(page, 200)}`
  const shortGlass = page === undefined || !hasKeys ? '' : ' · b break glass'
  const keys = ` · Ctrl-C takes it back${reason}${glass}${said}`
  const message = hold.message === undefined ? '' : ` · ${visibleStart(hold.message, 200)}`
  return [
    `${message}${rule}${asked}${names}${left}${more}${ahead}${keys} · request ${hold.id}`,
    `${rule}${asked}${names}${left}${more}${ahead}${keys}`,
    `${rule}${asked}${left}${more}${ahead}${keys}`,
    `${asked}${names}${left}${more}${ahead}${keys}`,
    `${asked}${left}${more}${ahead}${keys}`,
    `${asked}${left}${more}${said} · ^C back${hasKeys ? ' · r reason' : ''}${shortGlass}`,
    `${left}${said} · ^C back`,
    // An address that somebody has to open goes before everything but the command.
    ...(said === '' ? [] : [said]),
    `${asked}${left}${more} · ^C back`,
    `${left} · ^C back`,
    ` · ^C back`,
  ]
}

export type Asked = 'reason' | 'glass'
const ASKED = { reason: '■ why: ', glass: '■ break the glass, because: ' } as const satisfies Record<Asked, string>

/** The line while a reason is being typed: the end of the text, where the cursor is, is what stays. */
export function promptText(text: string, room: number, asked: Asked = 'reason'): string {
  const head = ASKED[asked]
  const tail = `▏ · Enter ${asked === 'glass' ? 'goes on' : 'adds it'} · Esc leaves`
  const wide = room - cellWidth(head) >= cellWidth(tail) + 20
  const end = wide ? tail : '▏'
  const characters = [...text]
  while (characters.length > 0 && cellWidth(`${head}${characters.join('')}${end}`) > room) characters.shift()
  return cutToWidth(`${head}${characters.join('')}${end}`, room)
}

/** `14:58`, or `2:03:00` from an hour on. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
