/** Tricks with jobs and timing: what runs at another moment than it was typed, or in another process. */
import { ALL, keys, line, on, POSIX, trick } from '../trick.ts'

/** A program in the foreground that is known to have begun. */
const sleeping = line('echo rea""dy; sleep 5', 'ready')

export const jobs = [
  ...on(ALL, [
    trick('jobs', 'background', 'rm -f $C &'),
    trick('jobs', 'background-sleep', 'sh -c "sleep 0.3; rm -f $C" &'),
    trick('jobs', 'type-ahead', 'sleep 0.2\rrm -f $C'),
    trick('jobs', 'type-ahead-long', keys('sleep 1\rrm -f $C\r'), '', ''),
    trick('jobs', 'type-ahead-cat', keys('cat > /dev/null\rrm -f $C\r', 'rm -f $C\n'), keys('\x04', '$ '), 'rm -f $C'),
    trick('jobs', 'suspended', sleeping, keys('\x1a', '$ '), 'rm -f $C'),
    trick('jobs', 'interrupted', sleeping, keys('\x03', '$ '), 'rm -f $C'),
    trick('jobs', 'interrupted-with-line', keys('sleep 1\r\x03', '$ '), keys('rm -f $C\r'), ''),
    trick('jobs', 'ctrl-c-then-line', keys('rm -f $C\x03', '$ '), 'rm -f $C'),
    trick('jobs', 'line-then-ctrl-c', keys('rm -f $C\r\x03', '$ '), keys('rm -f $C\r\x03', '$ '), 'rm -f $C'),
    trick('jobs', 'many-enters', '\r\r\r\r\r\r\r\rrm -f $C\r\r\r'),
    trick('jobs', 'quit-signal', sleeping, keys('\x1c', '$ '), 'rm -f $C'),
    trick('jobs', 'pipeline-member', 'true | rm -f $C | cat'),
    trick('jobs', 'pipeline-last', 'echo x | rm -f $C'),
    trick('jobs', 'nohup-background', 'nohup sh -c "sleep 0.2; rm -f $C" > /dev/null 2>&1 &', ''),
    trick('jobs', 'setsid-fork', 'setsid -f sh -c "sleep 0.2; rm -f $C"'),
    trick(
      'jobs',
      'nohup-then-hangup',
      line(`nohup sh -c "echo rea''dy > /dev/tty; sleep 0.3; rm -f $C" > /dev/null 2>&1 &`, 'ready'),
      { hangUp: true },
    ),
    trick(
      'jobs',
      'resize-storm',
      keys('rm -f $C\r'),
      { resize: [80, 24] },
      { resize: [20, 5] },
      { resize: [132, 50] },
      '',
    ),
    trick(
      'jobs',
      'timeout-background',
      '(timeout 0.2 sleep 5; rm -f $C) &',
      'sh -c "timeout 0.2 sleep 5; rm -f $C" &',
      '',
    ),
  ]),
  ...on(POSIX, [
    trick('jobs', 'background-subshell', '( sleep 0.2; rm -f $C ) &', ''),
    trick('jobs', 'background-function', 'f() { sleep 0.2; rm -f $C; }; f &', ''),
    trick('jobs', 'background-loop', 'while :; do rm -f $C; break; done &', ''),
    trick('jobs', 'wait', 'rm -f $C & wait'),
    trick('jobs', 'exit-trap-background', `( trap 'rm -f $C' EXIT; : ) &`, ''),
    trick('jobs', 'no-monitor', 'set +m; (rm -f $C) & wait'),
    trick('jobs', 'kill-parent-in-pipeline', '(kill -TERM $$; rm -f $C)'),
    trick('jobs', 'stop-self', '(sleep 0.3; rm -f $C; kill -CONT $$) & kill -STOP $$', ''),
  ]),
  ...on(
    ['bash'],
    [
      trick('jobs', 'coproc', 'coproc rm -f $C'),
      trick('jobs', 'coproc-shell', 'coproc sh', 'echo rm -f $C >&${COPROC[1]}'),
      trick('jobs', 'fg', '(sleep 0.2; rm -f $C) &', 'fg'),
      trick('jobs', 'lastpipe', 'shopt -s lastpipe; set +m', 'echo x | { read y; rm -f $C; }'),
      trick('jobs', 'tmout', `TMOUT=1; trap 'rm -f $C' EXIT`, keys('', 'timed out')),
      trick('jobs', 'disown', '(sleep 0.4; rm -f $C) & disown', { hangUp: true }),
      trick('jobs', 'async-after-exit', '(trap "" HUP; sleep 0.4; rm -f $C) &', 'exit'),
      trick('jobs', 'async-group-after-exit', '(trap "" HUP; sleep 0.4; { :; } > $C) &', 'exit'),
    ],
  ),
  ...on(
    ['zsh'],
    [
      trick('jobs', 'disown-zsh', 'rm -f $C &!'),
      trick('jobs', 'coproc-zsh', 'coproc rm -f $C'),
      trick('jobs', 'tmout-alarm', 'TMOUT=1; TRAPALRM() { rm -f $C }', keys('', 'never-shown'), ''),
    ],
  ),
]
