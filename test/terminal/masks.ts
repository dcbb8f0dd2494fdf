/** Masks as a test writes them. */
import type { Mask } from '../../src/core/verdict.ts'
import { isRefusal } from '../../src/policy/pattern/refusal.ts'
import { parsePattern } from '../../src/policy/pattern/regex.ts'

export function mask(source: string, over: Partial<Mask> = {}): Mask {
  const pattern = parsePattern(source)
  if (isRefusal(pattern)) throw new Error(pattern.message)
  return { name: 'secret', source, program: pattern.program, keep: 0, ...over }
}
