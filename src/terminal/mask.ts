/**
 * Hides what a session's masks match in its output, as it streams by: any split into pieces gives the same result, and
 * colours and other sequences inside a match do not help it through. What may be the beginning of a match is withheld
 * until it is decided.
 *
 * INVARIANT: at most HELD_BYTES are withheld. Of a match that is longer, its last HELD_BYTES at least are hidden.
 *
 * What it does not find: text that the screen shows in one piece and the output has in several (a cursor that is moved
 * between them, a program's own line breaks), characters that something has encoded, and what was let through because
 * the output rested in the middle of it (`rest`); what then follows of it is hidden. So masks keep secrets from being
 * seen and recorded by accident. They are no wall against a person who may run what they like.
 *
 * Time is linear in the output: one look into a table for each byte, and one run of the automaton over what matched.
 */
import type { Mask } from '../core/verdict.ts'
import { BROKEN, Characters, NO_CHARACTER, PART, SKIP } from './mask/characters.ts'
import { Cover, MARK } from './mask/cover.ts'
import { BREAK, maskProgram } from './mask/program.ts'
import { FIRST_BUSY_STATE, StateTable, UNKNOWN } from './mask/table.ts'
import { Threads } from './mask/threads.ts'

export { MARK }
export const HELD_BYTES = 16 * 1024
/** Longer pieces are taken in parts, which keeps what is made of each small. */
const PIECE_BYTES = 64 * 1024

export class Masker {
  readonly #width: number
  readonly #characters: Characters
  readonly #table: StateTable
  readonly #threads: Threads
  readonly #cover: Cover
  /** What waits, and of each byte its kind. */
  #bytes: Uint8Array = new Uint8Array()
  #kinds: Uint16Array = new Uint16Array()
  #length = 0
  /** All of `#bytes` has gone through the table, and up to `#threadsAt` through the threads. */
  #state = 0
  #threadsAt = 0
  /** A match ended behind `#threadsAt`. */
  #hasMatch = false

  constructor(masks: readonly Mask[]) {
    const program = maskProgram(masks)
    this.#width = program.width
    this.#characters = new Characters(program)
    this.#table = new StateTable(program)
    this.#threads = new Threads(program)
    this.#cover = new Cover(masks)
  }

  /** How many bytes are withheld. */
  get heldBytes(): number {
    return this.#length
  }

  /** How often each mask has hidden something since this was asked last. */
  takeCounts(): ReadonlyMap<string, number> {
    return this.#cover.takeCounts()
  }

  /** Returns what may be shown now. It may share the memory of `bytes`. */
  write(bytes: Uint8Array): Uint8Array {
    if (bytes.length <= PIECE_BYTES) return this.#write(bytes)
    const parts: Uint8Array[] = []
    for (let from = 0; from < bytes.length; from += PIECE_BYTES)
      parts.push(this.#write(bytes.subarray(from, from + PIECE_BYTES)))
    return Buffer.concat(parts)
  }

  /** The output rests: returns all that was withheld. What has begun may still go on, and is then hidden from here on. */
  rest(): Uint8Array {
    if (this.#length === 0) return new Uint8Array()
    this.#follow(this.#length)
    this.#threads.atEnd((mask, start) => this.#cover.add(mask, start, this.#threadsAt, this.#length))
    return this.#take(this.#length)
  }

  #write(bytes: Uint8Array): Uint8Array {
    const from = this.#length
    this.#append(bytes)
    this.#scan(from)
    const undecided = Math.min(this.#threadsAt, this.#threads.earliest)
    if (this.#hasMatch || this.#length - undecided > HELD_BYTES) this.#follow(this.#length)
    return this.#take(this.#decidedBytes())
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    const kinds = new Uint16Array(length)
    if (this.#length === 0) this.#bytes = bytes
    else {
      this.#bytes = Buffer.concat([this.#bytes, bytes])
      kinds.set(this.#kinds)
    }
    this.#kinds = kinds
    this.#length = length
  }

  /** Looks each new byte up. Written for speed: it sees everything that a session shows. */
  #scan(from: number): void {
    const bytes = this.#bytes
    const kinds = this.#kinds
    const length = this.#length
    const width = this.#width
    const characters = this.#characters
    const { plainKinds } = characters
    let { isPlain } = characters
    let { cells } = this.#table
    let state = this.#state
    let hasMatch = this.#hasMatch
    // Nothing that is under way began before this place; -1 where something did.
    let idleAt = state < FIRST_BUSY_STATE ? this.#threadsAt : -1
    let idleState = state
    for (let at = from; at < length; at++) {
      let kind = isPlain ? plainKinds[bytes[at]!]! : NO_CHARACTER
      if (kind >= NO_CHARACTER) {
        kind = characters.read(bytes[at]!)
        if (kind === BROKEN) {
          // What came before this byte was no character, and nothing goes on over it.
          if (at > 0) kinds[at - 1] = BREAK
          const cell = this.#table.next(state, BREAK)
          cells = this.#table.cells
          state = cell >> 1
          if (hasMatch || (cell & 1) !== 0) this.#follow(at, idleAt, idleState)
          hasMatch = false
          idleAt = at
          idleState = state
          kind = characters.read(bytes[at]!)
        }
        isPlain = characters.isPlain
        if (kind >= NO_CHARACTER) {
          kinds[at] = kind
          if (kind === SKIP && idleAt === at) idleAt = at + 1
          continue
        }
      }
      kinds[at] = kind
      let cell = cells[state * width + kind]!
      if (cell === UNKNOWN) {
        cell = this.#table.next(state, kind)
        cells = this.#table.cells
      }
      state = cell >> 1
      if ((cell & 1) !== 0) hasMatch = true
      if (state < FIRST_BUSY_STATE) {
        if (hasMatch) {
          this.#follow(at + 1, idleAt, idleState)
          hasMatch = false
        }
        idleAt = at + 1
        idleState = state
      }
    }
    this.#state = state
    this.#hasMatch = hasMatch
    if (idleAt >= 0) this.#skipTo(idleAt, idleState)
  }

  /** The threads need not look at what lies before `idleAt`. */
  #skipTo(idleAt: number, idleState: number): void {
    if (idleAt < this.#threadsAt) return
    this.#threads.clear(idleState === 1)
    this.#threadsAt = idleAt
  }

  /** Runs the threads up to `end`, to learn what the matches cover. */
  #follow(end: number, idleAt = -1, idleState = 0): void {
    if (idleAt >= 0) this.#skipTo(idleAt, idleState)
    let character = -1
    let here = this.#threadsAt
    const onMatch = (mask: number, start: number) => this.#cover.add(mask, start, here, this.#length)
    for (let at = this.#threadsAt; at < end; at++) {
      const kind = this.#kinds[at]!
      if (kind === SKIP) continue
      if (character < 0) character = at
      if (kind === PART) continue
      here = character
      this.#threads.step(kind, character, onMatch)
      character = -1
    }
    // A character of which the end is missing has yet to be stepped over.
    this.#threadsAt = character < 0 ? end : character
    this.#hasMatch = false
  }

  /** Returns how many bytes are decided: nothing that may still come can hide them or make them readable. */
  #decidedBytes(): number {
    const known = Math.min(this.#threadsAt, this.#threads.earliest)
    const decided = this.#cover.undecidedBefore(this.#cover.wholeUntil(known, this.#threadsAt), this.#kinds)
    return Math.max(decided, this.#length - HELD_BYTES)
  }

  #take(count: number): Uint8Array {
    const shown = this.#cover.take(this.#bytes, this.#kinds, count, this.#length)
    // Copied: the caller's buffer may be used again.
    this.#bytes = new Uint8Array(this.#bytes.subarray(count, this.#length))
    this.#kinds = this.#kinds.slice(count)
    this.#length -= count
    this.#threadsAt = Math.max(0, this.#threadsAt - count)
    this.#threads.shift(count)
    return shown
  }
}
