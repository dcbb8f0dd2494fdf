/**
 * Hours of the week, in the time of a place: its changes between winter and summer time are the platform's knowledge
 * (the IANA time zone database, by Intl).
 */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof DAYS)[number]

export interface TimeWindow {
  /** Undefined: every day. */
  readonly days: readonly Day[] | undefined
  /** Minutes since midnight. A window with `from` after `to` ends on the next day, and belongs to the day it begins on. */
  readonly from: number
  /** Up to 1440; the window ends just before it. */
  readonly to: number
  /** IANA name, e.g. Europe/Berlin. */
  readonly zone: string
}

export const MINUTES_PER_DAY = 1440
export const TIME_SYNTAX = '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$'
const SYNTAX = new RegExp(TIME_SYNTAX)

/** Reads `08:00`; `24:00` is the end of the day. Undefined where the text is no time of day. */
export function parseTimeOfDay(text: string): number | undefined {
  return SYNTAX.test(text) ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3)) : undefined
}

export function formatTimeOfDay(minutes: number): string {
  const digits = (value: number) => String(value).padStart(2, '0')
  return `${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`
}

const DAY_SYNTAX = /^([a-z]{3})(?:-([a-z]{3}))?$/

/** Reads `sat` or `mon-fri`; a range may run over the end of the week (`fri-mon`). */
export function parseDays(text: string): readonly Day[] | undefined {
  const found = DAY_SYNTAX.exec(text)
  if (found === null) return undefined
  const first = DAYS.indexOf(found[1] as Day)
  const last = found[2] === undefined ? first : DAYS.indexOf(found[2] as Day)
  if (first < 0 || last < 0) return undefined
  const count = ((last - first + DAYS.length) % DAYS.length) + 1
  return Array.from({ length: count }, (_, index) => DAYS[(first + index) % DAYS.length]!)
}

/** Formatters are dear to make; there are as many as there are zones in use. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formatters.set(zone, made)
  return made
}

/** An offset such as +02:00 is refused: it is wrong half of the year in most places. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    formatter(zone)
    return true
  } catch {
    return false
  }
}

export function isInWindow(window: TimeWindow, now: Date): boolean {
  const parts = new Map(
    formatter(window.zone)
      .formatToParts(now)
      .map((part) => [part.type, part.value]),
  )
  const day = DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase().slice(0, 3) as Day)
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
  if (day < 0 || Number.isNaN(minute)) throw new Error(`the time in ${window.zone} cannot be told`)
  const isOn = (index: number) =>
    window.days === undefined || window.days.includes(DAYS[(index + DAYS.length) % DAYS.length]!)
  if (window.from < window.to) return isOn(day) && minute >= window.from && minute < window.to
  return (isOn(day) && minute >= window.from) || (isOn(day - 1) && minute < window.to)
}
