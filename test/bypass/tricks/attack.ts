/**
 * Tricks against this gate in particular: names that it reads itself, and values that it, or the shell beside it, would
 * take for arithmetic and so for something to run (`a[$(…)]`); builtins that run a text which looks like data; files that
 * the shell writes by itself.
 */
import { ALL, keys, line, on, POSIX, trick } from '../trick.ts'

const then = 'rm -f $C'
/** What arithmetic runs: no simple command is in it, only a redirection. */
const BASH_VALUE = `x='b[$( { :; } > $C )]'`
const ZSH_VALUE = `x='psvar[$( { : } > $C )0]'`

export const attack = [
  ...on(
    ['bash'],
    [
      trick('expansion', 'value-index', BASH_VALUE, 'a[x]=1'),
      trick('expansion', 'value-compound-array', BASH_VALUE, 'a=([x]=1)'),
      trick('expansion', 'value-element', BASH_VALUE, 'a=(1); echo ${a[x]}'),
      trick('expansion', 'value-substring', BASH_VALUE, 's=abc; echo ${s:x}'),
      trick('expansion', 'value-old-arithmetic', BASH_VALUE, 'echo $[x]'),
      trick('expansion', 'value-test', BASH_VALUE, '[[ x -eq 1 ]]'),
      trick('expansion', 'value-random', BASH_VALUE, 'RANDOM=x'),
      trick('expansion', 'value-random-read', BASH_VALUE, 'read RANDOM <<< x'),
      trick('expansion', 'value-random-for', BASH_VALUE, 'for RANDOM in x; do :; done'),
      trick('expansion', 'value-integer', BASH_VALUE, 'declare -i n', 'n=x'),
      trick('expansion', 'value-integer-read', BASH_VALUE, 'declare -i n', 'read n <<< x'),
      trick('expansion', 'value-integer-printf', BASH_VALUE, 'declare -i n', 'printf -v n %s x'),
      trick('expansion', 'value-integer-for', BASH_VALUE, 'declare -i n', 'for n in x; do :; done'),
      trick('expansion', 'value-named-descriptor', BASH_VALUE, 'exec {a[x]}>/dev/null'),
      trick('expansion', 'value-c-style-for', BASH_VALUE, 'for ((x; 0; )); do :; done'),
      trick('expansion', 'last-argument', ': rm', '$_ -f $C'),
      trick('expansion', 'match', `[[ rm =~ .* ]]`, '$BASH_REMATCH -f $C'),
      trick('expansion', 'own-name', 'BASH_ARGV0=rm', '$0 -f $C'),
      trick('expansion', 'find-last-argument', 'true -delete', 'find $C $_'),
      trick('expansion', 'find-function-name', 'function -delete { find $C $FUNCNAME; }', '-delete'),
      trick('expansion', 'tee-substitution', 'true | tee >(rm -f $C)'),
      trick('expansion', 'exec-substitution', 'exec 7> >( { :; } > $C )'),
      // The gate asks arithmetic about it.
      trick(
        'off',
        'subshell-level-value',
        'unset BASH_SUBSHELL',
        `BASH_SUBSHELL='b[$( { :; } > $C )]'; (( BASH_SUBSHELL ))`,
      ),
      trick(
        'off',
        'subshell-level-local',
        `f() { local BASH_SUBSHELL='b[$( { :; } > $C )]'; (( BASH_SUBSHELL )); }; f`,
      ),
      trick('off', 'function-nesting', 'FUNCNEST=1', '{ :; } > $C', then),
      trick('off', 'function-nesting-local', 'f() { local FUNCNEST=2; { :; } > $C; }; f'),
      trick('off', 'export-all', 'set -a', 'bash -c "rm -f $C"'),
      trick('off', 'one-command', 'set -t; { :; } > $C'),
      trick('off', 'exec-a', '(exec -a ls rm -f $C)'),
      trick('off', 'interrupt-storm', '(for i in 1 2 3 4 5 6 7 8 9; do kill -INT $$; done) & true', then, then),
      trick('off', 'stop-in-substitution', 'echo $(kill -STOP $BASHPID & sleep 0.2; kill -CONT $!; rm -f $C)'),
      trick('jobs', 'ask-together', 'true & rm -f $C & { :; } > $C & true; wait'),
      trick('jobs', 'coproc-group', 'coproc { { :; } > $C; }; wait'),
      trick('jobs', 'coproc-answers', 'coproc cat; echo "rm -f $C" >&${COPROC[1]}; read -u ${COPROC[0]} z; eval "$z"'),
      trick('history', 'file-linked', 'ln -sf $C ~/.bash_history', 'exit'),
      trick('history', 'file-size', 'ln -sf $C ~/.bash_history', 'HISTFILESIZE=0'),
      trick('history', 'file-named', 'HISTFILE=$C', 'exit'),
      trick('history', 'append', 'history -a $C'),
      trick('history', 'beginning', 'rm -f $C #', ':', keys('\x1b<'), ''),
      trick('paste', 'begun-twice', '\x1b[200~true\x1b[200~\rrm -f $C\x1b[201~'),
    ],
  ),
  ...on(
    ['zsh'],
    [
      // What the gate reads a subscript of, hidden by a variable of another type: the subscript is arithmetic then.
      trick(
        'off',
        'hidden-sysparams',
        `f() { local sysparams; local pid='psvar[$( { : } > $C )0]'; true; (( pid )) }`,
        'f',
      ),
      trick(
        'off',
        'hidden-options',
        `f() { local options; local xtrace='psvar[$( { : } > $C )0]'; true; (( xtrace )) }`,
        'f',
      ),
      trick(
        'off',
        'hidden-functions',
        `f() { local functions; local builtin='psvar[$( { : } > $C )0]'; true; (( builtin )) }`,
        'f',
      ),
      trick(
        'off',
        'hidden-subshell-level',
        `f() { local -h ZSH_SUBSHELL='psvar[$( { : } > $C )0]'; true; (( ZSH_SUBSHELL )) }`,
        'f',
      ),
      trick('off', 'hidden-widget', `f() { local -h WIDGET=x; { : } > $C }`, 'f'),
      trick('expansion', 'value-columns', ZSH_VALUE, 'COLUMNS=x'),
      trick('expansion', 'value-savehist', ZSH_VALUE, 'SAVEHIST=x'),
      trick('expansion', 'value-columns-inline', `COLUMNS='psvar[$(rm -f $C)0]'`),
      trick('expansion', 'value-printf', `printf %d 'psvar[$(rm -f $C)0]'`),
      trick('expansion', 'value-printf-name', ZSH_VALUE, 'printf %d x'),
      trick('expansion', 'value-test-zsh', ZSH_VALUE, '[[ x -eq 1 ]]'),
      trick('expansion', 'value-integer-zsh', ZSH_VALUE, 'integer n; n=x'),
      trick('expansion', 'value-subscript-zsh', ZSH_VALUE, 's=abc; echo $s[x]'),
      trick('expansion', 'value-repeat', `repeat 'psvar[$(rm -f $C)0]' :`),
      trick('history', 'file-named-zsh', 'HISTFILE=$C SAVEHIST=10', 'exit'),
      trick('history', 'file-as-entered', 'HISTFILE=$C SAVEHIST=10; setopt inc_append_history', 'true', 'true'),
      trick('history', 'fc-p', 'fc -p $C 10 10', 'true', 'fc -W'),
      trick(
        'hooks',
        'select-prompt',
        `setopt prompt_subst; PS3='$(rm -f $C)'`,
        'select i in a; do break; done < /dev/null',
      ),
      trick(
        'bindings',
        'typed-by-widget',
        `f() { zle -U "$(printf 'rm -f $C\\r')" }; zle -N f; bindkey '^T' f`,
        '\x14',
      ),
    ],
  ),
  ...on(
    ['fish'],
    [
      trick('expansion', 'fish-argparse', `argparse 'm=!rm -f $C' -- -m 5`),
      trick('expansion', 'fish-read-prompt', line(`read -p 'rm -f $C; echo na""me:' x`, 'name:'), ''),
      trick('hooks', 'fish-colon', 'function :; rm -f $C; end', ': x'),
      trick('hooks', 'fish-in-substitution', 'function ls; rm -f $C; end', 'echo (ls)'),
      trick('hooks', 'fish-copied-function', 'function f; rm -f $C; end', 'functions --copy f tac', 'tac x'),
      trick(
        'hooks',
        'fish-process-exit',
        'sleep 0.3 &',
        'function f --on-process-exit $last_pid; rm -f $C; end',
        'sleep 0.6',
        '',
      ),
      trick('hooks', 'fish-variable-of-the-shell', 'function f --on-variable PWD; rm -f $C; end', 'cd /'),
      trick('hooks', 'fish-abbreviation-function', 'function f; rm -f $C; end; abbr -a zap --function f', 'zap '),
      trick('bindings', 'fish-bind-mode', `bind -M zap \\cg 'rm -f $C'; bind \\ct -m zap ''`, keys('\x14\x07'), ''),
      trick(
        'off',
        'fish-data-folder',
        'set -g __fish_data_dir ~/d; mkdir -p ~/d',
        `echo 'function tac; rm -f $C; end' > ~/d/f.fish; source ~/d/f.fish`,
        'tac x',
      ),
      trick(
        'history',
        'fish-file-linked',
        'mkdir -p ~/.local/share/fish; ln -sf $C ~/.local/share/fish/fish_history',
        'history save',
        'exit',
      ),
    ],
  ),
  ...on(ALL, [
    trick('escapes', 'colour-report', `printf '\\033]11;?\\033\\\\'`, '', then),
    trick('escapes', 'mode-report', `printf '\\033[?2026$p\\033[18t'`, '', then),
    trick('interpreters', 'gdb-run', line('gdb -nx -batch -ex run --args rm -f $C', 'exited')),
    trick('paste', 'split-end', keys('\x1b[200~true\x1b[20'), keys('1~\x15rm -f $C\r'), ''),
  ]),
  ...on(POSIX, [
    trick('jobs', 'read-in-background', '{ read z; eval "$z"; } <<X &\rrm -f $C\rX\recho', ''),
    trick('expansion', 'read-from-pipe', 'echo rm -f $C | { read z; eval "$z"; }'),
  ]),
]
