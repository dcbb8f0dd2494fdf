/** Kinds of values that several parts of the configuration have. */
import { z } from 'zod'

const DURATION_UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const WANTED_DURATION = 'expected a length of time, such as 30s, 15m, 12h or 7d'

/** `30s`, `15m`, `12h`, `7d`; read as milliseconds. */
export const duration = z
  .string(WANTED_DURATION)
  .regex(/^[1-9]\d{0,5}[smhd]$/, WANTED_DURATION)
  .transform((text) => Number(text.slice(0, -1)) * DURATION_UNITS[text.at(-1) as keyof typeof DURATION_UNITS])

const WANTED_SECRET = 'a secret stands here by reference only: { env: NAME } or { file: PATH }'

export const secretReference = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  WANTED_SECRET,
)
export type SecretReference = z.output<typeof secretReference>
