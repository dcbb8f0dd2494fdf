/**
 * Programs as they are where LESSSECURE is set and cannot be unset. Not part of the catalogue: an analysis uses these
 * entries only where the gate vouches for the variable, and for the program that the target has under this name.
 */
import type { Family } from '../schema.ts'

/** The family whose entries these take the place of. */
export const secures = 'text'

export const secured = {
  name: 'secured',
  sources: ['less 590 manual page, "SECURITY": no !, |, v, s, :e, -o, -k, -t and no history; each tried'],
  commands: {
    less: {
      effects: 'read',
      worst: 'escape write',
      known:
        '-# -aAcCdeEfFgGiIJKLmMnNqQrRsSuUwWX~ --RAW-CONTROL-CHARS --raw-control-chars --chop-long-lines --LINE-NUMBERS --line-numbers --quit-if-one-screen --quit-at-eof --QUIT-AT-EOF --ignore-case --IGNORE-CASE --no-init --follow-name --squeeze-blank-lines --long-prompt --LONG-PROMPT --quiet --silent --QUIET --SILENT --mouse --use-color --hilite-search --HILITE-SEARCH --incsearch --no-keypad --clear-screen --status-column --tilde --underline-special',
      options: {
        '-b= -h= -j= -p= -P= -x= -y= -z= -D=': 'word',
        '+*': 'code less',
        '--help --version -V': { sets: 'read' },
      },
      operands: 'read path',
    },
  },
} satisfies Family
