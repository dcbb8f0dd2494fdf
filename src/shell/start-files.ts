/**
 * Whether a path that a command writes to is a start file (catalogue/data/start-files.ts), or may be one where its text is
 * not known. A value may bring `..` or a whole path with it, so what stands before it tells nothing: only what stands
 * behind it does. File names that a pattern gives begin as the pattern does, and not with a dot of their own.
 */
import { type Fields, HOLE, isKnown, PLAIN } from './argument.ts'
import { startFiles } from './catalogue/data/start-files.ts'
import { type EffectSet, NONE, parseEffects } from './effects.ts'
import { normalisePath } from './objects.ts'

interface Compiled {
  readonly effects: EffectSet
  readonly whole: RegExp
  /** Fits whatever can stand at the end of such a path. */
  readonly end: RegExp
  readonly examples: readonly string[]
}

const compiled: readonly Compiled[] = startFiles.flatMap(({ paths, effects }) =>
  paths.map((path) => compile(path, parseEffects(effects))),
)

function compile(path: string, effects: EffectSet): Compiled {
  const isAnywhere = path.startsWith('**/')
  const tokens = (isAnywhere ? path.slice(3) : path)
    .match(/\*\*|\*|[\s\S]/g)
    ?.map((token) => (token === '**' ? '.*' : token === '*' ? '[^/]*' : token.replace(/[\\^$.|+?()[\]{}]/, '\\$&')))
  const source = (tokens ?? []).join('')
  const example = (isAnywhere ? path.slice(3) : path).replace(/\*+/g, 'x')
  return {
    effects,
    whole: new RegExp(`^${isAnywhere ? '(?:.*/)?' : ''}${source}$`, 's'),
    // A name that begins with anything has no dot in it: what is read of a folder of such files is `*.sh`, or has none.
    end: new RegExp(
      `^${(tokens ?? []).reduce((before, token) => `(?:${before}${token.replace(/^(?:\.|\[\^\/\])\*$/, '[\\w-]*')})?`, isAnywhere ? '.*/' : '')}$`,
      's',
    ),
    examples: isAnywhere ? [example, `~/${example}`, `/home/x/${example}`, `/root/${example}`] : [example],
  }
}

/** The effects that writing to this path has besides. */
export function effectsOfStartFile(text: string, fields: Fields): EffectSet {
  // A number is no name of interest; any one will do.
  const path = text.replace(/[\uFFFE\uFDD0\uFDD2]/g, '0')
  const fits = isKnown(path) ? whole(normalisePath(path)) : fields === 'names' ? names(path) : ending(path)
  let effects = NONE
  for (const each of compiled) if (fits(each)) effects |= each.effects
  return effects
}

function whole(path: string): (each: Compiled) => boolean {
  return (each) => each.whole.test(path)
}

function ending(path: string): (each: Compiled) => boolean {
  const end = path.slice(Math.max(path.lastIndexOf(HOLE), path.lastIndexOf(PLAIN)) + 1)
  return (each) => each.end.test(end)
}

function names(path: string): (each: Compiled) => boolean {
  const source = path.replace(/(^|\/)?\uFFFF+|[\\^$.*+?()[\]{}|]/g, (part, begins?: string) =>
    part.endsWith(HOLE) ? `${begins ?? ''}${begins === undefined ? '' : '(?!\\.)'}[^/]*` : `\\${part}`,
  )
  const pattern = new RegExp(`^${source}$`, 's')
  return (each) => each.examples.some((example) => pattern.test(example))
}

/** A folder of which the text does not say where it is, and which may so be a home. */
const SOMEWHERE = /^(?:\.\.?\/?)+$/

/** The effects that a file of this name has where it is put into a folder that may be a home. */
export function effectsOfCopy(source: string, target: string): EffectSet {
  const mayBeHome = !isKnown(target) || SOMEWHERE.test(target) || effectsOfStartFile(target, 'one') !== NONE
  const name = source.slice(source.lastIndexOf('/') + 1)
  return mayBeHome && isKnown(name) ? effectsOfStartFile(name, 'one') : NONE
}
