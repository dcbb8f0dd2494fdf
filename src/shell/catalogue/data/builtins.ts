/**
 * bash's builtins. Belongs to the engine: ../../builtins.ts knows more of some of them (names of variables, aliases, the
 * shell's own options). Builtins that are programs too (`echo`, `test`, `kill`) are in the families of the programs.
 */
import type { Family } from '../schema.ts'

export const builtins = {
  name: 'builtins',
  sources: ['bash 5.2 manual, "Shell Builtin Commands"', 'tried on bash 5.2'],
  commands: {
    'cd pushd popd dirs': ['read', 'path'],
    'exit logout return break continue shift suspend': 'read',
    'bg fg disown times caller help type': 'read',
    wait: { effects: 'read', worst: 'opaque', known: '-fn', options: { '-p=': 'code variable' } },
    // -x runs what follows, with process groups in the place of job names.
    jobs: {
      effects: 'read',
      worst: 'opaque',
      syntax: 'posix',
      known: '-lnprs',
      options: { '-x': { operands: 'command', ends: true } },
    },
    // Without an operand they tell; with one they set.
    umask: { effects: 'read', worst: 'write', known: '-pS', operands: { is: 'word', effects: 'write' } },
    ulimit: {
      effects: 'read',
      worst: 'write',
      known: '-HSabcdefiklmnpqrstuvxPRT',
      operands: { is: 'word', effects: 'write' },
    },
    'alias unalias': 'read',
    // What they declare is read by the engine; the words are not operands.
    'declare typeset local export readonly': { effects: 'read', worst: 'opaque', syntax: 'none' },
    set: { effects: 'read', worst: 'opaque', syntax: 'none' },
    shopt: { effects: 'read', worst: 'opaque', syntax: 'none' },
    unset: { effects: 'read', worst: 'opaque', known: '-fvn', operands: 'code variable' },
    let: { effects: 'read', worst: 'opaque', syntax: 'none', operands: 'code arithmetic' },
    read: {
      effects: 'read',
      worst: 'opaque',
      known: '-ers -d= -i= -n= -N= -p= -t= -u= -E',
      options: { '-a=': 'code variable' },
      operands: 'code variable',
    },
    'mapfile readarray': {
      effects: 'read',
      worst: 'opaque',
      known: '-t -d= -n= -O= -s= -u= -c=',
      options: { '-C=': { is: 'shell', more: true } },
      operands: 'code variable',
    },
    getopts: { effects: 'read', worst: 'opaque', syntax: 'posix', operands: ['word', 'code variable', 'word'] },
    printf: {
      effects: 'read',
      worst: 'opaque',
      syntax: 'posix',
      options: { '-v=': 'code variable', '--help --version': {}, '-*': {} },
    },

    eval: { effects: 'read', worst: 'opaque', syntax: 'posix', operands: 'joined shell' },
    'source .': { effects: 'read', worst: 'opaque escape', syntax: 'posix', operands: ['script', 'word'] },
    trap: {
      effects: 'read',
      worst: 'opaque',
      syntax: 'posix',
      known: '-lp',
      options: { '-P': {} },
      operands: [{ is: 'shell', patterns: { '-': 'word', '[0-9]': 'word', '[0-9][0-9]': 'word' } }, 'word'],
    },
    // Skips functions and aliases, or finds builtins only.
    command: {
      effects: 'read',
      syntax: 'posix',
      known: '-p',
      options: { '-vV': { operands: 'word' } },
      operands: 'command',
    },
    builtin: { effects: 'read', syntax: 'posix', operands: 'command' },
    exec: { effects: 'read', syntax: 'posix', known: '-cl -a=', operands: 'command' },
    // As a keyword it is the parser's; this is the program, or the word behind a backslash.
    time: {
      effects: 'read',
      syntax: 'posix',
      known: '-apvqV --append --portability --verbose --quiet --version --help -f= --format=',
      options: { '-o= --output=': 'destroy path' },
      operands: 'command',
    },

    hash: { effects: 'read', worst: 'opaque', known: '-dlrt', options: { '-p=': 'opaque' } },
    enable: {
      effects: 'read',
      worst: 'opaque escape',
      known: '-aps',
      options: { '-f=': 'escape', '-n -d': 'opaque' },
      operands: { effects: 'opaque' },
    },
    bind: {
      effects: 'escape',
      worst: 'escape opaque',
      options: { '-lpPsSvVX': { sets: 'read' }, '-x=': 'shell', '-f= -m= -q= -r= -u=': 'word' },
    },
    'complete compopt': {
      effects: 'write',
      worst: 'opaque',
      known: '-abcdefgjksuvprDEI -o= +o= -A= -G= -P= -S= -X=',
      // -C runs a command, -W expands its words, when somebody presses Tab.
      options: {
        // It is given the words at hand: `compgen -C 'find .' -- -delete`.
        '-C=': { is: 'shell', more: true },
        '-F=': 'escape',
        '-W=': { patterns: { '*[$`<>(]*': { effects: 'opaque' }, '*': 'word' } },
      },
    },
    compgen: {
      effects: 'read',
      worst: 'opaque',
      known: '-abcdefgjksuv -o= -A= -G= -P= -S= -X=',
      options: {
        // bash 5.3: the words go into an array.
        '-V=': 'code variable',
        // It is given the words at hand: `compgen -C 'find .' -- -delete`.
        '-C=': { is: 'shell', more: true },
        '-F=': 'escape',
        '-W=': { patterns: { '*[$`<>(]*': { effects: 'opaque' }, '*': 'word' } },
      },
    },
    history: {
      effects: 'read',
      worst: 'destroy',
      options: {
        '-c': 'destroy',
        '-d=': 'destroy',
        '-aw': 'write',
        '-nr': 'read',
        '-p': { adds: 'opaque' },
        '-s': 'write',
      },
      operands: 'path',
    },
    // It starts an editor and then runs what was edited; -s runs an earlier line.
    fc: {
      effects: 'escape opaque',
      worst: 'escape opaque',
      // `-2`: the line before the last.
      options: { '-l': { sets: 'read' }, '-0123456789': 'read', '-s': 'opaque', '-e=': 'escape' },
    },
  },
} satisfies Family
