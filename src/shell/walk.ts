/**
 * Walks the parser's tree and hands every simple command on, in the order of the text. It knows the grammar's nodes and
 * nothing about commands. What bash may skip (branches, loops that never turn) is read all the same.
 */
import type {
  ArithmeticFor,
  Assignment,
  CommandNode,
  CompoundCommand,
  Function as FunctionNode,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirection,
  Statement,
  TestExpression,
  Word,
} from 'unbash'
import { type Argument, hasHole } from './argument.ts'
import { readAssignment } from './assignments.ts'
import { type Context, type Span, type Stdin, shared } from './context.ts'
import { NONE, READ } from './effects.ts'
import { Finding } from './finding.ts'
import { readRedirections } from './redirections.ts'
import { MAX_WORDS, type Run, TooMuch } from './run.ts'
import { possibleValue } from './variables.ts'
import { expandWhole, expandWord } from './words.ts'

type Simple = Extract<CommandNode, { type: 'Command' }>

/** Reads a script, of the text or of a substitution in it. */
export function walkScript(run: Run, script: ParsedScript, context: Context): void {
  const error = script.errors?.[0]
  if (error !== undefined) {
    const finding = new Finding(run, context)
    finding.opaque(`the text cannot be parsed: ${error.message}`)
    run.add(finding, { start: script.pos, end: script.end })
  }
  statements(run, script.commands, context)
}

function spanOf(node: { readonly pos: number; readonly end: number }): Span {
  return { start: node.pos, end: node.end }
}

function statements(run: Run, list: readonly Statement[], context: Context): void {
  for (const statement of list) {
    const { command } = statement
    if (statement.background === true) branch(run, context, (inner) => andOr(run, command, inner))
    else andOr(run, command, context)
  }
}

function andOr(run: Run, node: Statement['command'], context: Context): void {
  if (node.type !== 'AndOr') {
    pipeline(run, node, context)
    return
  }
  for (const [at, command] of node.commands.entries()) {
    if (at === 0) pipeline(run, command, context)
    else branch(run, context, (inner) => pipeline(run, command, inner))
  }
}

/** Reads something that bash may leave out, or run in a shell of its own. */
function branch(run: Run, context: Context, read: (inner: Context) => void): void {
  run.variables.branch(() => read(context.isConditional ? context : { ...context, isConditional: true }))
}

/** Reads something that bash may run more than once, or later. */
function repeat(run: Run, context: Context, read: (inner: Context) => void): void {
  run.variables.repeat(() => read({ ...context, isConditional: true }))
}

function pipeline(run: Run, node: PipelineNode, context: Context): void {
  if (node.type !== 'Pipeline') command(run, node, context)
  else if (node.commands.length === 1) for (const only of node.commands) command(run, only, context)
  else {
    for (const [at, each] of node.commands.entries()) {
      const stdin: Stdin = at === 0 ? context.stdin : { kind: 'pipe', text: outputOf(node, at - 1) }
      branch(run, { ...context, stdin }, (inner) => command(run, each, inner))
    }
  }
}

/** What `echo` with plain words writes into the pipe. Anything less plain is not known. */
function outputOf(node: Pipeline, at: number): string | undefined {
  const producer = node.commands[at]
  if (producer?.type !== 'Command' || producer.name?.text !== 'echo' || producer.redirects.length > 0) return undefined
  const words = producer.args.map((word) => (word.type === 'Word' ? plainText(word) : undefined))
  if (words.some((word) => word === undefined || word.includes('\\')) || words[0]?.startsWith('-')) return undefined
  return `${words.join(' ')}\n`
}

function plainText(word: Word): string | undefined {
  if (word.parts === undefined) return /[~{]/.test(word.text) ? undefined : word.value
  const isPlain = word.parts.every(
    (part) =>
      part.type === 'Literal' ||
      part.type === 'SingleQuoted' ||
      (part.type === 'DoubleQuoted' && part.parts.every((child) => child.type === 'Literal')),
  )
  return isPlain && !word.text.includes('{') ? word.value : undefined
}

function command(run: Run, node: CommandNode, context: Context): void {
  switch (node.type) {
    case 'Command':
      simple(run, node, context)
      return
    case 'Redirected': {
      const finding = new Finding(run, context)
      const stdin = readRedirections(node.redirects, finding)
      const [first] = node.redirects
      run.add(finding, { start: first?.pos ?? node.pos, end: node.end })
      compound(run, node.command, stdin === undefined ? context : { ...context, stdin: shared(stdin) })
      return
    }
    case 'Function':
      define(run, node, context)
      return
    case 'Coproc': {
      const finding = new Finding(run, context)
      finding.assign(node.name === undefined ? 'COPROC' : expandWhole(node.name, finding))
      run.add(finding, spanOf(node))
      const inner: Context = { ...context, stdin: { kind: 'pipe', text: undefined } }
      const { body } = node
      if (body.type === 'CompoundList') statements(run, body.commands, inner)
      else branch(run, inner, (own) => command(run, body, own))
      return
    }
    default:
      compound(run, node, context)
  }
}

function compound(run: Run, node: CompoundCommand, context: Context): void {
  switch (node.type) {
    case 'If':
      statements(run, node.clause.commands, context)
      branch(run, context, (inner) => statements(run, node.then.commands, inner))
      for (const elif of node.elif) {
        branch(run, context, (inner) => statements(run, elif.clause.commands, inner))
        branch(run, context, (inner) => statements(run, elif.then.commands, inner))
      }
      if (node.else !== undefined) statementsOf(run, node.else.commands, context)
      return
    case 'While':
      for (const part of [node.clause, node.body])
        repeat(run, context, (inner) => statements(run, part.commands, inner))
      return
    case 'For':
    case 'Select':
      repeat(run, context, (inner) => {
        const finding = new Finding(run, context)
        if ((node.wordlist?.length ?? 0) > MAX_WORDS) throw new TooMuch('a list has more words than are followed')
        const words = (node.wordlist ?? []).flatMap((word) => expandWord(word, finding))
        const isSplit =
          node.type === 'Select' || node.wordlist === undefined || words.some((word) => word.fields === 'words')
        finding.assignTo(node.name.value, isSplit ? 'text' : possibleValue(words.map(({ text }) => text)))
        run.add(finding, { start: node.pos, end: node.body.pos })
        statements(run, node.body.commands, inner)
      })
      return
    case 'ArithmeticFor':
      arithmeticFor(run, node, context)
      return
    case 'Subshell':
      statementsOf(run, node.body.commands, context)
      return
    case 'BraceGroup':
      statements(run, node.body.commands, context)
      return
    case 'Case': {
      const finding = new Finding(run, context)
      expandWhole(node.word, finding)
      for (const item of node.items) for (const pattern of item.pattern) expandWhole(pattern, finding)
      run.add(finding, spanOf(node))
      for (const item of node.items) statementsOf(run, item.body.commands, context)
      return
    }
    case 'TestCommand': {
      const finding = new Finding(run, context)
      finding.add(READ, 'a test')
      finding.bashOnly('[[')
      test(node.expression, finding)
      run.fill(run.reserve(), '[[', finding, spanOf(node))
      return
    }
    case 'ArithmeticCommand': {
      const finding = new Finding(run, context)
      finding.add(READ, 'arithmetic')
      finding.bashOnly('((')
      finding.expression(node, node.body)
      run.fill(run.reserve(), '((', finding, spanOf(node))
      return
    }
  }
}

function statementsOf(run: Run, list: readonly Statement[], context: Context): void {
  branch(run, context, (inner) => statements(run, list, inner))
}

function arithmeticFor(run: Run, node: ArithmeticFor, context: Context): void {
  const finding = new Finding(run, context)
  finding.add(READ, 'arithmetic')
  finding.bashOnly('((')
  const evaluate = (part: ArithmeticFor['test']) => {
    if (part !== undefined) finding.expression({ expression: part }, context.frame.text.slice(part.pos, part.end))
  }
  evaluate(node.initialize)
  // What the update assigns is not there when the body runs for the first time.
  repeat(run, context, () => {
    evaluate(node.test)
    run.variables.branch(() => evaluate(node.update))
  })
  run.fill(run.reserve(), '((', finding, { start: node.pos, end: node.body.pos })
  repeat(run, context, (inner) => statements(run, node.body.commands, inner))
}

const ARITHMETIC_TESTS: ReadonlySet<string> = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge'])

function test(expression: TestExpression, finding: Finding): void {
  switch (expression.type) {
    case 'TestUnary': {
      const text = expandWhole(expression.operand, finding)
      if (expression.operator === '-v' || expression.operator === '-R')
        readReference(text, expression.operand.text, finding)
      return
    }
    case 'TestBinary': {
      const left = expandWhole(expression.left, finding)
      const right = expandWhole(expression.right, finding)
      if (!ARITHMETIC_TESTS.has(expression.operator)) return
      for (const text of [left, right]) finding.evaluate(text)
      return
    }
    case 'TestLogical':
      for (const operand of expression.operands) test(operand, finding)
      return
    case 'TestNot':
      test(expression.operand, finding)
      return
    case 'TestGroup':
      test(expression.expression, finding)
  }
}

/** A variable named by a word, perhaps with a subscript, which is then evaluated. */
function readReference(text: string, source: string, finding: Finding): void {
  if (/^\w*$/.test(text)) return
  const subscript = /^\w+\[(.*)\]$/s.exec(text)?.[1]
  if (subscript === '@' || subscript === '*') return
  if (subscript === undefined || /['"\\]/.test(source)) finding.opaque('a variable whose name is not known')
  else finding.evaluate(subscript)
}

function define(run: Run, node: FunctionNode, context: Context): void {
  const name = node.name.value
  const { body } = node
  const effects = run.effectsOf(() => {
    repeat(run, { ...context, stdin: { kind: 'inherited' } }, (inner) => {
      if (body.type === 'CompoundList') statements(run, body.commands, inner)
      else command(run, body, inner)
    })
  })
  const before = run.functions.get(name)
  run.functions.set(name, {
    effects: effects | (before?.effects ?? NONE),
    isConditional: context.isConditional && (before?.isConditional ?? true),
  })
}

function simple(run: Run, node: Simple, context: Context): void {
  if (node.prefix.length + node.suffix.length > MAX_WORDS)
    throw new TooMuch('a command has more words than are followed')
  const place = run.reserve()
  const finding = new Finding(run, context)
  const redirections: Redirection[] = []
  const assignments: Assignment[] = []
  for (const each of node.prefix) {
    if (each.type === 'Assignment') assignments.push(each)
    else redirections.push(each)
  }
  const args: Argument[] = []
  const isKeyed = node.name?.text === 'declare' && /\s-[a-zA-Z]*A/.test(context.frame.text.slice(node.pos, node.end))
  if (node.name !== undefined) args.push(...expandWord(node.name, finding))
  for (const each of node.suffix) {
    if (each.type === 'Word') args.push(...expandWord(each, finding))
    else if (each.type === 'Assignment') args.push(assigned(each, finding, isKeyed))
    else redirections.push(each)
  }
  const name = args[0]?.text
  for (const assignment of assignments) {
    // `IFS= read -r line` splits what is read, and nothing else.
    const isSplitting = assignment.name === 'IFS' && (name === 'read' || name === 'mapfile' || name === 'readarray')
    if (isSplitting && assignment.value.type === 'Word') expandWhole(assignment.value, finding)
    else readAssignment(assignment, finding, { isPassing: args.length > 0 })
  }
  const stdin = readRedirections(redirections, finding)
  if (args.length === 0) {
    if (finding.effects === NONE) finding.add(READ, assignments.length > 0 ? 'sets shell variables' : 'a redirection')
    run.fill(place, undefined, finding, spanOf(node))
    return
  }
  const own = stdin === undefined ? context : { ...context, stdin }
  const resolved = new Finding(run, own)
  resolved.take(finding)
  run.engine.command(args, place, resolved, spanOf(node))
}

/** `export A=$x`: bash does not split the value, so it is read as an assignment, and handed on as one word. */
function assigned(assignment: Assignment, finding: Finding, isKeyed: boolean): Argument {
  const value = readAssignment(assignment, finding, { isKeyed })
  const isArray = assignment.value.type === 'ArrayValue'
  const text = `${assignment.name}=${isArray ? '' : value}`
  return {
    text,
    fields: 'one',
    start: assignment.pos,
    end: assignment.end,
    assigned: isArray ? 'array' : hasHole(value) ? 'unknown' : 'known',
  }
}
