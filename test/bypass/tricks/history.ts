/** Tricks with history: what runs was typed, or written, before. */
import { EDITORS, keys, on, trick } from '../trick.ts'

export const history = [
  ...on(EDITORS, [
    trick('history', 'recall', ': rm -f $C', '\x1b[A\x01\x1b[3~\x1b[3~'),
    trick('history', 'ctrl-p', ': rm -f $C', '\x10\x01\x04\x04'),
    trick('history', 'recall-two', ': rm -f $C', ':', '\x1b[A\x1b[A\x01\x1b[3~\x1b[3~'),
    trick('history', 'recall-up-down', ': rm -f $C', ':', '\x1b[A\x1b[A\x1b[B\x1b[A\x01\x04\x04'),
  ]),
  ...on(
    ['bash', 'zsh'],
    [
      trick('history', 'search', ': rm -f $C', '\x12rm -f\x01\x04\x04'),
      trick('history', 'last-argument', ': $C', 'rm -f \x1b.'),
      trick('history', 'caret', ': rm -f $C', '^: ^'),
      trick('history', 'bang-bang', ': $C', 'rm -f !!:1'),
      trick('history', 'bang-dollar', ': $C', 'rm -f !$'),
      trick('history', 'bang-word', ': rm -f $C', '!!:1*'),
      trick('history', 'bang-number', ': rm -f $C', '!-1:1*'),
      trick('history', 'bang-search', ': rm -f $C', '!?rm?:1*'),
      trick('history', 'bang-substitution', 'true rm -f $C', '!!:s/true//'),
      trick('history', 'bang-hash', ': rm; !#:1 -f $C'),
      trick('history', 'fc-s', ': rm -f $C', "fc -e 'sed -i s/://' -1"),
    ],
  ),
  ...on(
    ['bash'],
    [
      trick('history', 'caret-redirect', '{ :; } > /dev/null', '^/dev/null^$C'),
      trick('history', 'fc-substitution', 'true -f $C', 'fc -s true=rm'),
      trick('history', 'fc-editor', ': rm -f $C', 'FCEDIT="sed -i s/://" fc'),
      trick('history', 'fc-cat', `printf 'rm -f $C\\n' > /tmp/$I`, 'fc -e "cp /tmp/$I"'),
      trick('history', 's-then-recall', 'history -s rm -f $C', '\x1b[A\x1b[A\x1b[B'.replace('\x1b[A\x1b[B', '')),
      trick('history', 's-then-bang', 'history -s rm -f $C', '!rm'),
      trick('history', 'r-then-bang', `printf 'rm -f $C\\n' > /tmp/$I`, 'history -r /tmp/$I', '!rm'),
      trick('history', 'p-prints', `history -p 'rm -f $C' > /tmp/$I; . /tmp/$I`),
      trick('history', 'ctrl-o', ': one', 'rm -f $C', keys('\x1b[A\x1b[A\x0f\x0f'), ''),
      trick('history', 'operate-and-get-next', keys('rm -f $C\x0f'), ''),
      trick('history', 'histchars', 'histchars=@^', ': rm -f $C', '@@:1*'),
      trick('history', 'histverify', 'shopt -s histverify', ': rm -f $C', keys('!!:1*\r\r'), ''),
      trick('history', 'expand-line', ': rm -f $C', '!!:1*\x1b^'),
      trick('history', 'yank-nth', ': rm -f $C', 'x \x1b.\x01\x1bdrm -f'),
    ],
  ),
  ...on(
    ['zsh'],
    [
      trick('history', 'r', 'true -f $C', 'r true=rm'),
      trick('history', 'print-s', 'print -s rm -f $C', '\x1b[A'),
      trick('history', 'print-z', keys('print -z rm -f $C\r\r'), ''),
      trick('history', 'infer-next', ': one', 'rm -f $C', keys('\x1b[A\x1b[A\x0f\x0f'), ''),
    ],
  ),
  ...on(
    ['fish'],
    [
      trick('history', 'search-fish', ': rm -f $C', '\x1b[A\x01\x1b[3~\x1b[3~'),
      trick('history', 'autosuggestion', '# rm -f $C; rm -f $C', 'rm -f $C', 'rm\x06'),
      trick('history', 'last-token', ': $C', 'rm -f \x1b.'),
    ],
  ),
]
