/**
 * A sed script: `e` and `s///e` run commands, `w` and `s///w` empty a file, `r` reads one. Follows GNU sed 4.8 ("Reporting
 * Bugs" and "Commands"); a script that this does not follow to its end is `escape`, which is sed's worst.
 */
import { isKnown } from '../argument.ts'
import type { ShellReader, Span } from '../context.ts'
import { DESTROY, ESCAPE, OPAQUE, READ } from '../effects.ts'
import type { Finding } from '../finding.ts'
import { isHarmless } from '../objects.ts'

export function readSed(text: string, finding: Finding, _at: Span, shell: ShellReader): void {
  if (!isKnown(text)) {
    finding.add(ESCAPE | OPAQUE, 'a sed script of which a part is not known')
    return
  }
  const reader = new SedReader(text, finding, shell)
  if (!reader.read()) finding.add(ESCAPE, 'a sed script that is not followed')
}

class SedReader {
  readonly #text: string
  readonly #finding: Finding
  readonly #shell: ShellReader
  #at = 0

  constructor(text: string, finding: Finding, shell: ShellReader) {
    this.#text = text
    this.#finding = finding
    this.#shell = shell
  }

  /** Returns whether every command was understood. */
  read(): boolean {
    for (;;) {
      this.#skip(/[\s;}]*/y)
      if (this.#at >= this.#text.length) return true
      if (!this.#address()) return false
      this.#skip(/[\s!]*/y)
      if (!this.#command()) return false
    }
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  /** One address or two; returns false when a pattern has no end. */
  #address(): boolean {
    for (;;) {
      const char = this.#text[this.#at]
      if (char === '/' || char === '\\') {
        if (char === '\\') this.#at++
        if (!this.#delimited(1)) return false
        this.#skip(/[IM]*/y)
      } else if (this.#skip(/(?:\d+(?:~\d+)?|\$|[+~]\d+)/y) === '') return true
      this.#skip(/[ \t]*/y)
      if (this.#text[this.#at] !== ',') return true
      this.#at++
      this.#skip(/[ \t]*/y)
    }
  }

  /** Skips `count` parts that end in the delimiter at the place, as in `s/a/b/`. */
  #delimited(count: number): boolean {
    const delimiter = this.#text[this.#at] ?? ''
    if (delimiter === '' || /[\s\\]/.test(delimiter)) return false
    this.#at++
    for (let part = 0; part < count; part++) {
      let inBracket = false
      for (;;) {
        const char = this.#text[this.#at]
        // A newline may end the command for a sed that reads labels and delimiters in another way.
        if (char === undefined || char === '\n') return false
        this.#at++
        if (char === '\\') this.#at++
        else if (char === delimiter) {
          // Within `[…]` one sed takes it for the end and another does not.
          if (inBracket) return false
          break
        } else if (char === '[' && part === 0) inBracket = true
        else if (char === ']') inBracket = false
      }
    }
    return true
  }

  #command(): boolean {
    const name = this.#text[this.#at++]
    switch (name) {
      case '{':
        return true
      case '#':
        this.#line()
        return true
      case '=':
      case 'd':
      case 'D':
      case 'F':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
        return this.#ended()
      case 'l':
      case 'L':
      case 'q':
      case 'Q':
        this.#skip(/[ \t]*\d*/y)
        return this.#ended()
      case ':':
      case 'b':
      case 't':
      case 'T':
      case 'v':
        this.#skip(/[ \t]*[\w.-]*/y)
        return this.#ended()
      case 'a':
      case 'i':
      case 'c':
        this.#line()
        return true
      case 'r':
      case 'R':
        this.#finding.object('path', this.#line().trim(), READ)
        return true
      case 'w':
      case 'W':
        this.#write(this.#line().trim())
        return true
      case 'e':
        this.#execute(this.#line().trim())
        return true
      case 'y':
        return this.#delimited(2) && this.#ended()
      case 's':
        return this.#delimited(2) && this.#flags()
      default:
        return false
    }
  }

  /** To the end of the line, as `a`, `w` and `e` take it; a backslash before the newline continues it. */
  #line(): string {
    return this.#skip(/(?:\\[\s\S]|[^\\\n])*/y)
  }

  #ended(): boolean {
    this.#skip(/[ \t]*/y)
    const next = this.#text[this.#at]
    return next === undefined || /[;\n}#]/.test(next)
  }

  #flags(): boolean {
    const flags = this.#skip(/[gpiImM0-9e \t]*/y)
    if (flags.includes('e')) this.#finding.add(ESCAPE | OPAQUE, 'sed runs what it made of a line (s///e)')
    if (this.#text[this.#at] === 'w') {
      this.#at++
      this.#write(this.#line().trim())
      return true
    }
    return this.#ended()
  }

  #write(path: string): void {
    if (isHarmless(path)) return
    this.#finding.object('path', path, DESTROY)
    this.#finding.add(DESTROY, 'sed empties and writes a file (w)')
  }

  #execute(command: string): void {
    if (command === '') this.#finding.add(ESCAPE | OPAQUE, 'sed runs each line as a command (e)')
    else this.#shell(command)
  }
}
