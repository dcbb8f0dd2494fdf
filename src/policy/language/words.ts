/** Words that several parts of the language share: lengths of time, names of roles, globs over names. */
import { DURATION_SYNTAX, formatDuration, parseDuration } from '../pattern/duration.ts'
import { type Glob, parseGlob } from '../pattern/glob.ts'
import { refuse } from '../pattern/refusal.ts'
import { list } from '../shape/collections.ts'
import { formatted } from '../shape/scalars.ts'
import type { Shape } from '../shape/shape.ts'

export const NAME_SYNTAX = '^[A-Za-z][A-Za-z0-9._-]{0,62}$'

export function duration(noun: string, maxMs: number): Shape<number> {
  return formatted({
    noun,
    max: 7,
    syntax: DURATION_SYNTAX,
    parse: (source) => {
      const ms = parseDuration(source)
      if (ms === undefined) return refuse('a length of time looks like 30s, 15m, 12h or 7d')
      return ms <= maxMs ? ms : refuse(`it is ${formatDuration(maxMs)} at most`)
    },
    print: formatDuration,
  })
}

export const sourceOf = (value: { readonly source: string }) => value.source
const roleName = formatted({
  noun: 'the role',
  max: 63,
  syntax: NAME_SYNTAX,
  parse: (source) =>
    new RegExp(NAME_SYNTAX).test(source) ? source : refuse('a role’s name is a word of letters, digits and “-._”'),
  print: (value) => value,
})
export const roleNames = (noun: string) => list(roleName, { noun })
export const glob = (noun: string): Shape<Glob> =>
  formatted<Glob>({ noun, max: 200, parse: parseGlob, print: sourceOf })
