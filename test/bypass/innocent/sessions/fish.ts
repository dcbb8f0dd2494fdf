/** fish, as operators use it; lines that mean something else in bash are held, and are not here. */
import { CTRL_C, held, keys, LEFT, line, on, session, UP } from '../session.ts'

export const fish = on(
  ['fish'],
  [
    session('looking round', 'pwd', 'ls -l /etc/hostname', keys('cd /etc', 'etc'), '/', 'ls -d p*', 'cd -'),
    session('completion', 'ls -d /etc/hostn\t', keys('cat /etc/hostn\t', 'hostname'), ''),
    session('history', 'echo one', 'echo two', `${UP}${UP}`, `${UP} again`),
    session('line editing', 'ls /nowhere\x15echo kept', `cho moved\x01e`, `echo abd${LEFT}c`),
    session('a pipeline', 'seq 1 1000 | sort -rn | head -5', 'seq 100000 | tail', 'true && echo yes'),
    session('an interrupted command', line('cat', '\n'), keys(CTRL_C, '> '), 'echo after'),
    session('wide characters', 'echo 漢字とかな', 'echo naïve café'),
    session('less', held('less /etc/services', 'tcpmux'), keys(' '), keys('q', '> '), 'echo after'),
    session(
      'nano',
      held('nano note', 'Exit'),
      keys('written', 'written'),
      keys('\x0f', 'note'),
      keys('\r', 'Wrote'),
      keys('\x18', '> '),
      'cat note',
    ),
  ],
)
