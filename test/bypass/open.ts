/** What still gets through, and why: shown in the README, and played in the tests every time, so that it stays true. */
import type { Shell } from './trick.ts'

export const OPEN: Readonly<Partial<Record<Shell, Readonly<Record<string, string>>>>> = {}
