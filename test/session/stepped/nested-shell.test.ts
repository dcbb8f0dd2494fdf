import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nestedCommand, nestedForm, ofNestedShell } from '../../../src/session/stepped/nested-shell.ts'

const INIT = 'echo hello'
const DIGEST = createHash('sha256').update(INIT).digest('hex')
const START =
  `/bin/bash -pfc "unset -v POSIXLY_CORRECT POSIX_PEDANTIC; IFS=; __sallyport_init=\\$(/bin/cat </dev/tcp/127.0.0.1/4711); ` +
  `[[ \\$(printf %s \\\${__sallyport_init} | /usr/bin/sha256sum) == ${DIGEST}* ]] && /bin/stty -echo -isig && ` +
  `PROMPT_COMMAND=exit exec /bin/bash --rcfile <(printf %s \\\${__sallyport_init}) -pi"`
const started = (line: string) => nestedCommand(line, { path: '/bin/bash', door: 4711, init: INIT })

describe('a line that starts a shell', () => {
  it.each([
    ['bash', START, undefined, false],
    ['bash -l', START, undefined, true],
    ['sudo -i', `sudo -i exec ${START}`, 'root', true],
    ['sudo -u bob -i', `sudo -u bob -i exec ${START}`, 'bob', true],
    ['sudo -iu bob', `sudo -iu bob exec ${START}`, 'bob', true],
    ['sudo bash', `sudo ${START}`, 'root', false],
    ['sudo -u bob bash', `sudo -u bob ${START}`, 'bob', false],
    ['su -', `su - root -- -c 'exec ${START}'`, 'root', true],
    ['sudo su - bob', `sudo su - bob -- -c 'exec ${START}'`, 'bob', true],
  ])('is started with a gate: %s', (line, command, login, isLogin) => {
    expect(nestedForm(line)).toEqual({ login, isLogin })
    expect(started(line)).toBe(command)
  })

  it.each([
    'bash script.sh',
    'bash --norc',
    'bash -c id',
    'sudo -i id',
    'sudo -E bash',
    'sudo -iu $USER',
    'sudo -iu -x',
    'su',
    'su bob',
    'su - bob -c id',
    'sh',
    'sudo -i > x',
    './bash',
    'bash\nid',
  ])('is left as it is: %s', (line) => {
    expect(nestedForm(line)).toBeUndefined()
    expect(started(line)).toBeUndefined()
  })

  it('is left as it is where the path of bash would have to be quoted', () => {
    expect(nestedCommand('bash', { path: '/opt/my bash', door: 4711, init: INIT })).toBeUndefined()
  })

  it('has the effects of both, and is an escape', () => {
    const line = { commands: [], effects: ['privilege'], objects: [] } as const
    const command = { commands: [], effects: ['read'], objects: [] } as const
    expect(ofNestedShell(line, command).effects).toEqual(['privilege', 'read', 'escape'])
  })
})
