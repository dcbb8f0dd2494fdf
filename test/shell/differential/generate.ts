/**
 * Generates bash scripts from a seed: every construct of the grammar, names hidden in every kind of quoting, wrappers
 * within wrappers; and, for a part of them, a few characters changed at random, because the parser and bash must agree
 * on broken text as well. The commands are `c0` … `c9`, which do nothing but log themselves.
 */

import { evaluated, type Parts, wrapped } from './forms.ts'

/** A small random generator (mulberry32), so that a seed names a script for good. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

export function generateScript(seed: number): string {
  const generator = new Generator(randomFrom(seed))
  if (generator.chance(0.15)) return generator.soup()
  // Long scripts are mostly opaque somewhere, which proves nothing of the rest: a part of them is short.
  const script = generator.chance(0.4) ? generator.rare() : generator.script(3)
  return generator.chance(0.3) ? generator.mutate(script) : script
}

const META = '\'"\\$`(){}<>|&;#!*?[]~ \n\t=,.c1-%^+@:'

// biome-ignore format: a table
const TOKENS: readonly string[] = [
  'c1', 'c2', 'c3', 'c4 a', 'x', 'a', '1', 'v=c1', "'", '"', '`', '\\', '$', '$v', '"$v"', '$(', '$((', '))', '((', '(', ')', '{', '}', '{c5,', ',', '}',
  ';', ';;', ';&', '&', '&&', '|', '||', '|&', '\n', '\n', '\n', ' ', '\t', '<', '>', '>>', '<<<', '<<E', '<<-E', "<<'E'", 'E', '\nE\n', '2>&1', '>/dev/null',
  '<(', '>(', '[[', ']]', '[', ']', '!', '#', '#a', "$'", '$"', '$[', '${', '${v:-', '${v#', '${#', '${!', '%', '~', '*', '?', '=', '+=', 'a=(', 'a[', '@(',
  'if', 'then', 'else', 'fi', 'for', 'in', 'do', 'done', 'while', 'case', 'esac', 'function', 'f()', 'f', 'select', 'until', 'time', 'coproc', 'eval', 'exec',
  'alias', 'declare', 'export', 'read', 'trap', "'c6'", '"c7"', '$(c8)', '`c9`', '\\\n', "\\'", '\\"', '\\$', 'case a in a)', 'then c1', '-c', 'bash -c',
]

class Generator {
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  chance(probability: number): boolean {
    return this.#random() < probability
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count)
  }

  #pick<T>(...choices: readonly (readonly [number, () => T])[]): T {
    let left = this.#random() * choices.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, make] of choices) {
      left -= weight
      if (left < 0) return make()
    }
    return (choices[0] as readonly [number, () => T])[1]()
  }

  #one(...texts: readonly string[]): string {
    return texts[this.#below(texts.length)] ?? ''
  }

  #many(from: number, to: number, make: () => string): string[] {
    return Array.from({ length: from + this.#below(to - from + 1) }, make)
  }

  /** Tokens in no order: most of it is an error, and what is none is what no person would think of. */
  soup(): string {
    return this.#many(2, 14, () => TOKENS[this.#below(TOKENS.length)] ?? '').join(this.chance(0.5) ? ' ' : '')
  }

  /** One or two of the rarer forms. */
  rare(): string {
    return this.#many(1, 2, () => (this.chance(0.6) ? evaluated(this.#parts(1)) : wrapped(this.#parts(1)))).join('\n')
  }

  mutate(script: string): string {
    let text = script
    for (let count = 1 + this.#below(3); count > 0; count--) {
      const at = this.#below(text.length + 1)
      const char = META[this.#below(META.length)] ?? ''
      text = this.#pick(
        [3, () => text.slice(0, at) + char + text.slice(at)],
        [3, () => text.slice(0, at) + text.slice(at + 1)],
        [1, () => text.slice(0, at) + char + text.slice(at + 1)],
        [1, () => text.slice(0, at) + text.slice(at, at + 4) + text.slice(at)],
      )
    }
    return text
  }

  script(depth: number): string {
    const statements = this.#many(1, depth > 1 ? 3 : 2, () => this.#statement(depth))
    return statements.reduce((text, next) => {
      // A here-document ends with its line.
      if (text.includes('<<')) return `${text}\n${next}`
      return (
        text +
        this.#one(
          '; ',
          ';',
          '\n',
          ' && ',
          ' || ',
          ' & ',
          '\n\n',
          ' ; # c9\n',
          ' |& ',
          ' | ',
          " # it's ) }\n",
          '\n# c9 `\n',
        ) +
        next
      )
    })
  }

  #statement(depth: number): string {
    if (depth <= 0) return this.#simple(0)
    const inner = () => this.script(depth - 1)
    return this.#pick(
      [14, () => this.#simple(depth)],
      [3, () => this.#wrapped(depth)],
      [2, () => evaluated(this.#parts(depth))],
      [
        1,
        () =>
          `if ${inner()}\nthen ${inner()}\n${this.#one('', `else ${inner()}\n`, `elif ${inner()}\nthen ${inner()}\n`)}fi`,
      ],
      [1, () => `for v in ${this.#words(depth)}; do ${inner()}\nbreak; done`],
      [0.5, () => `while ${inner()}\ndo ${inner()}\nbreak; done`],
      [0.5, () => `until ${inner()}\ndo ${inner()}\nbreak; done`],
      [
        1,
        () =>
          `case ${this.#word(depth)} in (${this.#word(0)}|*) ${inner()}\n${this.#one(';;', ';&', ';;&')} *) ${inner()}\nesac`,
      ],
      [0.5, () => `case ${this.#word(0)} in a|*) ${inner()};; esac`],
      [1, () => `( ${inner()}\n)`],
      [
        1,
        () =>
          `{ ${inner()}\n}${this.#one('', ' >/dev/null', ' 2>&1', ' <<<x', ` >$(${this.#simple(0)}; echo /dev/null)`)}`,
      ],
      [1, () => `${this.#one('f0', 'f1', 'c3')}() { ${inner()}\n}; ${this.#one('f0', 'f1', 'c3')} ${this.#word(0)}`],
      [0.5, () => `function f2 { ${inner()}\n}; f2`],
      [0.7, () => `! ${this.#simple(depth)}`],
      [0.5, () => `time ${this.#one('', '-p ')}${this.#simple(depth)}`],
      [
        0.7,
        () =>
          `[[ ${this.#one('-n', '-z', '!', '-f', '! -d')} ${this.#word(depth - 1)} ]] ${this.#one('&&', '||')} ${this.#simple(depth)}`,
      ],
      [
        0.7,
        () =>
          `[[ ${this.#word(depth - 1)} ${this.#one('==', '!=', '=', '=~', '<')} ${this.#word(depth - 1)} ]] && ${this.#simple(0)}`,
      ],
      [0.5, () => `(( ${this.#arithmetic(depth)} )) || ${this.#simple(0)}`],
      [0.5, () => `for ((i=0; i<1; i++)); do ${inner()}\ndone`],
      [
        0.5,
        () =>
          `cat <<${this.#one('E', "'E'", '-E', '\\E')}\n${this.#one('', 'a ', '\\')}${this.#expansion(depth)} ${this.#word(0)}\nE`,
      ],
      [0.3, () => `coproc { ${inner()}\n}; wait`],
      [0.3, () => `select v in a; do ${inner()}\nbreak; done <<<1`],
      [
        0.4,
        () =>
          `${this.#one('echo a', ':', 'echo c1 x')} | ${this.#one('while read -r v; do', '{ ')} ${inner()}\n${this.#one('done', '}')}`,
      ],
    )
  }

  /** A command that runs a command. */
  #wrapped(depth: number): string {
    const command = () => this.#simple(depth - 1)
    const text = () => this.script(depth - 1)
    return this.#pick(
      [2, () => `env ${this.#one('', 'A=b ', '-i ', '-u A ', '-- ')}${this.#plain(depth)}`],
      [1, () => `nice ${this.#one('', '-n 5 ', '-5 ', '--adjustment=3 ')}${this.#plain(depth)}`],
      [1, () => `timeout ${this.#one('', '-k 1 ', '-s KILL ', '--signal=9 ')}5 ${this.#plain(depth)}`],
      [0.5, () => `nohup ${this.#plain(depth)}`],
      [0.5, () => `setsid ${this.#one('', '-w ')}${this.#plain(depth)}`],
      [0.5, () => `stdbuf -o0 ${this.#plain(depth)}`],
      [1, () => `command ${this.#one('', '-p ', '-- ')}${this.#plain(depth)}`],
      [0.5, () => `exec ${this.#one('', '-a z ', '-c ')}${this.#plain(depth)}`],
      [1, () => `echo a | xargs ${this.#one('', '-n 1 ', '-r ', '-t ')}${this.#plain(depth)}`],
      [0.5, () => `echo c1 | xargs -I{} ${this.#plain(depth)} {}`],
      [1, () => `find . -maxdepth 0 -exec ${this.#plain(depth)} {} ${this.#one('\\;', "';'", '+')}`],
      [2, () => `eval ${this.#quote(text())}`],
      [1, () => `eval ${this.#plain(depth)}`],
      [2, () => `bash -c ${this.#quote(text())} ${this.#one('', 'x y')}`],
      [1, () => `sh -c ${this.#quote(command())}`],
      [1, () => `bash <<'E'\n${text()}\nE`],
      [0.5, () => `bash <<E\n${text()}\nE`],
      [0.5, () => `bash <<<${this.#quote(text())}`],
      [1, () => `trap ${this.#quote(text())} ${this.#one('EXIT', 'DEBUG', 'ERR', '0')}`],
      [0.5, () => `echo ${this.#quote(text())} | bash`],
      [0.3, () => `source <(echo ${this.#quote(command())})`],
      [
        0.3,
        () =>
          `shopt -s expand_aliases\nalias ${this.#one('c4', 'zz')}=${this.#quote(command())}\n${this.#one('c4', 'zz')} x`,
      ],
      [0.3, () => `mapfile -c 1 -C ${this.#quote(this.#plain(0))} v <<<a`],
      [0.3, () => `compgen -W ${this.#quote(this.#expansion(depth))}`],
      [1, () => wrapped(this.#parts(depth))],
      [0.3, () => `busybox ${this.#one('env', 'nice', 'timeout 5')} ${this.#plain(depth)}`],
    )
  }

  #parts(depth: number): Parts {
    return {
      one: (...texts) => this.#one(...texts),
      pick: (...makers) => makers[this.#below(makers.length)]?.() ?? '',
      word: () => this.#word(depth - 1),
      name: () => this.#name(),
      plain: () => this.#plain(depth),
      quoted: () => this.#quote(this.#simple(0)),
      script: () => this.script(depth - 1),
      arithmetic: () => this.#arithmetic(depth),
      quote: (text) => this.#quote(text),
    }
  }

  /** A command without assignments or redirections, as a wrapper takes it. */
  #plain(depth: number): string {
    const rest = this.#many(0, 2, () => this.#word(depth - 1))
    return this.chance(0.15) && depth > 0
      ? this.#wrapped(depth - 1).replace(/\n[\s\S]*/, '')
      : [this.#name(), ...rest].join(' ')
  }

  #simple(depth: number): string {
    const parts: string[] = []
    if (this.chance(0.15)) parts.push(this.#assignment(depth))
    if (this.chance(0.05)) parts.push(this.#redirection(depth))
    if (!this.chance(0.06) || parts.length === 0) parts.push(this.#name(), ...this.#many(0, 3, () => this.#word(depth)))
    if (this.chance(0.15)) parts.push(this.#redirection(depth))
    return parts.join(this.chance(0.03) ? ' \\\n ' : ' ')
  }

  #name(): string {
    const digit = this.#below(10)
    return this.#pick(
      [12, () => `c${digit}`],
      [1, () => `c\\${digit}`],
      [1, () => `'c'${digit}`],
      [1, () => `"c${digit}"`],
      [1, () => `c""${digit}`],
      [1, () => `$'c\\x3${digit}'`],
      [1, () => `$'\\143'${digit}`],
      [0.5, () => `c\\\n${digit}`],
      [1, () => `{c${digit},x,y}`],
      [1, () => `c{${digit},1}`],
      [0.5, () => `c{1..2}`],
      [0.5, () => `{,c${digit}}`],
      [0.5, () => `''{c${digit},}`],
      [0.3, () => `$v`],
      [0.3, () => `$(echo c${digit})`],
      [0.3, () => `c${digit}$IFS`],
      [0.3, () => `/names/c${digit}`],
      [0.3, () => `$"c${digit}"`],
      [0.3, () => this.#one('echo', ':', 'true', 'f0', 'f1', 'printf %s', '[ x', 'test a =')],
      [
        0.6,
        () =>
          this.#one(
            'read v',
            'cat',
            'unset v',
            'local v=1',
            'export v=c1',
            'declare v=2',
            'shift',
            'set -- c1 2',
            'v=1',
            'v=',
            'i=3',
            'return',
            'c1 $v',
            'c2 "$v" $i',
            'read -N 3 v',
            'cd .',
            'let i=1',
            'c1 $# $?',
          ),
      ],
    )
  }

  #assignment(depth: number): string {
    const name = this.#one('v', 'w', 'A', 'i')
    return this.#pick(
      [3, () => `${name}=${this.#word(depth - 1)}`],
      [1, () => `${name}=c${this.#below(10)}`],
      [1, () => `${name}=$(${this.#simple(0)})`],
      [0.5, () => `a=(${this.#words(depth - 1)})`],
      [0.5, () => `a[${this.#arithmetic(depth - 1)}]=${this.#word(0)}`],
      [0.3, () => `v='a[$(c${this.#below(10)})]'`],
      [0.3, () => `v+=${this.#word(0)}`],
    )
  }

  #redirection(depth: number): string {
    return this.#one(
      '>/dev/null',
      '2>&1',
      '<<<x',
      `<<<${this.#word(depth - 1)}`,
      `>/dev/null${this.#expansion(depth - 1)}`,
      '{fd}>/dev/null',
      '3<>/dev/null',
      '</dev/null',
      '&>/dev/null',
      `< <(${this.#simple(0)})`,
      `> >(${this.#simple(0)})`,
    )
  }

  #words(depth: number): string {
    return this.#many(1, 3, () => this.#word(depth)).join(' ')
  }

  #word(depth: number): string {
    return this.#pick(
      [6, () => this.#one('a', 'w1', 'x-y', '-n', '--', '1', 'a=b', 'c1', '0')],
      [1, () => `'${this.#one('a b', '$(c1)', '`c2`', '"', '\\')}'`],
      [1, () => `"a ${depth > 0 ? this.#expansion(depth - 1) : ''}"`],
      [1, () => this.#one('a\\ b', '\\$\\(c1\\)', "\\'", '\\"', 'a\\\nb')],
      [0.7, () => this.#one("$'a\\'b'", "$'\\n'", "$'$(c1)'")],
      [
        0.7,
        () =>
          this.#one(
            '{a,b}',
            'x{1..3}',
            '{a,{b,c}}',
            '{}',
            '{a',
            'a}',
            '{a,"$v"}',
            '*',
            '~',
            'a?',
            '[ab]',
            '{a..c}',
            '{1,}',
          ),
      ],
      [1.5, () => (depth > 0 ? this.#expansion(depth - 1) : '$v')],
      [0.5, () => (depth > 0 ? this.#expansion(depth - 1) + this.#one('', 'a', "'b'") : 'a#b')],
      [0.3, () => this.#one('#x', 'a#$(c1)', '!', '!a', '\\!')],
    )
  }

  #expansion(depth: number): string {
    const inner = () => (depth > 0 ? this.script(depth - 1) : this.#simple(0))
    return this.#pick(
      [3, () => `$(${inner()}\n)`],
      [1, () => `$( ${inner()} )`],
      [1, () => `\`${this.#simple(0).replace(/[`\\]/g, '')}\``],
      [0.5, () => `\`echo \\\`c${this.#below(10)}\\\`\``],
      [1, () => `$v`],
      [1, () => `\${v${this.#one(':-', '-', ':=', '+', ':+', '#', '%%', '^')}${this.#word(depth - 1)}}`],
      [0.5, () => `\${v/${this.#one('a', '*', '')}/${this.#word(depth - 1)}}`],
      [0.5, () => `\${v:${this.#arithmetic(depth)}:1}`],
      [0.5, () => `\${a[${this.#arithmetic(depth)}]}`],
      [0.3, () => this.#one('${!v}', '${#v}', '${v@Q}', '${v@P}', '${!v*}', '${a[@]}', '"$@"', '$#', '$?', '$$')],
      [1, () => `$((${this.#arithmetic(depth)}))`],
      [0.3, () => `$[${this.#arithmetic(depth)}]`],
      [0.5, () => `<(${this.#simple(0)})`],
    )
  }

  #arithmetic(depth: number): string {
    return this.#pick(
      [3, () => this.#one('1', '1+2', 'i=1', 'i++', '2>1', '(1)', '1?2:3', '0x1f', '16#f', 'i=1, i+2')],
      [0.5, () => this.#one('v', 'a[0]', '$v', '"1"', "'1'", '#')],
      [0.7, () => (depth > 0 ? `$(${this.#simple(0)})` : '1')],
      [0.3, () => `a[$(c${this.#below(10)})]`],
      [0.2, () => `'a[$(c${this.#below(10)})]'`],
    )
  }

  /** The text as one word, in one of the ways a text is quoted. */
  #quote(text: string): string {
    return this.#pick(
      [4, () => `'${text.replaceAll("'", "'\\''")}'`],
      [1, () => `"${text.replace(/["\\$`]/g, '\\$&')}"`],
      [1, () => `$'${text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`],
      [0.3, () => `"${text.replaceAll('"', '\\"')}"`],
    )
  }
}
