/**
 * The questions that a gated shell asks, and the answers it takes. The format is defined in bash-init.ts; here it is
 * read with suspicion: anybody on the target can connect to the port, so nothing is believed before the key is.
 */
import { timingSafeEqual } from 'node:crypto'
import { BastionError } from '../../core/errors.ts'

/**
 * `step`: a simple command is about to run · `told`: the same, once more, after `tell` · `line`: a line is being
 * entered · `prompt`: the shell waits for one.
 */
export type QuestionKind = 'step' | 'told' | 'line' | 'prompt'

export interface Question {
  readonly kind: QuestionKind
  readonly counter: number
  /** Of the asking shell or subshell, on the target. */
  readonly pid: number
  /** Reports whether programmable completion is running, between two lines. */
  readonly isCompletion: boolean
  /** Reports whether a subshell asks: a substitution (one in the prompt too), a pipeline's member, a background job. */
  readonly isSubshell: boolean
  /** Reports whether the step calls a shell function, whose own steps are reported in their turn. */
  readonly isFunctionCall: boolean
  /** The shell keeps the connection for its next question. */
  readonly isKept: boolean
  /** `$?` before this command. */
  readonly status: number
  readonly text: string
  /** In a `told` question: those of the variables we asked about that hold one other plain word. */
  readonly plain: ReadonlySet<string>
  /** The same of those that hold digits alone, at least one. */
  readonly digits: ReadonlySet<string>
}

/** A key is 128 random bits in hex. */
const HEADER = /^([0-9a-f]{32}) (step|told|line|prompt) (\d{1,9}) (\d{1,9}) (-c?s?f?k?) (\d{1,3}) /
const MOST_HEADER_BYTES = 128
const IDENTIFIER = /^[A-Za-z_]\w{0,63}$/
/** A command longer than this cannot be judged (the analysis says so too), so it need not be read. */
export const MAX_QUESTION_BYTES = 256 * 1024

/**
 * Reads the next question of a connection, and leaves it open. Resolves to `nothing` at its end, and to `foreign` when it
 * brings anything else, or the wrong key: then somebody other than the gate is asking, and is not answered.
 */
export async function readQuestion(
  input: AsyncIterator<Uint8Array>,
  key: string,
): Promise<Question | 'nothing' | 'foreign'> {
  const pieces: Uint8Array[] = []
  let length = 0
  while (length <= MAX_QUESTION_BYTES) {
    const { value: piece, done } = await input.next()
    if (done === true) return length === 0 ? 'nothing' : 'foreign'
    pieces.push(piece)
    length += piece.length
    if (piece.includes(0)) return parseQuestion(Buffer.concat(pieces), key) ?? 'foreign'
  }
  return 'foreign'
}

export function parseQuestion(bytes: Uint8Array, key: string): Question | undefined {
  const end = bytes.indexOf(0)
  if (end === -1 || end !== bytes.length - 1) return undefined
  const header = HEADER.exec(new TextDecoder('latin1').decode(bytes.subarray(0, Math.min(end, MOST_HEADER_BYTES))))
  if (header === null) return undefined
  const [head, theirs, kind, counter, pid, flags, status] = header
  if (!timingSafeEqual(Buffer.from(theirs!), Buffer.from(key))) return undefined
  // Bytes that are not UTF-8 become U+FFFD, which the analysis calls opaque.
  const body = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(head.length, end))
  const names = kind === 'told' ? body.slice(0, body.indexOf('\n') + 1) : ''
  const told = names.split(/\s+/)
  return {
    kind: kind as QuestionKind,
    counter: Number(counter),
    pid: Number(pid),
    isCompletion: flags!.includes('c'),
    isSubshell: flags!.includes('s'),
    isFunctionCall: flags!.includes('f'),
    isKept: flags!.includes('k'),
    status: Number(status),
    text: body.slice(names.length),
    plain: new Set(told.filter((name) => IDENTIFIER.test(name))),
    digits: new Set(
      told
        .filter((name) => name.endsWith('#'))
        .map((name) => name.slice(0, -1))
        .filter((name) => IDENTIFIER.test(name)),
    ),
  }
}

/**
 * `go`: once · `again`: the same text may run until the next prompt without another question · `no`. `ahead` are the
 * texts of later steps that have their verdict already, `widgets` those of steps inside of widgets. `tell`: the verdict depends on which of these variables hold one
 * plain word; the gate says so in a second question. Their values stay on the target.
 */
export type Answer =
  | { readonly word: 'go' | 'again' | 'no'; readonly ahead: readonly string[]; readonly widgets?: readonly string[] }
  | { readonly word: 'tell'; readonly names: readonly string[] }
  /** Instead of the step this command is run: it starts a shell with a gate of its own. */
  | { readonly word: 'nest'; readonly command: string }

export const NO: Answer = { word: 'no', ahead: [] }
export const GO: Answer = { word: 'go', ahead: [] }

/** It ends with a NUL, so that who reads it need not wait for the end of the connection. */
export function formatAnswer(question: Question, key: string, answer: Answer): Uint8Array {
  if (answer.word === 'nest') return Buffer.from(`${key} ${question.counter} nest\n${answer.command}\0`)
  const rest =
    answer.word === 'tell'
      ? answer.names.filter((name) => IDENTIFIER.test(name))
      : [...listed('-', answer.ahead), ...listed('-c', answer.widgets ?? [])]
  return Buffer.from([`${key} ${question.counter} ${answer.word}`, ...rest, '\0'].join('\n'))
}

/** A text of several lines would be several steps to the shell; it is asked for when it comes. */
function listed(flags: string, texts: readonly string[]): readonly string[] {
  return texts.filter((text) => !/[\n\0]/.test(text)).map((text) => `${flags} ${text}`)
}

/**
 * The secrets of one session, known to the gated shell and to us. A question shows one and its answer the other, so that
 * who sees a question, as a program that took the port over would, still cannot answer it.
 */
export interface Keys {
  readonly ask: string
  readonly answer: string
}

/** Returns new keys for one session. */
export function newKeys(): Keys {
  return { ask: newKey(), answer: newKey() }
}

function newKey(): string {
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex')
  if (!/^[0-9a-f]{32}$/.test(key)) throw new BastionError('internal', 'The gate could not make its key.')
  return key
}
