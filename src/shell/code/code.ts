/**
 * Words that are programs in some language: what of them runs commands, writes files or changes data. A language without
 * a detector is `escape`: such a program can do anything, and nobody here can read it.
 */
import { DIGITS, HOLE, isKnown, NUMBER } from '../argument.ts'
import type { Language } from '../catalogue/schema.ts'
import type { Dialect, ShellReader, Span, Stdin } from '../context.ts'
import { ESCAPE, OPAQUE } from '../effects.ts'
import type { Finding } from '../finding.ts'
import { untrustedText } from '../text.ts'
import { readAwk } from './awk.ts'
import { readMongo, readNft, readRedis } from './database.ts'
import { readSed } from './sed.ts'
import { readEx, readGitConfig, readLess, readSshOption, readTarAction } from './settings.ts'
import { readArithmetic, readAssignmentWord, readVariable } from './shell-words.ts'
import { readSql } from './sql.ts'

/** Adds what a text in some language does. `shell` reads a text that the program hands to a shell. */
type Detector = (text: string, finding: Finding, at: Span, shell: ShellReader) => void

const detectors: Partial<Readonly<Record<Language, Detector>>> = {
  arithmetic: readArithmetic,
  variable: readVariable,
  assignment: readAssignmentWord,
  awk: readAwk,
  sed: readSed,
  sql: readSql,
  redis: readRedis,
  mongo: readMongo,
  nft: readNft,
  'git-config': readGitConfig,
  'ssh-option': readSshOption,
  'tar-action': readTarAction,
  ex: readEx,
  less: readLess,
}

/** Longer programs are not followed; nobody writes them on a command line. In UTF-16 units. */
const MAX_PROGRAM = 16 * 1024

export function readCode(language: Language, text: string, finding: Finding, at: Span): void {
  const detector = detectors[language]
  if (text.length > MAX_PROGRAM)
    finding.add(ESCAPE | OPAQUE, `a program in ${language} that is longer than is followed`)
  else if (detector === undefined)
    finding.add(ESCAPE, `a program in ${language === 'other' ? 'another language' : language}`)
  else detector(text, finding, at, (inner, stdin) => readShell(inner, finding, at, 'any', stdin))
}

/**
 * A text for a shell of that dialect. With a hole it is opaque, since the value may hold anything; the rest is read for
 * the reviewer.
 */
export function readShell(text: string, finding: Finding, at: Span, dialect: Dialect, stdin?: Stdin): void {
  if (text.includes(HOLE)) finding.add(OPAQUE, 'a shell reads a text of which a part is not known')
  const untrusted = untrustedText(isKnown(text) ? text : '')
  if (untrusted !== undefined) {
    finding.add(OPAQUE, untrusted)
    return
  }
  // A hole gets a value of which as little is known where it is expanded.
  const filled = isKnown(text)
    ? text
    : text
        .replace(/[\uFFFF\uFDD1\uFDD2]/g, '$_')
        .replaceAll(NUMBER, '$((0))')
        .replaceAll(DIGITS, '$#')
  finding.run.shell(filled, finding, at, dialect, stdin)
}

/** Commands that leave standard input alone. */
const NO_READERS: ReadonlySet<string> = new Set(
  '[[ (( : [ alias break cd chmod chown continue date declare df du echo exit export false hostname id kill local ls mkdir printf pwd readonly return set shift shopt sleep stat systemctl test touch true type umask uname unset uptime wait whoami'.split(
    ' ',
  ),
)

/**
 * A script that a shell reads from its standard input. The commands in it read from there too: after `read x` the next
 * line is data, and a quote that opened in it opens no more. So only a script of which no command reads is exact.
 */
export function readStdinScript(text: string, finding: Finding, at: Span, dialect: Dialect): void {
  const { commands } = finding.run
  const before = commands.length
  readShell(text, finding, at, dialect)
  const found = commands.slice(before)
  const isOne = found.length === 1 && found[0]?.text === text.trim()
  if (
    isOne ||
    found.every((command) => command !== undefined && (command.name === undefined || NO_READERS.has(command.name)))
  )
    return
  finding.add(OPAQUE, 'a command of the script may read the lines after it')
}
