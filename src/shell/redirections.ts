/**
 * What redirections do, and what they put on standard input. `>` empties the file before anything runs, so it is
 * `destroy`; bash itself opens network connections for `/dev/tcp/host/port` (Bash manual §3.6).
 */
import type { Redirection, Word } from 'unbash'
import { DIGITS, HOLE, isKnown, knownStart } from './argument.ts'
import type { Stdin } from './context.ts'
import { DESTROY, NONE, READ, TRANSFER, WRITE } from './effects.ts'
import { type Finding, START_FILE } from './finding.ts'
import { isHarmless, normalisePath } from './objects.ts'
import { effectsOfStartFile } from './start-files.ts'
import { expandParts, expandWhole, expandWord } from './words.ts'

const DUPLICATE = new RegExp(`^(?:[0-9${DIGITS}]+-?|-)$`)
const NETWORK = /^\/dev\/(?:tcp|udp)\/([^/]*)/

/** Adds what the redirections do to `finding`; returns the standard input they set, if they do. */
export function readRedirections(redirections: readonly Redirection[], finding: Finding): Stdin | undefined {
  let stdin: Stdin | undefined
  for (const redirection of redirections) {
    const { descriptor } = redirection
    if (descriptor?.type === 'FileDescriptorVariable') {
      finding.bashOnly('{name}>')
      const name = /^[A-Za-z_]\w*/.exec(descriptor.name)?.[0] ?? ''
      if (name !== descriptor.name) finding.evaluate(descriptor.name.slice(name.length))
      finding.assignTo(name, 'integer')
    }
    const found = readOne(redirection, finding)
    const isInput = redirection.type !== 'Redirect' || redirection.operator.startsWith('<')
    const number =
      descriptor === undefined ? (isInput ? 0 : 1) : descriptor.type === 'FileDescriptor' ? descriptor.value : undefined
    if (number === 0) stdin = found
  }
  return stdin
}

function readOne(redirection: Redirection, finding: Finding): Stdin {
  if (redirection.type === 'HereDoc') {
    const { body } = redirection
    return { kind: 'text', text: body.parts === undefined ? body.text : expandParts(body.parts, finding) }
  }
  const { target } = redirection
  if (target === undefined) {
    finding.opaque('a redirection without a target')
    return { kind: 'file' }
  }
  if (redirection.type === 'HereString') return { kind: 'text', text: `${expandWhole(target, finding)}\n` }

  const text = targetText(target, finding)
  switch (redirection.operator) {
    case '<&':
      // A word that is no number is an error, and cannot open a file.
      return { kind: text === '-' ? 'nothing' : 'file' }
    case '>&':
      if (!DUPLICATE.test(text)) open(text, DESTROY, finding)
      return { kind: 'file' }
    case '>':
    case '>|':
    case '&>':
      open(text, DESTROY, finding)
      return { kind: 'file' }
    case '>>':
    case '&>>':
      open(text, WRITE, finding)
      return { kind: 'file' }
    case '<>':
      open(text, READ | WRITE, finding)
      return { kind: 'file' }
    case '<':
      open(text, READ, finding)
      return { kind: text === '/dev/null' ? 'nothing' : 'file' }
  }
}

/** The file's name. More than one word is an error for bash; here it is a name that is not known. */
function targetText(target: Word, finding: Finding): string {
  const words = expandWord(target, finding)
  const [first] = words
  return words.length === 1 && first !== undefined ? first.text : HOLE
}

function open(text: string, effects: number, finding: Finding): void {
  const network = NETWORK.exec(text)
  if (network !== null) {
    finding.add(TRANSFER, 'bash opens a network connection')
    finding.object('host', network[1] ?? HOLE, effects)
    return
  }
  if (isHarmless(text)) return
  if (!isKnown(text) && '/dev/tcp/'.startsWith(knownStart(text).slice(0, 9)))
    finding.add(TRANSFER, 'a file name that may be /dev/tcp')
  const path = isKnown(text) ? normalisePath(text) : text
  // Appending to a device overwrites it; the kernel's files do things.
  const isDevice =
    /^\/(?:dev|proc|sys)(?:\/|$)/.test(path) && !path.startsWith('/dev/shm/') && (effects & (WRITE | DESTROY)) !== 0
  finding.object('path', text, isDevice ? effects | DESTROY : effects)
  finding.add(effects, describe(effects))
  const further = (effects & (WRITE | DESTROY)) === 0 ? NONE : effectsOfStartFile(text, 'one')
  if (further !== NONE) finding.add(further, START_FILE)
}

function describe(effects: number): string {
  if ((effects & DESTROY) !== 0) return 'a redirection that empties a file'
  if ((effects & WRITE) !== 0) return 'a redirection that writes to a file'
  return 'a redirection that reads a file'
}
