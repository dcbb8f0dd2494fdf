/**
 * What the shell's own builtins do that a table of options cannot say: names that become variables, aliases, options of
 * the shell itself. Their entries in the catalogue (family `builtins`) are read as well. Tried on bash 5.2.
 */
import { type Argument, HOLE, hasHole, isKnown } from './argument.ts'
import { ESCAPE, NONE, OPAQUE } from './effects.ts'
import type { Finding } from './finding.ts'
import { effectsOfVariable, possibleValue } from './variables.ts'

type Reader = (args: readonly Argument[], finding: Finding, name: string) => void

/** Adds what only the builtin of that name does. */
export function readBuiltin(name: string, args: readonly Argument[], finding: Finding): void {
  readers.get(name)?.(args, finding, name)
}

const RESERVED: ReadonlySet<string> = new Set(
  '! { } [[ ]] case coproc do done elif else esac fi for function if in select then time until while'.split(' '),
)

/** An alias stands for its text followed by whatever the line goes on with, so it is read with unknown words after it. */
function alias(args: readonly Argument[], finding: Finding): void {
  const { run } = finding
  for (const argument of args) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(argument.text) ?? []
    if (!argument.text.includes('=') && isKnown(argument.text)) continue
    if (!isKnown(argument.text)) finding.opaque('an alias whose text is not known')
    else if (!/^[\w.:+@%-]+$/.test(name) || RESERVED.has(name)) finding.opaque('an alias that changes how text is read')
    else
      run.aliases.set(
        name,
        (run.aliases.get(name) ?? NONE) |
          run.effectsOf(() => run.shell(`${value} "$@"`, finding, argument, finding.context.dialect)),
      )
  }
}

/** declare, typeset, local, export, readonly: words that the parser did not see as assignments are evaluated by them. */
function declare(args: readonly Argument[], finding: Finding, name: string): void {
  const letters = new Set<string>()
  for (const argument of args) {
    const { text, assigned } = argument
    if (assigned === undefined && /^[-+]./.test(text)) {
      if (!isKnown(text)) finding.opaque(`${name} with options that are not known`)
      if (text.startsWith('-')) for (const letter of text.slice(1)) letters.add(letter)
    } else if (assigned === undefined) declareWord(argument, finding, name)
  }
  // What cannot be assigned again keeps its text, whatever a later assignment seems to give it.
  if (name === 'readonly' || letters.has('r')) for (const argument of args) keepsText(argument, finding)
  const isExport = name === 'export' || letters.has('x')
  for (const { text } of isExport ? args : []) {
    const variable = /^\w+/.exec(text)?.[0]
    if (variable !== undefined) finding.add(effectsOfVariable(variable, true))
  }
  if (letters.has('f') || letters.has('F') || letters.has('p')) return
  // -i evaluates whatever is assigned later, -n makes a name out of it.
  if (letters.has('i')) finding.opaque(`${name} -i: what is assigned later is evaluated`)
  if (letters.has('n') && name !== 'export') finding.opaque(`${name} -n: the variable stands for another`)
  const isArray = letters.has('a') || letters.has('A')
  for (const { text, assigned } of args) {
    if (assigned === undefined || assigned === 'array') continue
    const variable = /^\w*/.exec(text)?.[0] ?? ''
    const mayBeArray = isArray || name === 'declare' || name === 'typeset' || finding.run.variables.isArray(variable)
    // An array's value is parsed again: `declare a="$x"` runs a `$(…)` in it.
    if (mayBeArray && (assigned === 'unknown' || text.slice(variable.length + 1).startsWith('('))) {
      finding.opaque(`${name}: a value that may be parsed as an array`)
    }
  }
}

/** A value that may be an option or evaluated; without a value, it is what the variable has. */
function keepsText({ text }: Argument, finding: Finding): void {
  if (/^[-+]/.test(text)) return
  const value = /^\w+\+?=(.*)$/s.exec(text)?.[1]
  const isHarmless =
    value !== undefined &&
    (/^(?:integer|plain)$/.test(possibleValue([value])) || /^[^-+[`$\uFFFF][^[`$\uFFFF]*$/.test(value))
  if (!isHarmless) finding.opaque('a variable that keeps a value which may be evaluated')
}

function declareWord(argument: Argument, finding: Finding, name: string): void {
  const { text } = argument
  const [, variable, value] = /^([A-Za-z_]\w*)(?:\+?=(.*))?$/s.exec(text) ?? []
  if (variable === undefined || hasHole(text) || value?.startsWith('(')) {
    finding.opaque(`${name}: a name or value that is evaluated`)
  }
  if (variable === undefined) return
  if (value === undefined && (name === 'export' || name === 'readonly')) return
  finding.assignTo(variable, value === undefined ? 'text' : possibleValue([value]))
}

/** Without T and E a DEBUG trap does not reach functions and subshells: the stepped gate hangs on it. */
const SET_LETTERS = /^(?:-[aebfhmnuvxCET]*|\+[aebfhmnuvxC]*)o?$/
const SET_NAMES: ReadonlySet<string> = new Set(
  'allexport emacs errexit errtrace functrace hashall history ignoreeof monitor noclobber noglob nolog notify nounset pipefail verbose vi xtrace'.split(
    ' ',
  ),
)

function set(args: readonly Argument[], finding: Finding): void {
  for (let at = 0; at < args.length; at++) {
    const text = args[at]?.text ?? ''
    if (text === '--' || text === '-' || !/^[-+\uFFFF\uFDD0\uFDD2]/.test(text)) return
    const next = args[at + 1]?.text
    if (!SET_LETTERS.test(text)) finding.opaque('set changes how the shell reads commands')
    else if (text.endsWith('o') && next !== undefined) {
      if (!SET_NAMES.has(next) || (text.startsWith('+') && /trace$/.test(next)))
        finding.opaque('set changes how the shell reads commands')
      at++
    }
  }
}

/** A DEBUG trap sees every command before it runs: whoever changes it takes the stepped gate away, or puts one in. */
function trap(args: readonly Argument[], finding: Finding): void {
  for (const { text } of args.slice(1)) {
    if (!isKnown(text) || /^(?:sig)?(?:debug|return)$/i.test(text))
      finding.add(ESCAPE | OPAQUE, 'trap changes what runs before every command')
  }
}

const SHOPT_NAMES: ReadonlySet<string> = new Set(
  'autocd cdspell checkhash checkjobs checkwinsize cmdhist dirspell dotglob failglob globstar histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lithist login_shell mailwarn nocaseglob nocasematch no_empty_cmd_completion nullglob progcomp shift_verbose'.split(
    ' ',
  ),
)

function shopt(args: readonly Argument[], finding: Finding): void {
  const isChange = args.some(({ text }) => /^-\w*[su]/.test(text) || !isKnown(text))
  if (!isChange) return
  for (const { text } of args) {
    if (!/^-[supqo]+$/.test(text) && !SHOPT_NAMES.has(text) && !SET_NAMES.has(text))
      finding.opaque('shopt changes how the shell reads commands')
  }
}

const BINARY = /^(?:=|==|!=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/

/** `test -v 'a[$(cmd)]'` evaluates the subscript; an unquoted `$X` may become such words. */
function test(args: readonly Argument[], finding: Finding): void {
  for (const [at, argument] of args.entries()) {
    if (argument.fields !== 'one')
      finding.opaque('an unquoted expansion in a test may become -v and a subscript, which is evaluated')
    const next = args[at + 1]
    if (next === undefined) continue
    const isNamed = argument.text === '-v' || argument.text === '-R'
    // A word that is not known may be -v, unless it stands before an operator.
    const mayBe = argument.text.startsWith(HOLE) && !BINARY.test(next.text)
    if (
      (isNamed && !/^\w*(?:\[[\d@*]*\])?$/.test(next.text)) ||
      (mayBe && /[\uFFFF[]/.test(next.text) && next.text !== ']')
    ) {
      finding.opaque('a variable whose name is evaluated')
    }
  }
}

/** `unset` of a variable that decides what runs changes it as well. */
function unset(args: readonly Argument[], finding: Finding): void {
  for (const { text } of args) {
    const effects = effectsOfVariable(text, true)
    if (effects !== NONE) finding.add(effects | OPAQUE, `$${text} decides what runs`)
    finding.run.functions.delete(text)
  }
}

/** `exec < file` makes the shell itself read its commands from there. */
function exec(args: readonly Argument[], finding: Finding): void {
  if (args.length > 0) return
  const { stdin } = finding.context
  if (stdin.kind === 'file' || stdin.kind === 'text')
    finding.opaque('exec changes where the shell reads its commands from')
}

const readers = new Map<string, Reader>([
  ['alias', alias],
  ['declare', declare],
  ['typeset', declare],
  ['local', declare],
  ['export', declare],
  ['readonly', declare],
  ['set', set],
  ['shopt', shopt],
  ['trap', trap],
  ['test', test],
  ['[', test],
  ['unset', unset],
  ['exec', exec],
])
