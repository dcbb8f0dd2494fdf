/** What moves much on the screen: colours, wide characters, long output, resizes and pastes. */
import { CTRL_D, keys, LEFT, line, on, pasted, type Session, session } from '../session.ts'

/** About 30 kB in lines of 75 characters, as a person pastes a file into `cat`. */
const LONG_TEXT = Array.from({ length: 400 }, (_, index) => `line ${String(index).padStart(4, '0')} ${'x'.repeat(65)}`)
const TWENTY = Array.from({ length: 20 }, (_, index) => `echo line ${index}`)
const SIZES = [
  [80, 24],
  [120, 40],
  [40, 10],
  [100, 30],
] as const
const STORM = Array.from({ length: 40 }, (_, index) => ({ resize: SIZES[index % SIZES.length]! }))

export const screen: readonly Session[] = [
  ...on(
    ['bash', 'zsh'],
    [
      session(
        'colours',
        'ls --color=always -d /etc /bin/ls',
        String.raw`printf '\e[1;31mred\e[0m \e[38;5;42mgreen\e[0m \e[7mturned\e[0m\n'`,
        'grep --color=always -n root /etc/group',
      ),
      session('wide characters', 'echo 漢字とかな', `echo 漢字${LEFT}x`, 'echo naïve café 👍', `echo é${LEFT}a`),
      session('a line drawn anew', `for i in 1 2 3; do printf '\\rstep %s of 3' $i; done; echo`, 'echo after'),
      session('a pasted line', pasted('echo pasted')),
      session('a pasted line that is edited', keys(pasted('echo pasted'), 'pasted'), ' and more'),
      session('pasted lines', pasted(TWENTY.join('\r'))),
      session('a storm of resizes', 'echo before', ...STORM, 'stty size'),
    ],
  ),
  ...on(
    ['bash'],
    [
      session('a table', 'column -t -s: /etc/group | head -20', 'df -h / | head -1', 'ls -C /etc/ssh /etc/skel'),
      session(
        'a cursor that is moved',
        line(String.raw`printf '\e[5;10Hfive\e[10;1Hten\n'`, 'ten'),
        keys('\x0c', '$ '),
        String.raw`printf 'a\tb\n\e[2Kx\n'`,
        line('clear', '$ '),
      ),
      session('wrapped wide characters', `echo ${'漢字'.repeat(60)}`, `echo ${'é'.repeat(120)}`),
      session(
        'a paste of thirty kilobytes',
        line('echo ready; cat >> long', '\nready'),
        keys(`${LONG_TEXT.join('\r')}\r`, 'line 0399'),
        keys(CTRL_D, '$ '),
        'wc -c long; md5sum long',
      ),
      {
        ...session(
          'thirty kilobytes in brackets',
          keys(pasted(`cat << 'END' | md5sum\r${LONG_TEXT.join('\r')}\rEND`), 'END'),
          '',
          'echo after',
        ),
        above:
          'readline draws a text that is higher than the screen from its first row again when the gate asks about it',
      },
      session(
        'a resize in the middle of a line',
        keys(`echo ${'word '.repeat(30)}`, 'word'),
        { resize: [60, 20] },
        'end',
      ),
    ],
  ),
]
