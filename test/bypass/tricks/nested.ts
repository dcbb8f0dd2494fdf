/**
 * Tricks with shells that get a gate of their own inside a gated bash. Somebody approves those (see approver.ts), and
 * only those: the inner shell must not come up without its gate, whatever the person does before and around it.
 */
import { inside, keys, on, trick } from '../trick.ts'

const then = 'rm -f $C'
export const nested = on(
  ['bash'],
  [
    // What the inner gate is for.
    trick('nested', 'bash', inside('bash'), then),
    trick('nested', 'bash-login', inside('bash -l'), then),
    trick('nested', 'sudo-i', inside('sudo -i'), then),
    trick('nested', 'sudo-bash', inside('sudo bash'), then),
    trick('nested', 'sudo-su', inside('sudo su -'), then),
    trick('nested', 'sudo-user', inside('sudo -u root -i'), then),
    trick('nested', 'group', inside('sudo -i'), '{ :; } > $C'),
    trick('nested', 'three-deep', inside('bash'), inside('sudo -i'), inside('bash'), then),
    trick('nested', 'background', inside('sudo -i'), '(sleep 0.2; rm -f $C) &', ''),
    trick('nested', 'background-after-exit', inside('sudo -i'), '(trap "" HUP; sleep 0.5; rm -f $C) &', 'exit', ''),
    trick('nested', 'background-group-after-exit', inside('bash'), '(sleep 0.5; { :; } > $C) &', 'exit', ''),
    // Turning it off.
    trick('nested', 'trap-dash', inside('bash'), 'trap - DEBUG', then),
    trick('nested', 'extdebug', inside('sudo -i'), 'shopt -u extdebug', then),
    trick('nested', 'functrace', inside('bash'), '(set +T; rm -f $C)'),
    trick('nested', 'prompt-command', inside('bash'), "PROMPT_COMMAND='rm -f $C'", ''),
    trick('nested', 'unset-prompt-command', inside('bash'), 'unset PROMPT_COMMAND', then),
    trick('nested', 'bind', inside('bash'), `bind '"\\C-x\\C-z\\C-a": accept-line'`, keys('rm -f $C\x18\x1a\x01'), ''),
    // What the outer shell hands down.
    trick('nested', 'posix', 'export POSIXLY_CORRECT=1', inside('bash'), then),
    trick('nested', 'posix-pedantic', 'export POSIX_PEDANTIC=1', inside('bash'), then),
    trick('nested', 'posix-env', 'export POSIXLY_CORRECT=1 ENV=/tmp/$I; echo "rm -f $C" > /tmp/$I', inside('bash'), ''),
    trick('nested', 'bash-env', 'echo "rm -f $C" > /tmp/$I; export BASH_ENV=/tmp/$I', inside('bash'), ''),
    trick('nested', 'shellopts', 'set -a; export SHELLOPTS BASHOPTS', inside('bash'), then),
    trick('nested', 'prompt-from-outside', "export PROMPT_COMMAND='rm -f $C' PS1='$(rm -f $C)$ '", inside('bash'), ''),
    trick('nested', 'function-exported', 'stty() { rm -f $C; }; export -f stty', inside('bash'), ''),
    trick('nested', 'path', 'mkdir b; echo "#!/bin/sh" > b/stty; export PATH=$PWD/b:$PATH', inside('bash'), then),
    trick('nested', 'compat', 'export BASH_COMPAT=31', inside('bash'), then),
    trick('nested', 'dumb', 'export TERM=dumb EMACS=t INSIDE_EMACS=1', inside('bash'), then),
    trick('nested', 'tmout', 'export TMOUT=1', inside('bash'), then),
    trick('nested', 'locale', 'export LC_ALL=C.UTF-8 LANG=tr_TR.UTF-8', inside('bash'), then),
    trick('nested', 'ifs', 'export IFS=/', inside('bash'), then),
    trick('nested', 'init-variable', 'declare -rx __sallyport_init="rm -f $C"', inside('bash'), then),
    trick('nested', 'sudo-environment', 'export BASH_ENV=/tmp/$I PS4="$(rm -f $C)"; set -x', inside('sudo -i'), then),
    trick('nested', 'noexec', 'set -n', inside('bash'), then),
    trick('nested', 'bashrc', `printf 'trap - DEBUG\\nrm -f $C\\n' > .bashrc`, inside('bash'), then),
    trick('nested', 'bashrc-trap', `printf "trap '' INT\\nkill -INT \\$\\$\\n" >> .bashrc`, inside('bash'), then),
    trick('nested', 'inputrc', `echo '"\\C-m": accept-line' > .inputrc`, inside('bash'), then),
    // Other commands in its name.
    trick('nested', 'function-sudo', 'sudo() { rm -f $C; }', inside('sudo -i'), ''),
    trick('nested', 'function-bash', 'bash() { rm -f $C; }', inside('bash'), ''),
    trick('nested', 'function-path', '/bin/bash() { rm -f $C; }', inside('bash'), ''),
    trick('nested', 'function-command', 'command() { rm -f $C; }; eval() { rm -f $C; }', inside('bash'), ''),
    trick('nested', 'alias-sudo', `alias sudo='rm -f $C; sudo'`, inside('sudo -i'), ''),
    trick('nested', 'alias-bash', `alias bash='rm -f $C #'`, inside('bash'), ''),
    trick(
      'nested',
      'alias-command',
      `alias command='rm -f $C;' builtin='rm -f $C;' eval='rm -f $C;'`,
      inside('bash'),
      '',
    ),
    trick('nested', 'hash', 'hash -p /bin/sh bash', inside('bash'), then),
    // Races around its start and its end.
    ...[0, 20, 60].map((times) =>
      trick('nested', `interrupted-${times}`, inside('bash'), 'exit', keys(`bash\r${'\x03'.repeat(times)}`), '', then),
    ),
    trick('nested', 'interrupted-at-start', keys('bash\r', 'pproved'), keys('\x03'.repeat(40)), '', then),
    trick('nested', 'end-of-file-at-start', keys('bash\r', 'pproved'), keys('\x04\x04'), '', then),
    trick('nested', 'stopped-at-start', keys('sudo -i\r', 'pproved'), keys('\x1a'.repeat(40)), 'fg', then),
    trick('nested', 'quit-at-start', keys('sudo -i\r', 'pproved'), keys('\x1c'.repeat(40)), '', then),
    trick('nested', 'typed-ahead', keys('bash\rrm -f $C\r', 'pproved'), '', ''),
    trick('nested', 'forged-key', keys(`bash\r${'0123456789abcdef'.repeat(2)}\rrm -f $C\r`, 'pproved'), '', then),
    trick('nested', 'exit-race', inside('bash'), keys('exit\rrm -f $C\r'), '', ''),
    trick('nested', 'end-of-file-race', inside('sudo -i'), keys('\x04rm -f $C\r'), '', ''),
    trick('nested', 'end-of-file-then-interrupt', inside('bash'), keys('\x04rm -f $C\r\x03\r'), '', then),
    trick('nested', 'suspend', inside('bash'), 'suspend', then, 'fg', then),
    trick('nested', 'stop', inside('bash'), 'kill -STOP $$', then, 'fg', then),
    trick('nested', 'exec', inside('bash'), 'exec bash --norc', then),
    trick('nested', 'hang-up', inside('sudo -i'), '(sleep 0.6; rm -f $C) &', { hangUp: true }),
  ],
)
