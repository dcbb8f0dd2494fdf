/** Tricks with escape sequences: what stands on a screen is painted over, hidden, or typed back by the terminal itself. */
import { ALL, keys, on, POSIX, trick } from '../trick.ts'

export const escapes = [
  ...on(ALL, [
    trick('escapes', 'concealed', `printf '\\033[8m'`, 'rm -f $C'),
    trick('escapes', 'alternate-screen', `printf '\\033[?1049h'`, 'rm -f $C'),
    trick('escapes', 'alternate-old', `printf '\\033[?47h'`, 'rm -f $C'),
    trick('escapes', 'cleared', `printf '\\033[2J\\033[H'`, 'rm -f $C'),
    trick('escapes', 'scroll-region', `printf '\\033[1;2r\\033[20H'`, 'rm -f $C'),
    trick('escapes', 'cursor-away', `printf '\\033[1;1H'`, 'rm -f $C'),
    trick('escapes', 'origin-mode', `printf '\\033[5;6r\\033[?6h'`, 'rm -f $C'),
    trick('escapes', 'no-wrap', `printf '\\033[?7l'`, `: ${'x'.repeat(120)}; rm -f $C`),
    trick('escapes', 'unfinished-osc', `printf '\\033]0;title'`, 'rm -f $C'),
    trick('escapes', 'unfinished-dcs', `printf '\\033P'`, 'rm -f $C'),
    trick('escapes', 'unfinished-csi', `printf '\\033['`, 'rm -f $C'),
    trick('escapes', 'title', `printf '\\033]0;ls\\007'`, 'rm -f $C'),
    trick('escapes', 'forged-prompt', `printf '\\n$ ls\\n$ '`, 'rm -f $C'),
    trick('escapes', 'forged-mark', `printf '\\033]133;A\\007$ \\033]133;B\\007'`, 'rm -f $C'),
    trick('escapes', 'forged-approval', `printf '✓ approved by bob after 1 s\\r\\n'`, 'rm -f $C'),
    trick('escapes', 'position-report', `printf '\\033[6n'`, '', 'rm -f $C'),
    trick('escapes', 'attributes-report', `printf '\\033[c\\033[>c'`, '', 'rm -f $C'),
    trick('escapes', 'charset-graphics', `printf '\\033(0'`, 'rm -f $C'),
    trick('escapes', 'insert-mode', `printf '\\033[4h'`, 'rm -f $C'),
    trick('escapes', 'typed-sequence-first', keys('\u009b?1049h\r'), '', 'rm -f $C'),
    trick('escapes', 'typed-conceal', keys('\u009b8m\r'), '', 'rm -f $C'),
    trick('escapes', 'typed-osc', keys('\u009d0;x\r'), '', keys('\x07'), keys('\x03'), '', 'rm -f $C'),
    trick('escapes', 'long-flood', 'seq 2000', 'rm -f $C'),
    trick('escapes', 'resize-by-sequence', `printf '\\033[8;5;20t'`, 'rm -f $C'),
  ]),
  ...on(
    ['dash'],
    [
      trick('escapes', 'typed-alternate', keys('\u009b?1049h'), 'x', 'rm -f $C'),
      trick('escapes', 'typed-erase', keys('rm -f $C #\u009b2K\u009b1G'), ''),
      trick('escapes', 'typed-home', '', '', keys('rm -f $C #\u009b2J\u009bH'), ''),
      trick('escapes', 'typed-backspaces', keys('rm -f $C #\u009b60D\u009bK'), ''),
    ],
  ),
  ...on(POSIX, [
    trick('escapes', 'carriage-return-output', `printf 'rm -f $C\\rls         \\n'; rm -f $C`),
    trick('escapes', 'echo-off', 'stty -echo', 'rm -f $C', keys('rm -f $C\r'), ''),
    trick('escapes', 'echo-control-off', 'stty -echoctl', 'rm -f $C'),
  ]),
  ...on(
    ['bash'],
    [
      trick('escapes', 'answer-forged', `printf '%s go\\n' x > /dev/tcp/127.0.0.1/1; rm -f $C`),
      trick('escapes', 'ask-with-the-key', 'exec 9<>/dev/tcp/127.0.0.1/$__sallyport_port', 'rm -f $C'),
      trick('escapes', 'key-shown', 'declare -p | grep sally; rm -f $C'),
      trick('escapes', 'key-by-set', 'set | grep -a key; compgen -v; rm -f $C'),
      trick(
        'escapes',
        'key-by-proc',
        'cat /proc/$$/environ; tr "\\0" "\\n" < /proc/$$/cmdline; ls -l /proc/$$/fd; rm -f $C',
      ),
      trick('escapes', 'key-by-memory', `perl -e 'open F, "/proc/$ARGV[0]/mem"' $$; rm -f $C`),
      trick('escapes', 'key-by-indirection', 'for v in $(compgen -v); do echo "$v=${!v}"; done > /tmp/$I; rm -f $C'),
      trick('escapes', 'key-by-trap', 'trap -p DEBUG; declare -f; rm -f $C'),
    ],
  ),
]
