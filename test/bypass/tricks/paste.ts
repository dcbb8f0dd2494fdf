/** Tricks with pasted text: bracketed (ESC [ 200 ~), plain, broken, and more than one line of it. */
import { ALL, EDITORS, keys, line, on, POSIX, trick } from '../trick.ts'

export const paste = [
  ...on(ALL, [
    trick('paste', 'plain', line('true\rrm -f $C\recho do""ne', 'done')),
    trick('paste', 'line-feeds', line('true\nrm -f $C\necho do""ne', 'done')),
    trick('paste', 'crlf', 'true\r\nrm -f $C\r\ntrue'),
    trick('paste', 'no-last-newline', keys('true\rtrue\rrm -f $C'), ''),
    trick('paste', 'ten-lines', line(`${'true\r'.repeat(10)}rm -f $C\recho do""ne`, 'done')),
    trick('paste', 'behind-long', `: ${'x'.repeat(1500)}\rrm -f $C`),
    trick('paste', 'blank-lines', '\r\r\r\rrm -f $C'),
  ]),
  ...on(
    ['bash', 'zsh', 'fish'],
    [
      trick('paste', 'bracketed', '\x1b[200~rm -f $C\x1b[201~'),
      trick('paste', 'bracketed-two-lines', '\x1b[200~true\rrm -f $C\x1b[201~'),
      trick('paste', 'bracketed-line-feed', '\x1b[200~true\nrm -f $C\x1b[201~'),
      trick('paste', 'end-inside', '\x1b[200~true\x1b[201~\rrm -f $C\r\x1b[201~'),
      trick('paste', 'split-start', keys('\x1b[20'), keys('0~rm -f $C\x1b[201~'), ''),
      trick('paste', 'twice', '\x1b[200~rm \x1b[201~\x1b[200~-f $C\x1b[201~'),
      trick('paste', 'enter-inside', keys('\x1b[200~rm -f $C\r\x1b[201~'), ''),
      trick('paste', 'behind-paste', '\x1b[200~true\x1b[201~\rrm -f $C'),
      trick('paste', 'continuation-inside', '\x1b[200~rm \\\r-f $C\x1b[201~'),
    ],
  ),
  // fish 3.6 drops the tabs.
  ...on(['bash', 'zsh'], [trick('paste', 'tab-inside', '\x1b[200~rm\t-f\t$C\x1b[201~')]),
  ...on(
    ['bash'],
    [
      trick('paste', 'compound', '\x1b[200~for i in 1; do\r:\rdone > $C\x1b[201~'),
      trick('paste', 'here-document', '\x1b[200~cat <<EOF\r$(rm -f $C)\rEOF\x1b[201~'),
      trick('paste', 'bracketing-off', "bind 'set enable-bracketed-paste off'", 'true\rrm -f $C'),
      trick('paste', 'begin-by-key', 'rm -f $C\x1b[200~\x1b[201~'),
    ],
  ),
  ...on(POSIX, [
    trick('paste', 'compound-plain', 'for i in 1; do\r:\rdone > $C'),
    trick('paste', 'here-document-plain', line('cat <<EOF\r$(rm -f $C)\rEOF\recho do""ne', 'done')),
  ]),
  ...on(EDITORS, [trick('paste', 'edited', 'xx -f $C\x01\x04\x04rm')]),
]
