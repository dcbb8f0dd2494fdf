/**
 * Shells that are started inside a gated bash and get a gate of their own. Only a line that is nothing but one of a few
 * forms counts. Instead of it a command runs that starts bash, as the same account and by the same program, with an init
 * file that it fetches from a port of ours (the `door`): no descriptor and no variable passes sudo. That command is what
 * is judged and what the reviewer sees, and it has the effects of both.
 *
 * The door tells the init file to anybody on the target who asks; the key comes by the terminal, as ever. The command
 * names the SHA-256 of the init file, so what is approved is what runs: where the door gives another, or is somebody
 * else's by now, no shell starts.
 */
import { createHash } from 'node:crypto'
import type { Analysis } from '../../core/action.ts'

export interface NestedForm {
  /** The account it runs as; undefined where that stays the same. */
  readonly login: string | undefined
  readonly isLogin: boolean
}

const USER = '([a-z_][a-z0-9_-]{0,31})'

interface Form {
  readonly pattern: RegExp
  /** The account; the first group of the pattern where there is one. */
  readonly login: 'same' | 'root'
  readonly isLogin: boolean
  /** `start` is a command of one line, without a quote of its own but double ones (see startCommand). */
  readonly command: (found: { readonly text: string; readonly login: string; readonly start: string }) => string
}

/** The init file comes as it is named here; what the shell is started with, it stays. */
interface Start {
  /** Of bash. */
  readonly path: string
  readonly door: number
  readonly init: string
}

/**
 * Starts bash with an init file that is compared before anything of it runs.
 *  - POSIX mode, which comes by the environment, would read no init file; nor would -p take functions or BASH_ENV from there.
 *  - Where the init file is cut short all the same, the first prompt runs PROMPT_COMMAND, and the shell is over.
 *  - `sudo -i` puts a backslash before each character but letters, digits, `_`, `-` and `$`. So a `$` must not stand before
 *    a letter: `$\{` and `$\(` are then what they were.
 */
function startCommand({ path, door, init }: Start): string {
  const digest = createHash('sha256').update(init).digest('hex')
  const text = '\\${__sallyport_init}'
  return [
    `${path} -pfc "unset -v POSIXLY_CORRECT POSIX_PEDANTIC; IFS=;`,
    `__sallyport_init=\\$(/bin/cat </dev/tcp/127.0.0.1/${door});`,
    `[[ \\$(printf %s ${text} | /usr/bin/sha256sum) == ${digest}* ]] &&`,
    `/bin/stty -echo -isig && PROMPT_COMMAND=exit exec ${path} --rcfile <(printf %s ${text}) -pi"`,
  ].join(' ')
}

/** sudo and su reset the environment in these, so that nothing of the person's comes before bash does. */
const FORMS: readonly Form[] = [
  { pattern: /^(?:\/bin\/|\/usr\/bin\/)?bash(?: -i)?$/, login: 'same', isLogin: false, command: ({ start }) => start },
  {
    pattern: /^(?:\/bin\/|\/usr\/bin\/)?bash (?:-l|-il|-li|--login)$/,
    login: 'same',
    isLogin: true,
    command: ({ start }) => start,
  },
  {
    pattern: new RegExp(`^sudo (?:-i|-iu ${USER}|-i -u ${USER}|-u ${USER} -i)$`),
    login: 'root',
    isLogin: true,
    command: ({ text, start }) => `${text} exec ${start}`,
  },
  {
    pattern: new RegExp(`^sudo (?:-u ${USER} )?(?:/bin/|/usr/bin/)?bash$`),
    login: 'root',
    isLogin: false,
    command: ({ text, start }) => `${text.slice(0, text.lastIndexOf(' '))} ${start}`,
  },
  // What follows `--` is for the shell; with an option -c of its own su would take the terminal away (setsid).
  {
    pattern: new RegExp(`^(?:sudo )?su (?:-|-l|--login)(?: ${USER})?$`),
    login: 'root',
    isLogin: true,
    command: ({ text, login, start }) => `${text.startsWith('sudo') ? 'sudo ' : ''}su - ${login} -- -c 'exec ${start}'`,
  },
]

/** Returns what a line's nested shell is started as; undefined where it is no such form. */
export function nestedForm(line: string): NestedForm | undefined {
  for (const form of FORMS) {
    const found = form.pattern.exec(line)
    if (found === null) continue
    const login = form.login === 'same' ? undefined : (found.slice(1).find((user) => user !== undefined) ?? 'root')
    return { login, isLogin: form.isLogin }
  }
  return undefined
}

/** Returns the command that starts it with a gate; undefined where the line has no such form. */
export function nestedCommand(line: string, start: Start): string | undefined {
  const form = FORMS.find(({ pattern }) => pattern.test(line))
  if (form === undefined || !isPlainPath(start.path)) return undefined
  return form.command({ text: line, login: nestedForm(line)?.login ?? '', start: startCommand(start) })
}

/** Reports whether the path of bash needs no quotes anywhere. */
export function isPlainPath(path: string): boolean {
  return /^\/[\w./-]+$/.test(path)
}

/** What the command and the line that it stands for do: no rule that would stop either is passed by. */
export function ofNestedShell(line: Analysis, command: Analysis): Analysis {
  return {
    commands: [...line.commands, ...command.commands],
    effects: [...new Set([...line.effects, ...command.effects, 'escape' as const])],
    objects: [...line.objects, ...command.objects],
  }
}
