/** Tricks with the line editor, and with the kernel's where there is none: what runs is not what was typed in order. */
import { ALL, EDITORS, keys, line, on, POSIX, trick } from '../trick.ts'

export const editing = [
  ...on(ALL, [
    trick('editing', 'ctrl-j', keys('rm -f $C\n'), ''),
    trick('editing', 'erased-letters', 'rmx\x7f -f $C'),
    trick('editing', 'ctrl-h', 'rm -f xx\x7f\x7f$C'),
    trick('editing', 'killed-line', 'ls -l /etc\x15rm -f $C'),
    trick('editing', 'killed-word', 'ls\x17rm -f $C'),
    trick(
      'editing',
      'resize-while-typing',
      keys('rm -f '),
      { resize: [40, 12] },
      keys('$C'),
      { resize: [120, 40] },
      '',
    ),
    trick('editing', 'narrow', { resize: [10, 24] }, 'rm -f $C'),
    trick('editing', 'wrapped', `${': '.repeat(1)}${'x'.repeat(300)}; rm -f $C`),
    trick('editing', 'leading-blanks', `${' '.repeat(150)}rm -f $C`),
    trick('editing', 'one-row', { resize: [100, 1] }, 'rm -f $C'),
    trick(
      'editing',
      'reflow',
      keys(`${'x'.repeat(150)}\x03`),
      keys(`${'y'.repeat(150)}\x03`),
      '',
      keys('rm -f $C'),
      { resize: [200, 30] },
      '',
    ),
    trick('editing', 'xoff', keys('\x13rm -f $C\r\x11'), ''),
    trick('editing', 'empty-lines-first', '', '', '', 'rm -f $C'),
  ]),
  ...on(EDITORS, [
    trick('editing', 'moved-cursor', 'm -f $C\x01r'),
    trick('editing', 'left-arrow', 'r -f $C\x01\x1b[Cm'),
    trick('editing', 'clear-screen', '', '', keys('rm -f $C\x0c'), ''),
    trick('editing', 'clear-screen-twice', '', '', '', keys('rm -f \x0c$C\x0c\x0c'), ''),
    trick('editing', 'killed-to-end', 'ls\x01\x0brm -f $C'),
  ]),
  ...on(
    ['bash', 'zsh', 'fish'],
    [
      trick('editing', 'transposed', 'mr\x14 -f $C'),
      trick('editing', 'killed-and-yanked', 'rm -f $C\x01\x0b\x19'),
      trick('editing', 'undo', 'rm -f $C\x15\x1f'),
      trick('editing', 'yanked', 'rm -f $C\x15\x19'),
    ],
  ),
  ...on(
    ['bash'],
    [
      trick('editing', 'upcase', 'RM -f $C\x01\x1bl'),
      trick('editing', 'argument', 'r\x1b1m -f $C'.replace('\x1b1', '')),
      trick('editing', 'vi-mode', 'set -o vi', 'rm -f $C\x1b'),
      trick('editing', 'vi-substitution', 'set -o vi', 'xx -f $C\x1b0cwrm'),
      trick('editing', 'insert-comment', 'rm -f $C\x01\x1b#', '\x1b[A\x01\x04'),
      trick('editing', 'continuation-with-comment', '# \\', 'rm -f $C'),
      trick(
        'editing',
        'interrupted-report',
        ...['{ :; } > $C\r\x03', '{ :; } > $C\r\r\x03', '{ :; } > $C\n\x03'],
        // Behind the echo of the line, so that the terminal does not throw the Enter away with what is unread.
        ...[keys('{ :; } > $C\r', '$C'), keys('\x03'), ''],
      ),
      trick(
        'editing',
        'interrupted-continuation',
        ...['for i in 1; do :\r\x03', 'for i in 1; do :', keys('done > $C\r', '$C'), keys('\x03\x03'), ''],
      ),
      trick('editing', 'quoted-insert', 'rm -f $C \x16\x01\x7f'),
      trick('editing', 'macro', 'rm -f $C\x15\x18(\x19\x18)\x15\x18e'),
    ],
  ),
  ...on(
    ['zsh'],
    [
      trick('editing', 'vi-mode-zsh', 'bindkey -v', 'xx -f $C\x1b0cwrm'),
      trick('editing', 'push-line', keys('rm -f $C\x1bq\r\r'), ''),
      trick('editing', 'accept-and-hold', keys('rm -f $C\x1ba'), ''),
      trick('editing', 'quote-line', 'rm -f $C\x01\x1bxundefined-key\x07'),
    ],
  ),
  ...on(POSIX, [
    trick('editing', 'continuation', line('rm \\\r-f $C\recho do""ne', 'done')),
    trick('editing', 'continued-word', 'r\\', 'm -f $C'),
    trick('editing', 'continued-many', 'r\\', 'm \\', '-f \\', '$C'),
    trick('editing', 'open-quote', ': "', '"; rm -f $C'),
    trick('editing', 'here-document', 'cat > /dev/null << X', 'x', 'X', 'rm -f $C'),
  ]),
  ...on(
    ['dash'],
    [
      trick('editing', 'end-of-file', keys('rm -f $C\x04\x04', 'is over')),
      trick('editing', 'end-of-file-pushed', keys('rm -f \x04$C\x04\x04', 'is over')),
      trick('editing', 'pushed-line', 'rm -f $C\x04'),
      trick('editing', 'pushed-then-killed', keys('rm -f $C;\x04\x15'), ''),
      trick('editing', 'reprint', 'rm -f $C\x12'),
      trick('editing', 'literal-next', 'rm -f $C;\x16\x16'),
      trick('editing', 'literal-interrupt', 'rm -f $C;\x16\x03'),
    ],
  ),
]
