/**
 * Tricks on bash's own variables and traps, against a gate that works in the same shell: attributes that make an assignment
 * fail or evaluate, names that are put together, handlers that run while the gate asks, texts that look like verdicts.
 */
import { on, trick } from '../trick.ts'

const then = 'rm -f $C'

export const attributes = on(
  ['bash'],
  [
    // This one ran unseen once: the gate's own `local text=…` failed, and `ls` was reported for everything.
    trick('off', 'readonly-text', 'readonly text=ls', then),
    trick('off', 'readonly-answer', 'readonly answer=go word=go kind=line flags=-', then),
    trick('off', 'readonly-gate-name', "readonly __sally''port_word=go", then),
    trick('off', 'readonly-computed', 'a=__sally; b=port_word', 'readonly "$a$b"=go', then),
    trick('off', 'nameref-subscript', 'declare -a a', `declare -n fd='a[$(rm -f $C)]'`, ': $fd'),
    trick(
      'off',
      'nameref-computed',
      'x=__sally; y=port_status',
      `declare -n "$x$y"='a[$(rm -f $C)]'`,
      'true',
      ': $__sallyport_status',
    ),
    trick(
      'off',
      'integer-inherited',
      'shopt -s localvar_inherit',
      'declare -i text',
      `'a[$(rm -f $C)]'`,
      `text='a[$(rm -f $C)]'`,
    ),
    trick('off', 'lower-case', 'declare -l text=rm', 'RM -f $C', 'text=RM; $text -f $C'),
    trick('off', 'unset-command', 'a=BASH_COMM; b=AND', 'unset "$a$b"', 'printf -v "$a$b" ls', then),
    trick('off', 'readline-readonly', 'a=READLINE_; b=LINE', 'printf -v "$a$b" ls', 'readonly "$a$b"', '{ :; } > $C'),
    trick('off', 'trace-prompt', `PS4='$(rm -f $C)'`, 'set -x', 'true'),
    trick('off', 'trace-prompt-computed', 'a=PS; b=4', `printf -v "$a$b" %s '$(rm -f $C)'`, 'set -x', 'true'),
    trick('off', 'builtin-readonly', 'builtin() { command rm -f $C; }; readonly -f builtin', 'true', 'builtin true'),
    trick('off', 'unset-readonly', 'unset() { command rm -f $C; }', 'readonly -f unset', 'true', 'unset x'),
    trick('off', 'no-case', 'shopt -s nocasematch', 'cat /dev/null; CAT() { command rm -f $C; }; CAT /dev/null'),
    trick('hooks', 'return-handler', 'unalias ls', 'ls() { command rm -f $C; }', 'trap ls RETURN', '. /dev/null'),
    trick(
      'hooks',
      'error-handler',
      'unalias ls',
      'ls() { command rm -f $C; }',
      'trap ls ERR',
      'cat /nope; rm -f /nope',
    ),
    trick('hooks', 'exit-handler', 'unalias ls', 'ls() { command rm -f $C; }', '( trap ls EXIT; rm -f /nope )'),
    trick(
      'hooks',
      'signal-handler',
      'unalias ls',
      'ls() { command rm -f $C; }',
      'trap ls USR1',
      '(for i in 1 2 3 4 5 6 7 8 9; do kill -USR1 $$; done) & for i in 1 2 3 4 5; do true; done',
    ),
    trick('hooks', 'trap-in-the-middle', 'd=DEBUG', 'trap - $d EXIT', then),
    // What was allowed once in a line may run again in it: another text, a function of that name, another line may not.
    trick('jobs', 'again-list', 'cat <<E\n- rm -f $C\nE\nrm -f $C'),
    trick('jobs', 'again-function', 'f() { rm -f $C; }; true; true() { f; }; true'),
    trick('jobs', 'again-later', 'i=1; while cat /dev/null; (( i < 3 )); do i=$((i+1)); done; rm -f $C'),
    trick('jobs', 'again-variable', 'x=-print', 'for x in -print -delete; do find $C $x; done'),
  ],
)
