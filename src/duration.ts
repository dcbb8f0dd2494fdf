/** Lengths of time in the configuration: `30s`, `15m`, `12h`, `7d`. */
import { z } from 'zod'

const DURATION_UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const WANTED_DURATION = 'expected a length of time, such as 30s, 15m, 12h or 7d'

/** Read as milliseconds. */
export const duration = z
  .string(WANTED_DURATION)
  .regex(/^[1-9]\d{0,5}[smhd]$/, WANTED_DURATION)
  .transform((text) => Number(text.slice(0, -1)) * DURATION_UNITS[text.at(-1) as keyof typeof DURATION_UNITS])
