/**
 * Checks a catalogue that somebody wrote in YAML or JSON (already parsed) against the schema, and says where each fault is.
 * A key or word that the schema does not know is a fault: what is not understood must not pass for harmless.
 */
import { EFFECTS } from '../../core/action.ts'
import { isEffect } from '../effects.ts'
import { defaultCatalogue, extendCatalogue } from './catalogue.ts'
import type { Catalogue, Family, GtfobinsClass, Language, ObjectKind } from './schema.ts'

export type LoadedCatalogue =
  | { readonly kind: 'loaded'; readonly catalogue: Catalogue }
  /** Each problem is a sentence with the place in front: `commands.deploy.options.-f: …`. */
  | { readonly kind: 'refused'; readonly problems: readonly string[]; readonly faults: readonly Fault[] }

/** A problem with its place as keys, for whoever can say on which line that is. */
export interface Fault {
  readonly path: readonly string[]
  readonly message: string
}

/** Between the keys of a place while problems are gathered; a key with this in it is refused. */
const KEY_END = '\x1f'

/**
 * Reads a person's own catalogue: one family, or `{ families: [...] }`. It extends `base`; where both name a command, the
 * person's entry takes the place of the other as a whole.
 */
export function loadUserCatalogue(data: unknown, base: Catalogue = defaultCatalogue()): LoadedCatalogue {
  const problems: string[] = []
  const families = isRecord(data) && Array.isArray(data.families) ? data.families : [data]
  if (isRecord(data) && 'families' in data) knownKeys(data, ['families'], '', problems)
  for (const [at, family] of families.entries())
    checkFamily(
      family,
      isRecord(data) && Array.isArray(data.families) ? join(join('', 'families'), String(at)) : '',
      problems,
    )
  if (problems.length > 0) {
    const faults = problems.slice(0, 50).map(faultOf)
    return {
      kind: 'refused',
      faults,
      problems: faults.map(({ path, message }) => `${path.join('.') || 'catalogue'}: ${message}`),
    }
  }
  return { kind: 'loaded', catalogue: extendCatalogue(base, { families: families as readonly Family[] }) }
}

function faultOf(problem: string): Fault {
  const at = problem.indexOf(`${KEY_END}: `)
  return at === -1
    ? { path: [], message: problem.replace(/^(?:catalogue)?: /, '') }
    : { path: problem.slice(0, at).split(KEY_END), message: problem.slice(at + 3) }
}

const OBJECT_KINDS: readonly ObjectKind[] = [
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
]
const ROLES = ['word', 'command', 'command or -c', 'env command', 'shell', 'joined shell', 'script', 'placeholder']
// biome-ignore format: a list
const LANGUAGES: readonly Language[] = [
  'awk', 'sed', 'ex', 'less', 'sql', 'redis', 'mongo', 'git-config', 'ssh-option', 'tar-action', 'nft', 'arithmetic', 'variable', 'assignment',
  'perl', 'python', 'ruby', 'php', 'lua', 'javascript', 'tcl', 'lisp', 'gdb', 'm4', 'make', 'expect', 'other',
]
// biome-ignore format: a list
const GTFOBINS: readonly GtfobinsClass[] = [
  'shell', 'command', 'reverse-shell', 'bind-shell', 'library-load', 'file-write', 'file-read', 'upload', 'download', 'privilege-escalation',
]
const SYNTAXES = ['gnu', 'posix', 'single-dash', 'old', 'none']
// biome-ignore format: a list
const USAGE_KEYS = [
  'effects', 'options', 'known', 'operands', 'last', 'bare', 'needs', 'stdin', 'syntax', 'worst', 'subcommands', 'globalOptions', 'subcommandAt',
  'abbreviates', 'gtfobins', 'sources',
]
const OPTION_KEYS = ['adds', 'sets', 'argument', 'operands', 'ends', 'stdin']
const ROLE_KEYS = ['is', 'effects', 'patterns', 'until', 'placeholder', 'more', 'argumentsOf']

type Data = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkFamily(value: unknown, at: string, problems: string[]): void {
  if (!isRecord(value)) {
    problems.push(`${at}: must be a family with name and commands`)
    return
  }
  knownKeys(value, ['name', 'sources', 'commands'], at, problems)
  if (typeof value.name !== 'string' || value.name === '') problems.push(`${join(at, 'name')}: must be a text`)
  if (value.sources !== undefined) texts(value.sources, join(at, 'sources'), problems)
  if (!isRecord(value.commands)) problems.push(`${join(at, 'commands')}: must be a table of commands`)
  else
    for (const [name, entry] of Object.entries(value.commands))
      checkEntry(entry, join(join(at, 'commands'), name), problems)
}

function checkEntry(value: unknown, at: string, problems: string[]): void {
  if (typeof value === 'string') effects(value, at, problems)
  else if (Array.isArray(value)) {
    if (value.length !== 2) problems.push(`${at}: must be [effects, role]`)
    effects(value[0], at, problems)
    checkRole(value[1], at, problems)
  } else if (isRecord(value)) checkUsage(value, at, problems)
  else problems.push(`${at}: must be effects, [effects, role] or a table`)
}

function checkUsage(value: Data, at: string, problems: string[]): void {
  knownKeys(value, USAGE_KEYS, at, problems)
  for (const key of ['effects', 'worst', 'bare'])
    if (value[key] !== undefined) effects(value[key], join(at, key), problems)
  for (const key of ['globalOptions', 'abbreviates']) boolean(value[key], join(at, key), problems)
  if (value.known !== undefined && typeof value.known !== 'string')
    problems.push(`${join(at, 'known')}: must be a text of options`)
  if (value.operands !== undefined) checkRoles(value.operands, join(at, 'operands'), problems)
  if (value.last !== undefined) checkRole(value.last, join(at, 'last'), problems)
  if (value.needs !== undefined && value.needs !== 'option' && !isCount(value.needs))
    problems.push(`${join(at, 'needs')}: must be a number or option`)
  if (value.subcommandAt !== undefined && !isCount(value.subcommandAt))
    problems.push(`${join(at, 'subcommandAt')}: must be a number`)
  if (value.stdin !== undefined && value.stdin !== 'shell') language(value.stdin, join(at, 'stdin'), problems)
  if (value.syntax !== undefined) oneOf(value.syntax, SYNTAXES, join(at, 'syntax'), problems)
  if (value.sources !== undefined) texts(value.sources, join(at, 'sources'), problems)
  if (value.gtfobins !== undefined) {
    if (!Array.isArray(value.gtfobins)) problems.push(`${join(at, 'gtfobins')}: must be a list`)
    else for (const each of value.gtfobins) oneOf(each, GTFOBINS, join(at, 'gtfobins'), problems)
  }
  table(value.options, join(at, 'options'), problems, checkOption)
  table(value.subcommands, join(at, 'subcommands'), problems, checkEntry)
}

function checkOption(value: unknown, at: string, problems: string[]): void {
  if (typeof value === 'string' && value.split(' ').every(isEffect)) return
  if (!isRecord(value) || Object.keys(value).some((key) => ROLE_KEYS.includes(key))) {
    checkRole(value, at, problems)
    return
  }
  knownKeys(value, OPTION_KEYS, at, problems)
  for (const key of ['adds', 'sets']) if (value[key] !== undefined) effects(value[key], join(at, key), problems)
  for (const key of ['ends', 'stdin']) boolean(value[key], join(at, key), problems)
  if (value.argument !== undefined) checkRole(value.argument, join(at, 'argument'), problems)
  if (value.operands !== undefined) checkRoles(value.operands, join(at, 'operands'), problems)
}

function checkRoles(value: unknown, at: string, problems: string[]): void {
  if (Array.isArray(value))
    for (const [place, role] of value.entries()) checkRole(role, join(at, String(place)), problems)
  else checkRole(value, at, problems)
}

function checkRole(value: unknown, at: string, problems: string[]): void {
  if (typeof value === 'string') {
    if (ROLES.includes(value)) return
    if (value.startsWith('code ')) {
      language(value, at, problems)
      return
    }
    const words = value.split(' ')
    const kind = words.at(-1) ?? ''
    if (
      words.length > 2 ||
      (words.length === 2 && !isEffect(words[0] ?? '')) ||
      !(OBJECT_KINDS as readonly string[]).includes(kind)
    ) {
      problems.push(
        `${at}: ${JSON.stringify(value)} is no role; a role is one of ${[...ROLES, ...OBJECT_KINDS].join(', ')}, or an effect and an object`,
      )
    }
    return
  }
  if (!isRecord(value)) {
    problems.push(`${at}: must be a role`)
    return
  }
  knownKeys(value, ROLE_KEYS, at, problems)
  if (value.is !== undefined) {
    if (typeof value.is === 'string') checkRole(value.is, join(at, 'is'), problems)
    else problems.push(`${join(at, 'is')}: must be a short role`)
  }
  if (value.effects !== undefined) effects(value.effects, join(at, 'effects'), problems)
  if (value.until !== undefined) texts(value.until, join(at, 'until'), problems)
  boolean(value.more, join(at, 'more'), problems)
  for (const key of ['placeholder', 'argumentsOf']) {
    if (value[key] !== undefined && typeof value[key] !== 'string') problems.push(`${join(at, key)}: must be a text`)
  }
  table(value.patterns, join(at, 'patterns'), problems, checkRole)
}

function table(
  value: unknown,
  at: string,
  problems: string[],
  check: (value: unknown, at: string, problems: string[]) => void,
): void {
  if (value === undefined) return
  if (!isRecord(value)) problems.push(`${at}: must be a table`)
  else for (const [key, each] of Object.entries(value)) check(each, join(at, key), problems)
}

function knownKeys(value: Data, keys: readonly string[], at: string, problems: string[]): void {
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) problems.push(`${join(at, key)}: is not known here; known are ${keys.join(', ')}`)
  }
}

function effects(value: unknown, at: string, problems: string[]): void {
  if (typeof value !== 'string' || !value.split(' ').every(isEffect)) {
    problems.push(`${at}: ${JSON.stringify(value)} must be effects, separated by a space: ${EFFECTS.join(', ')}`)
  }
}

function language(value: unknown, at: string, problems: string[]): void {
  oneOf(
    value,
    LANGUAGES.map((each) => `code ${each}`),
    at,
    problems,
  )
}

function oneOf(value: unknown, allowed: readonly string[], at: string, problems: string[]): void {
  if (typeof value !== 'string' || !allowed.includes(value))
    problems.push(`${at}: ${JSON.stringify(value)} must be one of ${allowed.join(', ')}`)
}

function texts(value: unknown, at: string, problems: string[]): void {
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string'))
    problems.push(`${at}: must be a list of texts`)
}

function boolean(value: unknown, at: string, problems: string[]): void {
  if (value !== undefined && typeof value !== 'boolean') problems.push(`${at}: must be true or false`)
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0
}

function join(at: string, key: string): string {
  return `${at}${key.replaceAll(KEY_END, '?')}${KEY_END}`
}
