/**
 * What a rule says about the things a command acts on: a path glob (`/etc/**`), or a kind and a glob (`unit:nginx*`).
 *
 * Honest limits: paths are compared as text, so a symbolic link leads out of any fence; and reading a folder is not
 * taken for reading everything below it (else `ls /` would touch every protected file), so fence reading in with `only`.
 */
import type { Effect, ObjectRef } from '../../core/action.ts'
import type { Certainty } from './certainty.ts'
import { type Glob, matchesGlob, parseGlob, parsePathGlob, reachesBelow } from './glob.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'

export const OBJECT_KINDS = [
  'path',
  'host',
  'url',
  'unit',
  'package',
  'database',
  'user',
  'process',
  'container',
  'other',
] as const satisfies readonly ObjectRef['kind'][]

export interface ObjectPattern {
  readonly source: string
  readonly kind: ObjectRef['kind']
  readonly glob: Glob
}

export function parseObjectPattern(source: string): ObjectPattern | Refusal {
  const [, prefix, rest] = /^([a-z]+):(.*)$/s.exec(source) ?? []
  const kind = prefix === undefined ? 'path' : OBJECT_KINDS.find((known) => known === prefix)
  if (kind === undefined)
    return refuse(`there are no objects of the kind “${prefix}”; the kinds are ${OBJECT_KINDS.join(', ')}`)
  if (prefix === undefined && !/^(?:\/|\*\*)/.test(source)) {
    return refuse('write a path from “/” on, or the kind of the object first, such as “unit:nginx*”')
  }
  const text = rest ?? source
  if (text === '') return refuse('the glob is empty')
  const glob = kind === 'path' ? parsePathGlob(text) : parseGlob(kind === 'host' ? text.toLowerCase() : text)
  return isRefusal(glob) ? glob : { source, kind, glob }
}

/** `effects` are the action's: whether it may reach below a folder depends on them. */
export function matchesObject(pattern: ObjectPattern, object: ObjectRef, effects: readonly Effect[]): Certainty {
  if (object.kind === 'other')
    return pattern.kind === 'other' && object.value !== undefined ? matchesGlob(pattern.glob, object.value) : 'unclear'
  if (object.kind !== pattern.kind) return 'no'
  if (object.value === undefined) return 'unclear'
  if (object.kind === 'path') return matchesPath(pattern.glob, object.value, effects)
  return matchesGlob(pattern.glob, object.kind === 'host' ? object.value.toLowerCase() : object.value)
}

function matchesPath(glob: Glob, value: string, effects: readonly Effect[]): Certainty {
  const path = value.length > 1 ? value.replace(/\/+$/, '') || '/' : value
  // Not normalised, or from a folder that we do not know.
  if (/(?:^|\/)\.{1,2}(?:\/|$)|\/\//.test(path)) return 'unclear'
  if (!path.startsWith('/'))
    return glob.source.startsWith('**') && matchesGlob(glob, `/${path}`) === 'yes' ? 'yes' : 'unclear'
  const match = matchesGlob(glob, path)
  if (match !== 'no') return match
  // Every folder lies above what “**/name” could match; it is about the paths that are named.
  const isAnywhere = glob.source.startsWith('**')
  const onlyReads = effects.every((effect) => effect === 'read')
  return !isAnywhere && !onlyReads && reachesBelow(glob, path) ? 'unclear' : 'no'
}
