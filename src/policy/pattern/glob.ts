/**
 * Globs: `*` for any run of characters, `?` for one. In paths neither crosses a slash and `**` does; `/etc/**` is
 * /etc and all below it. Brackets and braces have no meaning in them and are refused, so that nobody relies on one.
 */
import type { CharacterSet, Program } from '../../core/program.ts'
import { compile, type Expression, run } from './automaton.ts'
import { type Certainty, certain } from './certainty.ts'
import { type Refusal, refuse } from './refusal.ts'

export interface Glob {
  readonly source: string
  readonly program: Program
}

const MAX_SOURCE = 200
const MAX_TEXT = 64 * 1024
const ANYTHING: CharacterSet = { ranges: [], isNegated: true }
const NO_SLASH: CharacterSet = { ranges: [[0x2f, 0x2f]], isNegated: true }

/** Reads a glob over names, in which `*` matches anything. */
export function parseGlob(source: string): Glob | Refusal {
  if (source.includes('**')) return refuse('“**” is for paths; one “*” matches anything here')
  return build(source, (text) => wildcards(text, ANYTHING))
}

/** Reads a glob over absolute paths: it begins with `/` or `**`. */
export function parsePathGlob(source: string): Glob | Refusal {
  if (!/^(?:\/|\*\*(?:\/|$))/.test(source)) return refuse('a path begins with “/” or with “**/”')
  if (/(?:^|\/)\.{1,2}(?:\/|$)|\/\/|.\/$/.test(source)) {
    return refuse('paths are compared without “.”, “..”, “//” and a slash at the end; write it without them')
  }
  if (source.includes('**/**') || source.split('/').some((part) => part !== '**' && part.includes('**'))) {
    return refuse('“**” stands alone between slashes, and once is enough')
  }
  return build(source, pathExpressions)
}

export function matchesGlob(glob: Glob, text: string): Certainty {
  return text.length > MAX_TEXT ? 'unclear' : certain(run(glob.program, text).isMatch)
}

/** Reports whether a glob over paths matches something below the folder `path`. */
export function reachesBelow(glob: Glob, path: string): boolean {
  const { isMatch, isAlive } = run(glob.program, path === '/' ? '/' : `${path}/`)
  return isMatch || isAlive
}

function build(source: string, expressions: (text: string) => readonly Expression[]): Glob | Refusal {
  if (source.length > MAX_SOURCE) return refuse(`a glob may have ${MAX_SOURCE} characters at most`)
  const strange = /[[\]{}\\]/.exec(source)?.[0]
  if (strange !== undefined) return refuse(`“${strange}” has no meaning in a glob; only “*” and “?” have`)
  const items: readonly Expression[] = [
    { kind: 'at', place: 'start' },
    ...expressions(source),
    { kind: 'at', place: 'end' },
  ]
  const program = compile({ kind: 'sequence', items })
  return program === undefined ? refuse('the glob is too long') : { source, program }
}

function pathExpressions(source: string): readonly Expression[] {
  const all: Expression = { kind: 'repeat', item: { kind: 'set', set: ANYTHING }, min: 0, max: undefined }
  const items: Expression[] = []
  const parts = source.split('/')
  parts.forEach((part, index) => {
    const isLast = index === parts.length - 1
    if (part !== '**') {
      items.push(...wildcards(isLast ? part : `${part}/`, NO_SLASH))
      return
    }
    if (!isLast) {
      // “**/” is any number of folders, also none.
      items.push({
        kind: 'repeat',
        item: { kind: 'sequence', items: [all, ...wildcards('/', NO_SLASH)] },
        min: 0,
        max: 1,
      })
      return
    }
    // “/etc/**” is the folder itself as well: its slash becomes part of what may be missing.
    const slash = items.length > 1 ? items.pop() : undefined
    items.push(
      slash === undefined ? all : { kind: 'repeat', item: { kind: 'sequence', items: [slash, all] }, min: 0, max: 1 },
    )
  })
  return items
}

function wildcards(text: string, any: CharacterSet): readonly Expression[] {
  return Array.from(text, (character): Expression => {
    if (character === '?') return { kind: 'set', set: any }
    if (character === '*') return { kind: 'repeat', item: { kind: 'set', set: any }, min: 0, max: undefined }
    const point = character.codePointAt(0)!
    return { kind: 'set', set: { ranges: [[point, point]], isNegated: false } }
  })
}
