/** Lengths of time as people write them: a whole number and a unit, `45s`, `15m`, `12h`, `7d`. */
const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const

export const DURATION_SYNTAX = '^[1-9][0-9]{0,5}[smhd]$'
const SYNTAX = new RegExp(DURATION_SYNTAX)

/** Returns milliseconds, or undefined where the text is no length of time. */
export function parseDuration(text: string): number | undefined {
  if (!SYNTAX.test(text)) return undefined
  return Number(text.slice(0, -1)) * UNIT_MS[text.at(-1) as keyof typeof UNIT_MS]
}

/** Writes it in the largest unit in which it is whole. */
export function formatDuration(ms: number): string {
  for (const [unit, size] of Object.entries(UNIT_MS)) if (ms % size === 0) return `${ms / size}${unit}`
  return `${Math.ceil(ms / 1000)}s`
}
