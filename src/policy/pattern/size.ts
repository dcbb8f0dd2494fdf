/** Amounts of data as people write them: `64KiB`, `1MiB`. */
const UNIT_BYTES = { MiB: 1024 * 1024, KiB: 1024 } as const

export const SIZE_SYNTAX = '^[1-9][0-9]{0,3}(?:KiB|MiB)$'
const SYNTAX = new RegExp(SIZE_SYNTAX)

/** Returns bytes, or undefined where the text is no amount of data. */
export function parseSize(text: string): number | undefined {
  if (!SYNTAX.test(text)) return undefined
  return Number(text.slice(0, -3)) * UNIT_BYTES[text.slice(-3) as keyof typeof UNIT_BYTES]
}

/** Writes it in the largest unit in which it is whole. */
export function formatSize(bytes: number): string {
  const unit = bytes % UNIT_BYTES.MiB === 0 ? 'MiB' : 'KiB'
  return `${bytes / UNIT_BYTES[unit]}${unit}`
}
