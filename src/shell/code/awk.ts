/**
 * An awk program: `system()` and pipes run commands, `print > file` empties a file, `getline < file` reads one, `@` calls
 * a function by a name that is not known. Whether `/` begins a pattern or divides follows the token before it; where
 * it could be either it is taken to divide, so that a `|` in it counts. (POSIX awk, "Grammar"; gawk 5.2 manual.)
 */
import { isKnown } from '../argument.ts'
import type { ShellReader, Span, Stdin } from '../context.ts'
import { DESTROY, ESCAPE, OPAQUE, READ, TRANSFER } from '../effects.ts'
import type { Finding } from '../finding.ts'

type Token =
  | { readonly kind: 'text'; readonly text: string | undefined }
  | { readonly kind: 'word' | 'sign' | 'end' | 'pattern'; readonly text: string }

export function readAwk(text: string, finding: Finding, _at: Span, shell: ShellReader): void {
  if (!isKnown(text)) {
    finding.add(ESCAPE | OPAQUE, 'an awk program of which a part is not known')
    return
  }
  const tokens = tokenise(text)
  if (tokens === undefined) {
    finding.add(ESCAPE, 'an awk program that is not followed')
    return
  }
  let depth = 0
  /** The depth at which `print` stands, while its statement lasts: there `>` is a redirection. */
  let print: number | undefined
  for (const [at, token] of tokens.entries()) {
    const { text: sign } = token
    if (token.kind === 'end') print = undefined
    if (token.kind === 'word') {
      if (sign === 'print' || sign === 'printf') print = depth
      else if (sign === 'system') runs(tokens, at + 2, ')', finding, shell)
    }
    if (token.kind !== 'sign') continue
    if (sign === '(' || sign === '[') depth++
    else if (sign === ')' || sign === ']') depth--
    else if (sign === '@') finding.add(ESCAPE, 'awk calls a function by name, or loads one (@)')
    else if (sign === '|&') finding.add(ESCAPE | TRANSFER, 'awk starts a coprocess (|&)')
    else if (sign === '|') pipe(tokens, at, finding, shell)
    else if ((sign === '>' || sign === '>>') && print === depth) writes(tokens[at + 1], tokens[at + 2], finding)
    else if (sign === '<' && tokens[at - 1]?.text === 'getline') finding.add(READ, 'awk reads a file (getline)')
  }
}

/** `system("cmd")`: read where it is one plain text. */
function runs(
  tokens: readonly Token[],
  at: number,
  close: string,
  finding: Finding,
  shell: ShellReader,
  stdin?: Stdin,
): void {
  const [argument, end] = [tokens[at], tokens[at + 1]]
  const isWhole =
    argument?.kind === 'text' &&
    argument.text !== undefined &&
    (end === undefined || end.kind === 'end' || end.text === close)
  if (isWhole && argument.text !== undefined) shell(argument.text, stdin)
  else finding.add(ESCAPE | OPAQUE, 'awk runs a command that it puts together')
}

/** `"cmd" | getline` and `print | "cmd"`. */
function pipe(tokens: readonly Token[], at: number, finding: Finding, shell: ShellReader): void {
  const before = tokens[at - 1]
  if (tokens[at + 1]?.text !== 'getline') runs(tokens, at + 1, '}', finding, shell, { kind: 'pipe', text: undefined })
  else {
    const start = tokens[at - 2]
    const isWhole = start === undefined || start.kind === 'end' || start.text === '(' || start.text === '{'
    if (before?.kind === 'text' && before.text !== undefined && isWhole) shell(before.text)
    else finding.add(ESCAPE | OPAQUE, 'awk runs a command that it puts together')
  }
}

function writes(target: Token | undefined, after: Token | undefined, finding: Finding): void {
  const isWhole = target?.kind === 'text' && target.text !== undefined && (after === undefined || after.kind === 'end')
  const path = isWhole ? target.text : undefined
  if (path?.startsWith('/inet')) finding.add(TRANSFER, 'awk opens a network connection')
  if (path === '/dev/stderr' || path === '/dev/stdout' || path === '/dev/null') return
  finding.object('path', path ?? '\uFFFF', DESTROY)
  finding.add(DESTROY, 'awk empties and writes a file')
  // gawk opens connections for names that begin with /inet.
  if (path === undefined) finding.add(TRANSFER)
}

const SPACE = /(?:[ \t\r]|\\\n)+/y
const COMMENT = /#[^\n]*/y
const TEXT = /"((?:\\[\s\S]|[^"\\\n])*)"/y
const WORD = /[A-Za-z_]\w*|\.?\d[\w.]*/y
const PATTERN = /\/(?:\\.|\[\^?\]?(?:\\.|[^\]\\\n])*\]|[^/\\[\n])*\//y
const SIGN = /\|\||&&|\|&|>>|>=|<=|==|!=|[^\s\w]/y

/** undefined: something in it is no awk that is known here. */
function tokenise(source: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found !== null) at += found[0].length
    return found
  }
  while (at < source.length) {
    if (take(SPACE) !== null || take(COMMENT) !== null) continue
    const text = take(TEXT)
    if (text !== null) {
      tokens.push({ kind: 'text', text: unescaped(text[1] ?? '') })
      continue
    }
    const word = take(WORD)
    if (word !== null) {
      tokens.push({ kind: 'word', text: word[0] })
      continue
    }
    if (source[at] === '"') return undefined
    if (source[at] === '/' && canBePattern(tokens.at(-1))) {
      const pattern = take(PATTERN)
      if (pattern === null) return undefined
      tokens.push({ kind: 'pattern', text: pattern[0] })
      continue
    }
    if (/[;{}\n]/.test(source[at] ?? '')) {
      tokens.push({ kind: 'end', text: source[at++] ?? '' })
      continue
    }
    const sign = take(SIGN)
    if (sign === null) return undefined
    tokens.push({ kind: 'sign', text: sign[0] })
  }
  return tokens
}

function canBePattern(before: Token | undefined): boolean {
  if (before === undefined || before.kind === 'end') return true
  return before.kind === 'sign' && ['(', ',', '!', '~', '&&', '||', '!='].includes(before.text)
}

/** undefined: it has escapes other than the plain ones. */
function unescaped(text: string): string | undefined {
  if (/\\[^"\\/nt]/.test(text)) return undefined
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char))
}
