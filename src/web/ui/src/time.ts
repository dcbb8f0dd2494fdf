/** Times for people: what time it is for the bastion, how long ago, when. */
import { useEffect, useState } from 'preact/hooks'
import { bastionNow } from './api.ts'

/** The bastion's time, anew every second while the part is shown. */
export function useNow(): number {
  const [now, setNow] = useState(bastionNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(bastionNow()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

export function ago(time: string, now: number): string {
  const ms = Date.parse(time) - now
  const [unit, size] = UNITS.find(([, length]) => Math.abs(ms) >= length) ?? ['second', 1000]
  if (unit === 'second' && Math.abs(ms) < 45_000) return ms <= 0 ? 'just now' : 'in a moment'
  return relative.format(Math.round(ms / size), unit)
}

const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

export function when(time: string): string {
  return clock.format(new Date(time))
}
