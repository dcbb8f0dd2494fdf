/**
 * Text editors, file managers and desktop openers. Every one of them can write a file, and nearly all run commands
 * (`:!`, `^R^X`, `M-!`), so all are `escape` and `write`, however they are started; that some have a restricted mode
 * is not worth relying on, except where the program has no shell at all.
 */
import type { Family, LongEntry } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const

/** vi and its descendants: `+command` and `-c command` run ex commands. */
const vi: LongEntry = {
  effects: 'escape write',
  worst: 'escape write',
  known:
    '-AbCdDeEfFgHlLmMnNRsvxXyZt -# -h --clean --noplugin --not-a-term --ttyfail --literal --nofork --remote --remote-silent --remote-wait --startuptime= --log= --headless --embed -o=? -O=? -p=? -V=? -T= -U=',
  options: {
    '+*': 'code ex',
    '-c= --cmd=': 'code ex',
    '-S= -u= -s= -q= -l=': 'script',
    '-i= -r=? -w= -W=': 'path',
    '--remote-expr= --remote-send= --servername= --listen= --server= --remote-ui --api-info': 'escape',
    ...HELP,
  },
  operands: 'path',
  gtfobins: [
    'shell',
    'command',
    'reverse-shell',
    'bind-shell',
    'file-read',
    'file-write',
    'upload',
    'download',
    'library-load',
  ],
}

export const editors = {
  name: 'editors',
  sources: [
    'vim 9.0, nano 7.2, emacs 28, ed 1.19, mc 4.8 manual pages',
    'BusyBox 1.35 --help',
    'https://gtfobins.github.io',
  ],
  commands: {
    // With -s ex is silent; vi reads a script.
    'ex rex nex': { ...vi, known: `${vi.known} -s`, options: { ...vi.options, '-s': {} } },
    'vi vim nvim view rview rvim vimdiff nvimdiff evim eview gvim gview gvimdiff rgvim rgview nvi nview nvi2 elvis vile vis vim.basic vim.tiny vim.nox vim.gtk3':
      vi,
    'nano rnano': {
      effects: 'escape write',
      worst: 'escape write',
      known:
        '-ABCDEFGHIJLMNOPQRSTUWXYZabcdefghijklmnopqrstuvwxyz0_ -# -+* +* --mouse --linenumbers --softwrap --view --restricted --nowrap --tabsize= --syntax= --speller= --operatingdir= --rcfile= --backupdir= --guidestripe= --quotestr= --wordchars= --fill=',
      options: { ...HELP, '-V': { sets: 'read' } },
      operands: 'path',
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    'pico joe jmacs jpico jstar rjoe jed jove mg zile uemacs em ne micro kak kakoune hx helix amp tilde dte le aee ee ae':
      ['escape write', 'path'],
    'emacs emacs-nox emacs-gtk emacs-lucid xemacs emacsclient remacs editor e3 e3vi': {
      effects: 'escape write',
      worst: 'escape write',
      known: '-* --*',
      options: {
        '-e= --eval= --execute=': 'code lisp',
        '-l= --load= --script= -f= --funcall= -x=': 'script',
        ...HELP,
      },
      operands: 'path',
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    ed: {
      effects: 'escape write',
      worst: 'escape write',
      known: '-sGElrv -p= --prompt= --quiet --silent --loose-exit-status --extended-regexp --traditional --restricted',
      options: HELP,
      operands: 'path',
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    // ed without `!` and bound to the current directory.
    red: {
      effects: 'write',
      worst: 'write',
      known: '-sGElrv -p= --prompt= --quiet --silent --loose-exit-status --extended-regexp --traditional --restricted',
      options: HELP,
      operands: 'write path',
      gtfobins: ['file-read', 'file-write'],
    },
    'edit sensible-editor gedit pluma kate kwrite mousepad leafpad geany xed xedit featherpad scite bluefish gnome-text-editor':
      ['escape write', 'path'],
    'code codium code-insiders subl atom zed cursor': {
      effects: 'escape write',
      worst: 'escape write transfer',
      options: {
        '--install-extension= --uninstall-extension=': 'transfer',
        '--list-extensions -v -h': { sets: 'read' },
        ...HELP,
      },
      operands: 'path',
      gtfobins: ['shell', 'command'],
    },
    'select-editor': 'write',
    xpad: ['escape write', 'path'],
    // Binary editors: no shell in them
    'hexedit hexer dhex bvi bview beav shed ht': ['write', 'path'],
    // File managers open files with any program and have a command line
    // The file manager moves, deletes and fetches; the MinIO client of the same name does too.
    mc: {
      effects: 'escape write destroy transfer',
      worst: 'escape write destroy transfer',
      options: { '--help --help-all --version -V -h': { sets: 'read' } },
      operands: 'path',
    },
    'mcedit mcview mcdiff': {
      effects: 'escape write',
      worst: 'escape write',
      options: { '--help --help-all --version -V -h': { sets: 'read' } },
      operands: 'path',
    },
    'ranger nnn vifm lf yazi broot noice fff clifm joshuto deer': {
      effects: 'escape write',
      worst: 'escape write',
      options: HELP,
      operands: 'path',
      gtfobins: ['shell'],
    },
    // What they start is named in a file of the user's.
    'xdg-open see run-mailcap compose print mimeopen gvfs-open x-www-browser sensible-browser www-browser': {
      effects: 'escape',
      worst: 'escape',
      operands: 'path',
      gtfobins: ['shell'],
    },
    // It evaluates its argument in a shell; the names it is meant for are plain words.
    'xdg-user-dir': {
      effects: 'read',
      operands: { patterns: { '*[!A-Z]*': { effects: 'escape' }, '*': 'word' } },
      gtfobins: ['shell'],
    },
    'xdg-mime xdg-settings xdg-user-dirs-update': 'write',
  },
} satisfies Family
