/**
 * Shells as commands. `-c` is read like any other text; a script file is opaque; a shell with neither is one that
 * nobody sees. Where the text comes from a here-document it is analysed, from a pipe it is opaque.
 */
import type { Family, LongEntry } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const

const GTFOBINS = [
  'shell',
  'command',
  'file-read',
  'file-write',
  'reverse-shell',
  'upload',
  'download',
  'library-load',
] as const

/** bash: the profile and the rc file that `-l` and `-i` read belong to the account, as those of the session do. */
const bash: LongEntry = {
  syntax: 'posix',
  known:
    '-abefhiklmnrtuvxBCDEHPT --debugger --login --noediting --noprofile --norc --posix --restricted --verbose --dump-strings --dump-po-strings --pretty-print -o= -O= +o= +O= +abefhkmnrtuvxBCEHPT',
  options: {
    '-c': { operands: ['shell', 'word'] },
    '-s': { operands: 'word', stdin: true },
    '--rcfile= --init-file=': 'script',
    // bash: read the file of $ENV as the real user's; a privileged shell keeps a setuid's rights.
    '-p': 'privilege',
    ...HELP,
  },
  operands: ['script', 'word'],
  bare: 'escape',
  stdin: 'shell',
  gtfobins: GTFOBINS,
}

export const shells = {
  name: 'shells',
  sources: [
    'POSIX.1-2017 sh',
    'bash 5.2, dash 0.5.12, zsh 5.9, fish 3.6, mksh 59, tcsh 6.24 manual pages',
    'BusyBox 1.35 --help',
    'https://gtfobins.github.io',
  ],
  commands: {
    'bash rbash': bash,
    'sh dash ash posh yash bosh pbosh': {
      ...bash,
      known: '-abCeEfhiIlmnqtuvVx -o= +o= +abCeEfhiIlmnquvVx --login --noprofile --norc --posix',
    },
    'ksh ksh93 mksh lksh rksh rksh93 pdksh oksh loksh': {
      ...bash,
      known: '-abBCDeEfGhHiklmnPrtuUvxX -o= -A= +o= +abBCeEfGhHiklmnrtuUvxX',
      options: { ...bash.options, '-T=': 'escape', '-R=': 'write' },
    },
    'zsh rzsh zsh5 zsh-static': {
      ...bash,
      known:
        '-0123456789abBCdDefFgGhHijkKlLmMnNOPqQrRStuUvVwWxXyYzZ -o= +o= +0123456789abBCdDefFgGhHjkKlLmMnNOPqQrRStuUvVwWxXyYzZ --login --rcs --no-rcs --emulate= -E -T',
      options: {
        '-c': { operands: ['shell', 'word'] },
        '-s': { operands: 'word', stdin: true },
        '-p': 'privilege',
        ...HELP,
      },
    },
    fish: {
      syntax: 'posix',
      known:
        '-iPlNv --interactive --login --private --no-config --features= -f= --print-rusage-self --print-debug-categories',
      options: {
        // Its language is not POSIX's; what the analysis makes of a text may not be what fish makes of it.
        '-c= --command=': { argument: { is: 'shell', effects: 'escape' }, operands: 'word' },
        '-C= --init-command=': { is: 'shell', effects: 'escape' },
        '-n --no-execute': {},
        '-p= --profile= --profile-startup= -o= --debug-output=': 'write path',
        '-d= --debug= -D= --debug-stack-frames=': 'word',
        ...HELP,
        '-v': { sets: 'read' },
      },
      operands: ['script', 'word'],
      bare: 'escape',
      stdin: 'shell',
      gtfobins: ['shell', 'command'],
    },
    'csh tcsh bsd-csh': {
      syntax: 'posix',
      known: '-bdefFiIlmnqtvVxX',
      options: {
        '-c': { operands: [{ is: 'shell', effects: 'escape' }, 'word'] },
        '-s': { operands: 'word', stdin: true },
        ...HELP,
      },
      operands: ['script', 'word'],
      bare: 'escape',
      gtfobins: ['shell', 'command', 'file-write'],
    },
    // Shells whose language is their own.
    'es elvish nu nushell xonsh ion oil osh ysh murex scsh rush psh slsh smrsh lshell ksshell hush lash msh': {
      effects: 'escape',
      worst: 'escape',
      options: HELP,
      gtfobins: ['shell', 'command', 'file-read', 'file-write'],
    },
    'pwsh pwsh-preview powershell': {
      effects: 'escape',
      worst: 'escape',
      options: { '--version -v -h': { sets: 'read' } },
      gtfobins: ['shell', 'file-write'],
    },
    // One program, many commands: the first word is the command.
    'busybox-static busybox-extras': {
      effects: 'read',
      syntax: 'posix',
      options: { '--list --list-full --help --long': { sets: 'read' }, '--install': 'write' },
      operands: 'command',
      gtfobins: ['shell', 'command', 'bind-shell', 'reverse-shell', 'file-read', 'file-write', 'upload', 'download'],
    },
    // The dynamic loader runs what it is told to.
    'ld-linux.so.3 ld-linux-armhf.so.3 ld-linux-riscv64-lp64d.so.1 ld64.so.1 ld-musl-i386.so.1': {
      effects: 'read',
      syntax: 'posix',
      known: '--list --verify --list-tunables --list-diagnostics --inhibit-cache --inhibit-rpath= --argv0=',
      options: {
        '--preload= --library-path= --audit= --glibc-hwcaps-prepend= --glibc-hwcaps-mask=': 'escape',
        ...HELP,
      },
      operands: { is: 'command', effects: 'escape' },
      gtfobins: ['shell', 'command'],
    },
    // A patched text of its own, sent by mail with an editor.
    'bashbug perlbug perlthanks': { effects: 'escape transfer', worst: 'escape transfer', gtfobins: ['shell'] },
    checkbashisms: ['read', 'path'],
    shellcheck: ['read', 'path'],
    shfmt: { effects: 'read', worst: 'read write', options: { '-w --write': 'write' }, operands: 'path' },
    // Wrappers that exec what follows
    'rlwrap rlfe ledit': {
      effects: 'write',
      syntax: 'posix',
      known:
        '-aAbcCdDeEfFgGHIijmMnNoOpPqrRsStTuUvwWxXz -D= -b= -C= -e= -f= -g= -H= -m= -M= -O= -p=? -P= -q= -s= -S= -t= -w= --always-readline=? --ansi-colour-aware --break-chars= --complete-filenames --command-name= --history-no-dupes= --extra-char-after-completion= --history-format= --forget-matching= --histsize= --history-filename= --ignore-case --pre-given= --prompt-colour=? --quote-characters= --remember --substitute-prompt= --wait-before-prompt= --file= --multi-line=? --no-children --no-warnings --one-shot --only-cook= --logfile=',
      // A filter is a program.
      options: { '-z= --filter=': 'escape', ...HELP },
      operands: 'command',
      gtfobins: ['shell'],
    },
    genie: { effects: 'escape privilege', worst: 'escape privilege', gtfobins: ['shell'] },
    'tasksh runscript': { effects: 'escape', worst: 'escape', gtfobins: ['shell'] },
  },
} satisfies Family
