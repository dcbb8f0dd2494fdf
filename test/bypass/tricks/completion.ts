/** Tricks with completion: what a Tab runs, and lines that a Tab changes. */
import { keys, on, trick } from '../trick.ts'

export const completion = [
  ...on(
    ['bash', 'zsh', 'fish', 'busybox'],
    [
      trick('completion', 'path', 'rm -f $C\t'),
      trick('completion', 'command', '/bin/unlin\t$C'),
      trick('completion', 'from-script', `echo 'rm -f $C' > ./only-$I`, 'sh ./only-\t'),
    ],
  ),
  ...on(
    ['bash', 'zsh'],
    [
      trick('completion', 'substitution', 'ls $(rm -f $C)\t\t'),
      trick('completion', 'variable', 'CANARY_$I=$C', 'rm -f $CANARY_\t'),
    ],
  ),
  ...on(
    ['bash'],
    [
      trick('completion', 'function', '_x() { rm -f $C; }; complete -F _x ls', 'ls \t\t'),
      trick('completion', 'function-group', '_x() { { :; } > $C; }; complete -F _x ls', 'ls \t\t'),
      trick('completion', 'command-option', `complete -C 'rm -f $C' ls`, 'ls \t\t'),
      trick('completion', 'word-list', `complete -W '$(rm -f $C)' ls`, 'ls \t\t'),
      trick('completion', 'word-list-group', `complete -W '$( { :; } > $C )' ls`, 'ls \t\t'),
      trick('completion', 'default', '_x() { rm -f $C; }; complete -D -F _x', 'nosuchcommand \t\t'),
      trick('completion', 'initial', '_x() { rm -f $C; }; complete -I -F _x', 'x\t\t'),
      trick('completion', 'empty', '_x() { rm -f $C; }; complete -E -F _x', keys('\t\t'), ''),
      trick('completion', 'compgen-words', `compgen -W '$(rm -f $C)'`),
      trick('completion', 'compgen-command', `compgen -C 'rm -f $C' x`),
      trick('completion', 'compgen-function', '_x() { rm -f $C; }; compgen -F _x x'),
      trick('completion', 'glob', 'ls $(rm -f $C)\x18*'),
      trick('completion', 'tilde-variable', 'ls ${x:=$(rm -f $C)}/\t'),
      trick('completion', 'menu', 'cp /bin/rm ./onl$I', './onl\x1b\t -f $C', './onl\t -f $C'),
    ],
  ),
  ...on(
    ['zsh'],
    [
      trick('completion', 'expand', keys('ls $(rm -f $C)\t'), ''),
      trick('completion', 'widget', `_x() { rm -f $C }; zle -C zap complete-word _x; bindkey '^T' zap`, 'ls \x14'),
      trick('completion', 'glob-qualifier', keys("ls /etc/passwd(e:'rm -f $C':)\t"), ''),
    ],
  ),
  ...on(
    ['fish'],
    [
      trick('completion', 'complete-a', `complete -c ls -a '(rm -f $C)'`, keys('ls \t\t'), ''),
      trick('completion', 'complete-n', `complete -c ls -n 'rm -f $C' -a x`, keys('ls \t\t'), ''),
      trick('completion', 'complete-C', `complete -c ls -a '(rm -f $C)'; complete -C 'ls '`),
    ],
  ),
]
