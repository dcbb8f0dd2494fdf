/** A real shell under its gate on a pseudo-terminal, whose questions a test answers; no sshd and no bastion in between. */
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect } from 'vitest'
import { openPty } from '../../src/pty/pty.ts'
import type { Dialect } from '../../src/session/stepped/dialect.ts'
import { type Answer, formatAnswer, newKeys, parseQuestion, type Question } from '../../src/session/stepped/question.ts'

export interface Asked {
  readonly question: Question
  /** The number of the connection, from 0. */
  readonly on: number
  readonly socket: Socket
}

export interface AskingShell {
  readonly asked: readonly Asked[]
  of(kind: Question['kind']): readonly Asked[]
  last(kind: Question['kind']): Asked
  screen(): string
  type(keys: string): void
  /** Forgets the screen, types the line and waits for what it shows and for the next prompt. */
  line(text: string, what: RegExp): Promise<void>
  shows(what: RegExp): Promise<void>
  prompted(): Promise<void>
  answer(asked: Asked): void
  /** Resolves when the shell has ended. */
  readonly over: Promise<void>
  close(): void
}

interface Options {
  readonly dialect: Dialect
  readonly path: string
  readonly prompt: RegExp
  /** What a question is answered with; `wait` leaves it to the test. */
  readonly answerTo: (question: Question) => Answer | 'wait'
}

export async function askingShell({ dialect, path, prompt, answerTo }: Options): Promise<AskingShell> {
  const keys = newKeys()
  const asked: Asked[] = []
  let screen = ''
  const say = ({ question, socket }: Asked, answer: Answer) => {
    const bytes = formatAnswer(question, keys.answer, answer)
    if (question.isKept) socket.write(bytes)
    else socket.end(bytes)
  }
  let connections = 0
  const server = createServer((socket) => {
    const on = connections++
    let pieces = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      pieces = Buffer.concat([pieces, bytes])
      if (!pieces.includes(0)) return
      const question = parseQuestion(pieces, keys.ask)
      pieces = Buffer.alloc(0)
      if (question === undefined) {
        socket.destroy()
        return
      }
      const one = { question, on, socket }
      asked.push(one)
      const answer = answerTo(question)
      if (answer !== 'wait') say(one, answer)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const launcher = dialect.launcher(path, (server.address() as AddressInfo).port)
  const program = openPty({
    file: path,
    // As sshd starts it; of the start files only the administrator's are wanted here.
    args: [...(dialect.kind === 'fish' ? ['--no-config'] : []), '-c', `stty -echo; echo ready; ${launcher}`],
    cols: 100,
    rows: 30,
    term: 'xterm',
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', PS1: '$ ', LC_ALL: 'C.UTF-8' },
  })
  program.onData((data) => {
    screen += Buffer.from(data).toString()
  })
  const over = new Promise<void>((resolve) => program.onExit(() => resolve()))
  const shows = (what: RegExp) => expect.poll(() => screen, { timeout: 10_000, interval: 5 }).toMatch(what)
  const of = (kind: Question['kind']) => asked.filter(({ question }) => question.kind === kind)
  await shows(/ready/)
  program.write(`${dialect.firstLine ?? ''}${keys.ask}${keys.answer}\n`)
  await shows(prompt)
  return {
    asked,
    of,
    last: (kind) => of(kind).at(-1)!,
    screen: () => screen,
    type(text) {
      screen = ''
      program.write(text)
    },
    async line(text, what) {
      screen = ''
      program.write(`${text}\r`)
      await shows(what)
      await shows(prompt)
    },
    shows,
    prompted: () => shows(prompt),
    answer(one) {
      say(one, { word: 'go', ahead: [] })
    },
    over,
    close() {
      program.kill('SIGKILL')
      server.close()
    },
  }
}
