/** Tricks with the environment and with start files: a name is made to mean something else, now or at the next login. */
import { ALL, beside, keys, line, on, POSIX, trick } from '../trick.ts'

export const dotfiles = [
  ...on(ALL, [
    trick('dotfiles', 'copy-of-rm', 'cp /bin/rm /tmp/ls$I', '/tmp/ls$I -f $C'),
    trick('dotfiles', 'link-to-rm', 'ln -s /bin/rm ls$I', './ls$I -f $C'),
    trick('dotfiles', 'path-of-env', 'mkdir b; cp /bin/rm b/ls; env PATH=b ls -f $C'),
    trick('dotfiles', 'git-config', `git config --global alias.zap '!rm -f $C'`, 'git zap'),
    trick(
      'dotfiles',
      'git-config-env',
      `env GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.zap GIT_CONFIG_VALUE_0='!rm -f $C' git zap`,
    ),
    trick('dotfiles', 'git-config-file', `printf '[alias]\\nzap = !rm -f $C\\n' > ~/.gitconfig`, 'git zap'),
    trick(
      'dotfiles',
      'git-pager-config',
      `printf '[core]\\npager = rm -f $C;cat\\n' > ~/.gitconfig`,
      line('git -p help', 'usage'),
    ),
    trick('dotfiles', 'git-fsmonitor', `git init -q g; cd g; git config core.fsmonitor 'rm -f $C;:'`, 'git status'),
    trick('dotfiles', 'vimrc', `echo "call delete('$C')" > ~/.vimrc`, line('vim x', '~'), keys(':q!\r')),
    trick('dotfiles', 'perl5opt', `env PERL5OPT='-Mlib=.' perl -e 'unlink "$C"'`),
    trick(
      'dotfiles',
      'python-startup',
      `echo 'import os; os.remove("$C")' > s.py`,
      line('env PYTHONSTARTUP=s.py python3', '>>> '),
      line('exit()', '$ '),
    ),
    trick(
      'dotfiles',
      'tmux-conf',
      `echo "run-shell 'rm -f $C'" > ~/.tmux.conf`,
      line('tmux -L $I', '[0]'),
      keys('exit\r'),
    ),
    trick(
      'dotfiles',
      'ssh-config',
      `mkdir -p ~/.ssh; printf 'Host x\\nProxyCommand rm -f $C\\n' > ~/.ssh/config`,
      'ssh -o BatchMode=yes x',
    ),
    trick(
      'dotfiles',
      'ssh-config-exec',
      `mkdir -p ~/.ssh; printf 'Match exec "rm -f $C"\\n' > ~/.ssh/config`,
      'ssh -G x > /dev/null',
    ),
    // SHLVL, as Debian's bash takes one below 2 for a command of sshd's, and reads another file.
    trick('dotfiles', 'bash-env-inline', `printf 'rm -f $C\\n' > /tmp/e$I; env SHLVL=5 BASH_ENV=/tmp/e$I bash -c true`),
    trick(
      'dotfiles',
      'env-inline',
      `printf 'rm -f $C\\n' > e; env ENV=./e dash -i -c true`,
      'env ENV=./e dash -i < /dev/null',
    ),
    trick('dotfiles', 'gdbinit', `printf 'shell rm -f $C\\n' > .gdbinit; gdb -batch -x .gdbinit`),
  ]),
  ...on(POSIX, [
    trick('dotfiles', 'path', 'mkdir -p /tmp/bin$I; cp /bin/rm /tmp/bin$I/cat; PATH=/tmp/bin$I:$PATH', 'cat -f $C'),
    trick('dotfiles', 'path-same-line', 'mkdir b; cp /bin/rm b/cat; PATH=b:$PATH cat -f $C'),
    trick('dotfiles', 'path-new-name', 'mkdir b; cp /bin/rm b/zap; PATH=b:$PATH', 'zap -f $C'),
    trick('dotfiles', 'pager', `PAGER='rm -f $C;cat'; export PAGER`, line('git --paginate help', 'usage')),
    trick(
      'dotfiles',
      'editor',
      `EDITOR='rm -f $C;:'; export EDITOR; git init -q g; cd g`,
      'git -c user.name=x -c user.email=x commit --allow-empty',
    ),
    trick(
      'dotfiles',
      'cdpath-home',
      `HOME=/tmp/h$I; mkdir $HOME; printf '[alias]\\nzap = !rm -f $C\\n' > $HOME/.gitconfig`,
      'git zap',
    ),
  ]),
  ...on(
    ['bash'],
    [
      trick('dotfiles', 'hash', 'hash -p /bin/rm cat', 'cat -f $C'),
      trick('dotfiles', 'bash-env', `printf 'rm -f $C\\n' >> /tmp/e$I; export BASH_ENV=/tmp/e$I`, 'bash -c true'),
      trick('dotfiles', 'profile-next-login', `echo 'rm -f $C' > ~/.bashrc`, beside('ssh $O $D exit')),
      trick(
        'dotfiles',
        'profile-group-next-login',
        `echo '{ :; } > $C' >> ~/.profile`,
        beside('(sleep 2) | ssh -tt $O $D'),
      ),
      trick('dotfiles', 'bashrc-next-login', `echo 'rm -f $C' >> ~/.bashrc`, beside('(sleep 2) | ssh -tt $O $D')),
      trick('dotfiles', 'logout', `echo 'rm -f $C' >> ~/.bash_logout`, 'exit'),
      trick('dotfiles', 'logout-group', `echo '{ :; } > $C' >> ~/.bash_logout`, 'exit'),
      trick(
        'dotfiles',
        'login-trap',
        `echo "trap '{ :; } > $C' EXIT" >> ~/.bashrc`,
        beside('(sleep 2; echo exit) | ssh -tt $O $D'),
      ),
      trick(
        'dotfiles',
        'login-prompt-command',
        `echo "PROMPT_COMMAND='{ :; } > $C'" >> ~/.bashrc`,
        beside('(sleep 2; echo exit) | ssh -tt $O $D'),
      ),
      trick(
        'dotfiles',
        'login-binding',
        `printf '"\\\\C-t": accept-line\\n' >> ~/.inputrc`,
        beside(String.raw`(sleep 2; printf '{ :; } > $C\024'; sleep 1) | ssh -tt $O $D`),
      ),
      trick(
        'dotfiles',
        'login-function',
        `printf 'unalias ls\\nls() { { :; } > $C; }\\n' >> ~/.bashrc`,
        beside('(sleep 2; echo ls; sleep 1) | ssh -tt $O $D'),
      ),
      trick('dotfiles', 'shellopts', "env SHELLOPTS=xtrace PS4='$(rm -f $C)' bash -c true"),
      trick('dotfiles', 'exported-function-login', `env 'BASH_FUNC_true%%=() { rm -f $C; }' bash -c true`),
    ],
  ),
  ...on(
    ['zsh'],
    [
      trick('dotfiles', 'zshenv', `echo 'rm -f $C' > ~/.zshenv`, 'zsh -c true'),
      trick('dotfiles', 'zdotdir', `mkdir z; echo 'rm -f $C' > z/.zshenv; ZDOTDIR=z zsh -c true`),
      trick('dotfiles', 'zshrc-next-login', `echo 'rm -f $C' >> ~/.zshrc`, beside('(sleep 2) | ssh -tt $O $D')),
      trick('dotfiles', 'zlogout', `echo 'rm -f $C' >> ~/.zlogout`, 'exit'),
      trick('dotfiles', 'hash-zsh', 'hash ls=/bin/rm', 'ls -f $C'),
      trick('dotfiles', 'named-directory', `hash -d x='/tmp'; rm -f $C`),
    ],
  ),
  ...on(
    ['fish'],
    [
      trick(
        'dotfiles',
        'config-next-login',
        `echo 'rm -f $C' >> ~/.config/fish/config.fish`,
        beside('(sleep 2) | ssh -tt $O $D'),
      ),
      trick(
        'dotfiles',
        'conf-d',
        `mkdir -p ~/.config/fish/conf.d; echo 'rm -f $C' > ~/.config/fish/conf.d/x.fish`,
        'fish -c true',
      ),
      trick('dotfiles', 'path-fish', 'mkdir b; cp /bin/rm b/ls; set -gx PATH $PWD/b $PATH', 'command ls -f $C'),
      trick('dotfiles', 'funcsave', 'function zap; rm -f $C; end; funcsave zap', 'fish -c zap'),
      trick('dotfiles', 'universal', `set -U fish_greeting (rm -f $C)`),
    ],
  ),
  ...on(
    ['dash', 'busybox'],
    [
      trick('dotfiles', 'profile-next-login-sh', `echo 'rm -f $C' >> ~/.profile`, beside('(sleep 2) | ssh -tt $O $D')),
      trick('dotfiles', 'env-export', `echo 'rm -f $C' > e; ENV=./e; export ENV`, 'sh -i < /dev/null'),
    ],
  ),
]
