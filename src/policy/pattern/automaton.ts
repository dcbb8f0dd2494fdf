/**
 * Runs patterns over text in time linear in the text, whatever the pattern (Thompson, "Regular Expression Search
 * Algorithm", 1968; Pike's form of it). JavaScript's own RegExp backtracks: a pattern of twenty characters can stop the
 * bastion for hours, and no check of the pattern's looks tells reliably which ones do.
 *
 * INVARIANT: `run` takes at most (length of text + 1) × (instructions) steps.
 */
import { type CharacterSet, type Instruction, includes, type Place, type Program, WORD } from '../../core/program.ts'

export type Expression =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly Expression[] }
  | { readonly kind: 'choice'; readonly items: readonly Expression[] }
  /** `max` undefined: without end. */
  | { readonly kind: 'repeat'; readonly item: Expression; readonly min: number; readonly max: number | undefined }
  | { readonly kind: 'at'; readonly place: Place }

/** Keeps the worst case (64 KiB of text) in the tens of milliseconds. */
export const MAX_INSTRUCTIONS = 500

/** Returns undefined when the program would be longer than MAX_INSTRUCTIONS. */
export function compile(expression: Expression): Program | undefined {
  const program: Instruction[] = []
  const isFull = () => program.length >= MAX_INSTRUCTIONS

  const emit = (node: Expression): void => {
    if (isFull()) return
    switch (node.kind) {
      case 'set':
        program.push({ kind: 'set', set: node.set })
        return
      case 'at':
        program.push({ kind: 'at', place: node.place })
        return
      case 'sequence':
        for (const item of node.items) emit(item)
        return
      case 'choice':
        emitChoice(node.items)
        return
      case 'repeat':
        emitRepeat(node)
        return
    }
  }
  const emitChoice = (items: readonly Expression[]): void => {
    const [first, ...rest] = items
    if (first === undefined) return
    if (rest.length === 0) {
      emit(first)
      return
    }
    const fork = reserve()
    emit(first)
    const jump = reserve()
    program[fork] = { kind: 'fork', to: fork + 1, or: program.length }
    emitChoice(rest)
    program[jump] = { kind: 'fork', to: program.length, or: program.length }
  }
  const emitRepeat = ({ item, min, max }: Extract<Expression, { kind: 'repeat' }>): void => {
    for (let count = 0; count < min && !isFull(); count++) emit(item)
    if (max === undefined) {
      const fork = reserve()
      emit(item)
      program.push({ kind: 'fork', to: fork, or: fork })
      program[fork] = { kind: 'fork', to: fork + 1, or: program.length }
      return
    }
    const forks: number[] = []
    for (let count = min; count < max && !isFull(); count++) {
      forks.push(reserve())
      emit(item)
    }
    for (const fork of forks) program[fork] = { kind: 'fork', to: fork + 1, or: program.length }
  }
  const reserve = (): number => program.push({ kind: 'match' }) - 1

  emit(expression)
  if (isFull()) return undefined
  program.push({ kind: 'match' })
  return program
}

/**
 * Reports whether the program matches somewhere in `text` (give it places to anchor it), and whether text after this
 * one could still make it match.
 */
export function run(program: Program, text: string): { readonly isMatch: boolean; readonly isAlive: boolean } {
  let threads: number[] = []
  let previous: number | undefined
  const characters = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  /** For each instruction, the last place in the text (from 1) at which a thread stood on it. */
  const visited = new Uint32Array(program.length)
  for (let index = 0; index <= characters.length; index++) {
    const next = characters[index]
    const waiting: number[] = []
    let isMatch = false
    const stack = [0, ...threads]
    while (stack.length > 0) {
      const at = stack.pop()!
      if (visited[at] === index + 1) continue
      visited[at] = index + 1
      const instruction = program[at]!
      if (instruction.kind === 'match') isMatch = true
      else if (instruction.kind === 'set') waiting.push(at)
      else if (instruction.kind === 'fork') stack.push(instruction.or, instruction.to)
      else if (holds(instruction.place, previous, next)) stack.push(at + 1)
    }
    if (isMatch) return { isMatch: true, isAlive: true }
    if (next === undefined) return { isMatch: false, isAlive: waiting.length > 0 }
    threads = []
    for (const at of waiting) {
      const instruction = program[at]!
      if (instruction.kind === 'set' && includes(instruction.set, next)) threads.push(at + 1)
    }
    previous = next
  }
  return { isMatch: false, isAlive: false }
}

function holds(place: Place, previous: number | undefined, next: number | undefined): boolean {
  switch (place) {
    case 'start':
      return previous === undefined
    case 'end':
      return next === undefined
    case 'word-border':
      return isWord(previous) !== isWord(next)
    case 'no-word-border':
      return isWord(previous) === isWord(next)
  }
}

function isWord(character: number | undefined): boolean {
  return character !== undefined && includes({ ranges: WORD, isNegated: false }, character)
}
