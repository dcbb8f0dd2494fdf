/**
 * Makes the objects of a command comparable: `/srv/../etc` is `/etc`, `bob@host:22` is `host`. A relative path stays
 * relative, because the directory it starts from is not in the text. Symbolic links are not known here.
 */
import type { ObjectRef } from '../core/action.ts'
import { isKnown } from './argument.ts'
import type { ObjectKind } from './catalogue/schema.ts'

/** Writing to these harms nothing, and reading from them tells nothing. */
const HARMLESS = /^(?:-|\/dev\/(?:null|stdin|stdout|stderr|tty|fd\/[0-9\uFFFE]+)|\/proc\/self\/fd\/[0-9]+)$/

export function isHarmless(text: string): boolean {
  return HARMLESS.test(text)
}

/** Collapses `//`, `/./` and `name/..` without looking at the file system. */
export function normalisePath(path: string): string {
  if (!/\/\/|(?:^|\/)\.\.?(?:\/|$)|.\/$/.test(path)) return path
  const isAbsolute = path.startsWith('/')
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    const before = out.at(-1)
    if (part !== '..') out.push(part)
    // `~/..` is somewhere, but not known where.
    else if (before !== undefined && before !== '..' && !before.startsWith('~')) out.pop()
    else if (!isAbsolute) out.push('..')
  }
  const joined = out.join('/')
  if (isAbsolute) return `/${joined}`
  return joined === '' ? '.' : joined
}

export function objectOf(kind: ObjectKind, text: string): ObjectRef {
  if (!isKnown(text)) return { kind, value: undefined }
  if (kind === 'path') return { kind, value: normalisePath(text) }
  if (kind === 'host') return { kind, value: hostOf(text) }
  return { kind, value: text }
}

/** The host of `user@host`, `host:path`, `[v6]:port`, `scheme://user@host:port/path`. */
function hostOf(text: string): string {
  let rest = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#].*$/s, '')
  rest = rest.slice(rest.lastIndexOf('@') + 1)
  const bracketed = /^\[([^\]]*)\]/.exec(rest)
  if (bracketed !== null) return bracketed[1]?.toLowerCase() ?? ''
  const colons = rest.split(':')
  return (colons.length === 2 ? (colons[0] ?? '') : rest).toLowerCase()
}
