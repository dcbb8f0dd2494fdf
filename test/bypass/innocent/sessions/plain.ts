/**
 * Shells whose lines are read off the screen: dash, which leaves editing to the terminal, and busybox's own editor. Lines
 * that belong to another one (a loop's body, a here-document, what a program reads) cannot be known there, and are held.
 */
import { CTRL_C, held, keys, LEFT, on, type Session, session, UP } from '../session.ts'

export const plain: readonly Session[] = [
  ...on(
    ['dash', 'busybox'],
    [
      session('looking round', 'pwd', 'ls -l /etc/hostname', 'cd /etc', 'ls -d p*', 'cd'),
      session('corrections', 'echo wronk\x7fg', 'ls /nowhere\x15echo kept', 'echo one wrong\x17two'),
      session('an interrupted line', keys('this is nothing', 'nothing'), keys(CTRL_C, '$ '), 'echo after'),
      session('a pipeline', 'seq 1 1000 | sort -rn | head -5', 'seq 100000 | tail', 'ls /nowhere || echo none'),
      session('a loop in a line', 'for i in 1 2 3; do echo "number $i"; done', 'echo $?'),
      session('less', held('less /etc/services', 'tcpmux'), keys(' '), keys('q', '$ '), 'echo after'),
      session('an empty line', '', '', 'echo after'),
    ],
  ),
  ...on(
    ['busybox'],
    [
      session('history', 'echo one', 'echo two', `${UP}${UP}`, `${UP} again`),
      session('completion', 'ls -d /etc/hostn\t', 'cat /etc/hostn\t'),
      session('keys of the arrows', `echo abd${LEFT}c`, 'cho moved\x01e'),
    ],
  ),
]
