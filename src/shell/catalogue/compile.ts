/**
 * Turns an entry into tables that an analysis can look things up in. Done once for each command, when it is first met:
 * a bastion never meets most of them.
 */
import {
  DESTROY,
  type EffectSet,
  ESCAPE,
  isEffect,
  NONE,
  OPAQUE,
  PRIVILEGE,
  parseEffects,
  READ,
  TRANSFER,
  UNKNOWN,
  WRITE,
} from '../effects.ts'
import type {
  Entry,
  GtfobinsClass,
  Language,
  LongOption,
  LongRole,
  ObjectKind,
  Option,
  Role,
  ShortRole,
  Usage,
} from './schema.ts'

export interface CompiledRole {
  readonly kind:
    | 'word'
    | 'object'
    | 'command'
    | 'command-or-c'
    | 'env-command'
    | 'shell'
    | 'joined-shell'
    | 'script'
    | 'code'
    | 'placeholder'
  readonly object: ObjectKind | undefined
  readonly language: Language | undefined
  readonly effects: EffectSet
  /** `start` is what every word that fits begins with. */
  readonly patterns: readonly { readonly glob: RegExp; readonly start: string; readonly role: CompiledRole }[]
  readonly until: readonly string[] | undefined
  readonly placeholder: string | undefined
  readonly more: boolean
  readonly argumentsOf: string | undefined
}

export interface CompiledOption {
  /** `attached`: an argument only in the same word · `next`: a keyword, whose argument is the next operand. */
  readonly takes: 'nothing' | 'one' | 'two' | 'attached' | 'next'
  readonly adds: EffectSet
  readonly sets: EffectSet | undefined
  readonly argument: CompiledRole | undefined
  readonly operands: readonly CompiledRole[] | undefined
  readonly ends: boolean
  readonly stdin: boolean
}

export interface CompiledUsage {
  /** `git commit`, for people to read. */
  readonly label: string
  readonly family: string
  readonly effects: EffectSet
  /** Of an option or subcommand that is not listed. */
  readonly worst: EffectSet
  /** Of a word that is not known: it may be any option or subcommand, listed or not. */
  readonly any: EffectSet
  /** Of all its own options together. */
  readonly byOption: EffectSet
  readonly syntax: NonNullable<Usage['syntax']>
  readonly options: ReadonlyMap<string, CompiledOption>
  /** Options by how they begin (`-D*`, `of=`), longest first. */
  readonly prefixes: readonly { readonly prefix: string; readonly option: CompiledOption }[]
  readonly digits: CompiledOption | undefined
  readonly operands: readonly CompiledRole[]
  readonly last: CompiledRole | undefined
  readonly bare: EffectSet
  readonly needs: number
  readonly stdin: 'shell' | Language | undefined
  readonly subcommands: ReadonlyMap<string, CompiledUsage> | undefined
  readonly subcommandPatterns: readonly { readonly glob: RegExp; readonly usage: CompiledUsage }[]
  readonly globalOptions: boolean
  readonly subcommandAt: number
  readonly abbreviates: boolean
}

const GTFOBINS: Readonly<Record<GtfobinsClass, EffectSet>> = {
  shell: ESCAPE,
  command: ESCAPE,
  'reverse-shell': ESCAPE | TRANSFER,
  'bind-shell': ESCAPE | TRANSFER,
  'library-load': ESCAPE,
  'file-write': WRITE,
  'file-read': READ,
  upload: TRANSFER,
  download: TRANSFER,
  'privilege-escalation': PRIVILEGE,
}

// biome-ignore format: a list
const KINDS: ReadonlySet<string> = new Set<ObjectKind>([
  'path', 'host', 'url', 'unit', 'package', 'database', 'user', 'process', 'container', 'other',
])

const SHORT_KINDS: Readonly<Record<string, CompiledRole['kind']>> = {
  word: 'word',
  command: 'command',
  'command or -c': 'command-or-c',
  'env command': 'env-command',
  shell: 'shell',
  'joined shell': 'joined-shell',
  script: 'script',
  placeholder: 'placeholder',
}

const WORD: CompiledRole = {
  kind: 'word',
  object: undefined,
  language: undefined,
  effects: NONE,
  patterns: [],
  until: undefined,
  placeholder: undefined,
  more: false,
  argumentsOf: undefined,
}

/** Compiles an entry. `label` is the command's name, and its subcommands' names after it. */
export function compileEntry(entry: Entry, label: string, family: string): CompiledUsage {
  const long = longEntry(entry)
  const options = new Map<string, CompiledOption>()
  const prefixes: { prefix: string; option: CompiledOption }[] = []
  let digits: CompiledOption | undefined
  const syntax = long.syntax ?? 'gnu'
  const add = (spec: string, value: Option) => {
    for (const spelling of spec.split(/\s+/)) {
      if (spelling === '') continue
      const { names, takes, isPrefix } = parseSpelling(spelling, syntax)
      const option = compileOption(value, takes)
      for (const name of names) {
        if (name === '-#') digits = option
        else if (isPrefix) prefixes.push({ prefix: name, option })
        else options.set(name, option)
      }
    }
  }
  add(long.known ?? '', {})
  for (const [spec, value] of Object.entries(long.options ?? {})) add(spec, value)
  prefixes.sort((a, b) => b.prefix.length - a.prefix.length)

  const subcommands = new Map<string, CompiledUsage>()
  const subcommandPatterns: { glob: RegExp; usage: CompiledUsage }[] = []
  for (const [names, sub] of Object.entries(long.subcommands ?? {})) {
    for (const name of names.split(' ')) {
      const usage = compileEntry(sub, name === '*' ? `${label} …` : `${label} ${name}`, family)
      if (name.includes('*')) subcommandPatterns.push({ glob: globExpression(name), usage })
      else subcommands.set(name, usage)
    }
  }
  // `*` alone is the last resort, wherever it stands in the entry.
  subcommandPatterns.sort((a, b) => b.glob.source.length - a.glob.source.length)

  const partial = {
    label,
    family,
    effects: parseEffects(long.effects ?? ''),
    syntax,
    options,
    prefixes,
    digits,
    operands: compileRoles(long.operands),
    last: long.last === undefined ? undefined : compileRole(long.last),
    bare: parseEffects(long.bare ?? ''),
    needs: needsOf(long),
    stdin: long.stdin === undefined || long.stdin === 'shell' ? long.stdin : (long.stdin.slice(5) as Language),
    subcommands: long.subcommands === undefined ? undefined : subcommands,
    subcommandPatterns,
    globalOptions: long.globalOptions ?? false,
    subcommandAt: long.subcommandAt ?? 0,
    abbreviates: long.abbreviates ?? false,
  }
  const all = everything(partial)
  let worst = long.worst === undefined ? all | UNKNOWN : parseEffects(long.worst)
  if ('gtfobins' in long) for (const name of long.gtfobins ?? []) worst |= GTFOBINS[name] ?? ESCAPE
  const byOption = optionEffects(partial) | startFilesByOption(partial)
  return { ...partial, worst: worst | partial.effects, any: worst | all | byOption, byOption }
}

function longEntry(entry: Entry): Usage & { readonly gtfobins?: readonly GtfobinsClass[] } {
  if (typeof entry === 'string') return { effects: entry, worst: entry }
  if (isShortEntry(entry)) return { effects: entry[0], worst: entry[0], operands: entry[1] }
  return entry
}

function isShortEntry(entry: Exclude<Entry, string>): entry is Extract<Entry, readonly unknown[]> {
  return Array.isArray(entry)
}

type Tables = Omit<CompiledUsage, 'worst' | 'any' | 'byOption'>

/** All effects that an entry mentions anywhere. */
function everything(usage: Tables): EffectSet {
  let set = usage.effects | usage.bare
  for (const role of usage.operands) set |= effectsOf(role)
  if (usage.last !== undefined) set |= effectsOf(usage.last)
  if (usage.stdin !== undefined) set |= ESCAPE
  set |= optionEffects(usage)
  for (const sub of usage.subcommands?.values() ?? []) set |= sub.any
  for (const { usage: sub } of usage.subcommandPatterns) set |= sub.any
  return set
}

function optionEffects(usage: Tables): EffectSet {
  let set = NONE
  for (const option of [...usage.options.values(), ...usage.prefixes.map((each) => each.option), usage.digits]) {
    if (option === undefined) continue
    // What an option turns into a mere look is no danger of the others.
    set |= option.adds | (option.sets === undefined || option.sets === READ ? NONE : option.sets)
    if (option.argument !== undefined) set |= effectsOf(option.argument)
    for (const role of option.operands ?? []) set |= effectsOf(role)
  }
  return set
}

/** A word that is not known may be `-o ~/.bashrc` (start-files.ts). */
function startFilesByOption(usage: Tables): EffectSet {
  for (const { argument } of [...usage.options.values(), ...usage.prefixes.map((each) => each.option)])
    if (argument !== undefined && writesPath(argument)) return ESCAPE | PRIVILEGE
  return NONE
}

function writesPath(role: CompiledRole): boolean {
  const isWritten = role.object === 'path' && (role.effects & (WRITE | DESTROY)) !== 0
  return isWritten || role.patterns.some((each) => writesPath(each.role))
}

function effectsOf(role: CompiledRole): EffectSet {
  let set = role.effects
  if (role.kind === 'script') set |= OPAQUE | ESCAPE
  else if (role.kind === 'code' || role.kind === 'shell' || role.kind === 'joined-shell') set |= ESCAPE
  // Which command is as little known as the word.
  else if (role.kind !== 'word' && role.kind !== 'object' && role.kind !== 'placeholder') set |= ESCAPE | OPAQUE
  if (role.argumentsOf !== undefined) set |= ESCAPE | OPAQUE
  for (const { role: each } of role.patterns) set |= effectsOf(each)
  return set
}

function parseSpelling(spelling: string, syntax: Usage['syntax']) {
  const [, body = '', suffix = ''] = /^(.*?)(=\?|==|=_|=|\*)?$/s.exec(spelling) ?? []
  const isDashed = /^[-+]/.test(body)
  let takes: CompiledOption['takes'] = 'nothing'
  if (suffix === '=?') takes = 'attached'
  else if (suffix === '==') takes = 'two'
  else if (suffix === '=_') takes = 'next'
  else if (suffix === '*') takes = 'attached'
  else if (suffix === '=') takes = isDashed ? 'one' : 'attached'
  // `-D*`, `of=`: known by how it begins.
  if (suffix === '*' || (suffix === '=' && !isDashed)) {
    return { names: [suffix === '*' ? body : `${body}=`], takes, isPrefix: true }
  }
  if (
    body === '-#' ||
    body === '-' ||
    body === '--' ||
    body.startsWith('--') ||
    !isDashed ||
    syntax === 'single-dash'
  ) {
    // With single-dash syntax one dash or two are the same.
    const name = syntax === 'single-dash' && body.startsWith('--') && body.length > 2 ? body.slice(1) : body
    return { names: [name], takes, isPrefix: false }
  }
  return { names: [...body.slice(1)].map((char) => `${body[0]}${char}`), takes, isPrefix: false }
}

function compileOption(value: Option, takes: CompiledOption['takes']): CompiledOption {
  let long: LongOption = {}
  if (typeof value === 'string') long = isEffectText(value) ? { adds: value } : { argument: value }
  else if (isLongRole(value)) long = { argument: value }
  else long = value
  return {
    takes,
    adds: parseEffects(long.adds ?? ''),
    sets: long.sets === undefined ? undefined : parseEffects(long.sets),
    argument: long.argument === undefined ? undefined : compileRole(long.argument),
    operands: long.operands === undefined ? undefined : compileRoles(long.operands),
    ends: long.ends ?? false,
    stdin: long.stdin ?? false,
  }
}

function needsOf(usage: Usage): number {
  if (usage.needs === 'option') return Number.POSITIVE_INFINITY
  if (usage.needs !== undefined) return usage.needs
  if (usage.operands === undefined) return 0
  return isRoleList(usage.operands) ? usage.operands.findLastIndex((role) => role !== 'word') + 1 : 1
}

function isEffectText(value: string): value is NonNullable<LongOption['adds']> {
  return value.split(' ').every(isEffect)
}

function isLongRole(value: LongRole | LongOption): value is LongRole {
  return ['is', 'effects', 'patterns', 'until', 'placeholder', 'more', 'argumentsOf'].some((key) => key in value)
}

function compileRoles(roles: Role | readonly Role[] | undefined): readonly CompiledRole[] {
  if (roles === undefined) return []
  return isRoleList(roles) ? roles.map(compileRole) : [compileRole(roles)]
}

function isRoleList(roles: Role | readonly Role[]): roles is readonly Role[] {
  return Array.isArray(roles)
}

function compileRole(role: Role): CompiledRole {
  if (typeof role === 'string') return compileShortRole(role)
  return {
    ...compileShortRole(role.is ?? 'word'),
    effects: compileShortRole(role.is ?? 'word').effects | parseEffects(role.effects ?? ''),
    patterns: Object.entries(role.patterns ?? {}).map(([glob, each]) => ({
      glob: globExpression(glob),
      start: glob.replace(/[*?[].*$/s, ''),
      role: compileRole(each),
    })),
    until: role.until,
    placeholder: role.placeholder,
    more: role.more ?? false,
    argumentsOf: role.argumentsOf,
  }
}

function compileShortRole(role: ShortRole): CompiledRole {
  const kind = SHORT_KINDS[role]
  if (kind !== undefined) return kind === 'word' ? WORD : { ...WORD, kind }
  if (role.startsWith('code ')) return { ...WORD, kind: 'code', language: role.slice(5) as Language }
  const words = role.split(' ')
  const object = words.at(-1) ?? ''
  if (!KINDS.has(object)) return { ...WORD, effects: DESTROY | ESCAPE | OPAQUE }
  return {
    ...WORD,
    kind: 'object',
    object: object as ObjectKind,
    effects: words.length > 1 ? parseEffects(words[0] ?? '') : NONE,
  }
}

/** `*`, `?` and `[a-z]` of a shell pattern; all else is itself. */
export function globExpression(glob: string): RegExp {
  const source = glob.replace(/\[[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (part.length > 1) return part.replace('[!', '[^')
    return part.replace(/[\\^$.|+()[\]{}/]/, '\\$&')
  })
  return new RegExp(`^${source}$`, 's')
}
