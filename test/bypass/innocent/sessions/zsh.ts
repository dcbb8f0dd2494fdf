/**
 * zsh, as operators use it. The Enter that runs what Ctrl-R found is not here: in a gated zsh it ends the search, and the
 * next one runs it.
 */
import { CAT, CTRL_C, CTRL_D, CTRL_Z, DOWN, held, keys, LEFT, line, on, session, UP } from '../session.ts'

export const zsh = on(
  ['zsh'],
  [
    session('looking round', 'pwd', 'ls -l /etc/hostname', 'cd /etc', 'ls -d p*', 'cd -'),
    session('completion', 'ls -d /etc/hostn\t', keys('cat /etc/ho\t', '/etc/host'), 'name'),
    session('history', 'echo one', 'echo two', `${UP}${UP}`, `${UP} again`, `${UP}${UP}${DOWN}`, 'fc -l -2'),
    session('line editing', 'ls /nowhere\x15echo kept', `echo wrong\x17right`, `cho moved\x01e`, `echo abd${LEFT}c`),
    session('vi mode', 'bindkey -v', 'echo wrong\x1bbcwright', 'echo one', keys('\x1bk', 'one'), 'A more'),
    session('an unfinished line', 'for i in 1 2 3; do', 'echo $i', 'done', 'echo "open', 'closed"'),
    session('here-documents', 'cat << END >> note', 'a $HOME b', 'END', 'cat note', 'cat <<< "one"'),
    session('an interrupted line', keys('this is nothing', 'nothing'), keys(CTRL_C, '$ '), 'echo after'),
    session(
      'a stopped job',
      line(CAT, '\nready'),
      keys(CTRL_Z, '$ '),
      'jobs',
      line('fg', 'continued'),
      keys(CTRL_D, '$ '),
      'echo x',
    ),
    session(
      'a wrapped line',
      `echo ${'word '.repeat(40)}`,
      `echo ${'word '.repeat(40)}\x01\x1b[C\x1b[C\x1b[C\x1b[C\x1b[C first`,
    ),
    session('a long loop', 'for i in $(seq 1 500); do echo "number $i"; done', 'echo after'),
    session('functions and aliases', 'up() { echo "$1" | tr a-z A-Z; }', 'up quiet', `alias say='echo said'`, 'say it'),
    session('what programs ask', line('read "name?name: "', '\nname: '), 'somebody', 'echo "hello $name"'),
    session('a password', line('read -s "secret?Password: "; echo', '\nPassword: '), 'not shown', 'echo ${#secret}'),
    session('output without a last newline', 'printf abc', 'false', 'echo $?', 'seq 100000 | tail'),
    session('less', line('less /etc/services', 'tcpmux'), keys(' '), keys('q', '$ '), 'echo after'),
    session(
      'vim',
      held('vim note', '"note"'),
      { settled: ":echo 'do'.'ne'\r", shows: 'done' },
      keys('iwritten\x1b', 'written'),
      keys(':wq\r', '$ '),
      'cat note',
    ),
  ],
)
