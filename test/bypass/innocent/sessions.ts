/**
 * What operators do all day, with nothing in it that should be held. Played twice on the same account, through the
 * bastion and straight to the target's sshd; the screens must be alike, cell by cell. Nothing here shows a clock or a
 * process's number; nor is there a `!!`, which a gated bash shows expanded in its place, and a direct one in a row below.
 */
import { keys, line, type Step } from '../trick.ts'

export interface Session {
  readonly name: string
  readonly steps: readonly Step[]
}

const session = (name: string, ...steps: readonly Step[]): Session => ({ name, steps })

const CTRL_C = '\x03'
const CTRL_D = '\x04'
const UP = '\x1b[A'
const LEFT = '\x1b[D'
/** Something that waits, and says that it does: a key before that would be for the shell. */
const CAT = `sh -c 'echo ready; exec cat'`

/** About 30 kB in lines of 75 characters, as a person pastes a file into `cat`. */
const LONG_TEXT = Array.from({ length: 400 }, (_, index) => `line ${String(index).padStart(4, '0')} ${'x'.repeat(65)}`)

export const SESSIONS: readonly Session[] = [
  session('looking round', 'pwd', 'ls -l /etc/hostname', 'cd /etc', 'ls -d p*', 'cd -'),
  session('completion of a name', 'ls -d /etc/hostn\t', 'cat /etc/hostn\t'),
  session('a list of completions', keys('ls -d /etc/ho\t\t\t', 'hosts'), 's'),
  session('history', 'echo one', 'echo two', `${UP}${UP}`, `${UP} again`),
  session('search in the history', 'echo needle', 'echo hay', keys('\x12nee', 'needle'), ''),
  session('an interrupted line', keys('this is nothing', 'nothing'), keys(CTRL_C, '$ '), 'echo after'),
  session('an interrupted command', line(CAT, '\nready'), keys(CTRL_C, '$ '), 'echo after'),
  session('a stopped job', line(CAT, '\nready'), keys('\x1a', '$ '), 'jobs', line('fg', 'cat'), keys(CTRL_D), 'echo x'),
  session('line editing', 'ls /nowhere\x15echo kept', `echo wrong\x17right`, `cho moved\x01e`, 'echo b a\x14'),
  session('keys of the arrows', `echo abd${LEFT}c`, `echo xz${LEFT}y${LEFT}${LEFT}w`),
  session('a wrapped line', `echo ${'word '.repeat(40)}`, 'echo after'),
  session('a wrapped line that is edited', `echo ${'word '.repeat(40)}\x01\x1b[C\x1b[C\x1b[C\x1b[C\x1b[C first`),
  session('an unfinished line', 'for i in 1 2 3; do', 'echo $i', 'done', 'echo "open', 'closed"'),
  session('here-documents', 'cat << END > note', 'a $HOME b', 'END', 'cat note', `cat << 'END'`, '$HOME', 'END'),
  session('a pipeline', 'seq 1 1000 | sort -rn | head -5', 'seq 1 20 | tail -3 | tr 1 x'),
  session('a long loop', 'for i in $(seq 1 2000); do echo "number $i"; done', 'echo after'),
  session('functions and aliases', 'up() { echo "$1" | tr a-z A-Z; }', 'up quiet', `alias say='echo said'`, 'say it'),
  session(
    'colours',
    'ls --color=always -d /etc /bin/ls',
    String.raw`printf '\e[1;31mred\e[0m \e[38;5;42mgreen\e[0m \e[7mturned\e[0m\n'`,
  ),
  session('wide characters', 'echo 漢字とかな', `echo 漢字${LEFT}x`, 'echo naïve café 👍', `echo é${LEFT}a`),
  session('a line drawn anew', `for i in 1 2 3; do printf '\\rstep %s of 3' $i; done; echo`, 'echo after'),
  session('what programs ask', line('read -p "name: " name', '\nname: '), 'somebody', 'echo "hello $name"'),
  session('a password', line('read -s -p "Password: " secret; echo', '\nPassword: '), 'not shown', 'echo ${#secret}'),
  session('a pasted line', '\x1b[200~echo pasted\x1b[201~'),
  session('pasted lines', `\x1b[200~${Array.from({ length: 20 }, (_, n) => `echo line ${n}`).join('\r')}\x1b[201~`),
  session(
    'a paste of thirty kilobytes',
    line('echo ready; cat > long', '\nready'),
    keys(`${LONG_TEXT.join('\r')}\r`, 'line 0399'),
    keys(CTRL_D, '$ '),
    'wc -c long; md5sum long',
  ),
  session(
    'resizes',
    'echo before',
    { resize: [80, 24] },
    { resize: [120, 40] },
    { resize: [40, 10] },
    { resize: [100, 30] },
    'stty size',
  ),
  session('vim', line('vim note', '"note"'), keys('iwritten here\x1b', 'written here'), keys(':wq\r'), 'cat note'),
  session('man', line('man true', 'NAME'), keys('q', '$ '), 'echo after'),
  session('top', line('top', 'load average'), keys('q', '$ '), keys('\x0c', '$ '), 'echo after'),
  session(
    'git',
    'export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z',
    'git init -q work; cd work; git config user.name op; git config user.email op@example.org',
    'echo one > file; git add file; git commit -q -m first; echo two >> file',
    'git status --short',
    'git --no-pager diff --color',
    line('git log', 'first'),
    'git --no-pager log --oneline',
  ),
  session(
    'tmux',
    line('tmux -f /dev/null new \\; set status off', '$ '),
    line('echo "in""side"', 'inside'),
    line('exit', '[exited]'),
    'echo after',
  ),
  session('python', line('python3 -q', '>>> '), line('6 * 7', '42'), keys(CTRL_D, '$ '), 'echo after'),
  session('an exit status', 'false', 'echo $?', 'ls /nowhere', 'echo $?', '(exit 7)', 'echo $?'),
  session('a background job', 'set +m', '{ sleep 0.2; } & wait; echo waited'),
]
