/** Tricks that use something up: the gate's questions, its buffers, the target's processes. */
import { ALL, line, on, POSIX, trick } from '../trick.ts'

export const exhaustion = [
  ...on(ALL, [
    trick('exhaustion', 'many-lines', line(`${'true\r'.repeat(25)}rm -f $C\recho do""ne`, 'done')),
    trick('exhaustion', 'many-keys', `${'\x7f'.repeat(2000)}rm -f $C`),
    trick('exhaustion', 'flood', 'seq 20000 > /dev/null; rm -f $C'),
    trick(
      'exhaustion',
      'resize-flood',
      ...Array.from({ length: 60 }, (_, step) => ({ resize: [40 + step, 20 + (step % 9)] as const })),
      'rm -f $C',
    ),
  ]),
  // busybox's line editor takes 1,023 characters.
  ...on(
    ['bash', 'zsh', 'fish', 'dash'],
    [
      trick('exhaustion', 'long-line', `true ${'x'.repeat(3000)}; rm -f $C`),
      trick('exhaustion', 'many-statements', `${'true;'.repeat(300)}rm -f $C`),
    ],
  ),
  ...on(
    ['busybox'],
    [
      trick('exhaustion', 'long-line-ash', `true ${'x'.repeat(900)}; rm -f $C`),
      trick('exhaustion', 'many-statements-ash', `${'true;'.repeat(180)}rm -f $C`),
    ],
  ),
  ...on(
    ['bash', 'zsh', 'fish'],
    [
      trick('exhaustion', 'very-long-line', `true ${'x'.repeat(8_000)}; rm -f $C`),
      trick(
        'exhaustion',
        'type-ahead-full',
        line(`sleep 0.5\r${': xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r'.repeat(25)}rm -f $C\recho do""ne`, 'done'),
      ),
    ],
  ),
  ...on(POSIX, [
    trick('exhaustion', 'many-jobs', 'for i in 1 2 3 4 5 6 7 8 9 10; do (sleep 0.1; rm -f $C) & done', 'wait'),
    trick('exhaustion', 'deep-nesting', `${'( '.repeat(20)}rm -f $C${' )'.repeat(20)}`),
    trick('exhaustion', 'deep-substitution', `echo ${'$(echo '.repeat(10)}$(rm -f $C)${')'.repeat(10)}`),
    trick('exhaustion', 'recursion', 'f() { [ $1 -gt 0 ] && f $(($1 - 1)); }; f 30; rm -f $C'),
    trick('exhaustion', 'many-arguments', 'rm -f $(seq 2000) $C'),
    trick(
      'exhaustion',
      'descriptors',
      'exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null 8</dev/null; rm -f $C',
    ),
    trick('exhaustion', 'process-limit', 'ulimit -u 40; rm -f $C', 'rm -f $C'),
    trick('exhaustion', 'memory-limit', 'ulimit -v 400000; rm -f $C'),
    trick('exhaustion', 'file-limit', 'ulimit -n 12; rm -f $C'),
    trick('exhaustion', 'cpu-limit', 'ulimit -t 20; rm -f $C'),
  ]),
  ...on(
    ['bash'],
    [
      trick('exhaustion', 'longest-line', `true ${'x'.repeat(30_000)}; rm -f $C`),
      trick('exhaustion', 'loop-then', 'for i in {1..200}; do :; done; { :; } > $C'),
      trick('exhaustion', 'parallel-questions', 'for i in {1..40}; do (:) & done; wait; { :; } > $C'),
      trick('exhaustion', 'file-limit-group', 'ulimit -n 10', '{ :; } > $C'),
      trick('exhaustion', 'long-text', `x=${'y'.repeat(9000)}; { :; } > $C`),
      trick('exhaustion', 'huge-quoted', `: '${'z'.repeat(70_000)}'; { :; } > $C`),
      trick('exhaustion', 'limit-in-subshell', '(ulimit -n 4; { :; } > $C)', '(ulimit -n 4; rm -f $C)'),
      trick('exhaustion', 'stack', 'ulimit -s 256; { :; } > $C'),
    ],
  ),
]
