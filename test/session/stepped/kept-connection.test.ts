/** Which connection a gated bash asks on, before a real bash on a pseudo-terminal: that of its prompt is kept for its line. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openPty } from '../../../src/pty/pty.ts'
import { bashLauncher } from '../../../src/session/stepped/bash-init.ts'
import { formatAnswer, newKeys, parseQuestion, type Question } from '../../../src/session/stepped/question.ts'

interface Asked {
  readonly question: Question
  /** The number of the connection, from 0. */
  readonly on: number
  readonly socket: Socket
}

const keys = newKeys()
/** The rest of Enter's macro rings where the accepting key is not bound. */
const PROMPT = /[$#] \x07?$/
let server: Server
let program: ReturnType<typeof openPty>
let asked: Asked[]
let screen: string
/** What is not answered by itself. */
let waits: (question: Question) => boolean

const answer = ({ question, socket }: Asked) => {
  const word = question.kind === 'step' ? 'again' : 'go'
  const bytes = formatAnswer(question, keys.answer, { word, ahead: [] })
  if (question.isKept) socket.write(bytes)
  else socket.end(bytes)
}

beforeEach(async () => {
  asked = []
  screen = ''
  waits = () => false
  let connections = 0
  server = createServer((socket) => {
    const on = connections++
    let pieces = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      pieces = Buffer.concat([pieces, bytes])
      if (!pieces.includes(0)) return
      const question = parseQuestion(pieces, keys.ask)
      pieces = Buffer.alloc(0)
      if (question === undefined) return socket.destroy()
      const one = { question, on, socket }
      asked.push(one)
      if (!waits(question)) answer(one)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const launcher = bashLauncher('/bin/bash', (server.address() as AddressInfo).port)
  program = openPty({
    file: '/bin/bash',
    args: ['-c', `stty -echo; echo ready; ${launcher}`],
    cols: 100,
    rows: 30,
    term: 'xterm',
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', PS1: '$ ', LC_ALL: 'C.UTF-8' },
  })
  program.onData((data) => {
    screen += Buffer.from(data).toString()
  })
  await shows(/ready/)
  program.write(`${keys.ask}${keys.answer}\n`)
  await shows(PROMPT)
})

afterEach(() => {
  program.kill('SIGKILL')
  server.close()
})

const shows = (what: RegExp) => expect.poll(() => screen, { timeout: 10_000, interval: 5 }).toMatch(what)
const of = (kind: Question['kind']) => asked.filter(({ question }) => question.kind === kind)
const last = (kind: Question['kind']) => of(kind).at(-1)!

async function line(text: string, what: RegExp): Promise<void> {
  screen = ''
  program.write(`${text}\r`)
  await shows(what)
  await shows(PROMPT)
}

it('asks for a line where it asked for the prompt, and for a step anew', async () => {
  const prompt = last('prompt')
  await line('echo $((40+2))', /42/)
  expect(last('line').on).toBe(prompt.on)
  expect(last('step').on).toBeGreaterThan(prompt.on)
  expect(last('prompt').on).toBeGreaterThan(last('step').on)
})

it('has none open while a line runs, for a program to inherit', async () => {
  await line('ls -l /proc/self/fd; echo end', /end\r\n/)
  expect(screen).toContain('/proc/')
  expect(screen).not.toContain('socket:')
})

it('goes on with a new one where it was closed meanwhile', async () => {
  const { on, socket } = last('prompt')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.destroy()
  await closed
  await line('echo $((40+2))', /42/)
  expect(last('line').on).toBeGreaterThan(on)
})

it('keeps it over a Ctrl-C at the prompt', async () => {
  const { on } = last('prompt')
  const before = of('prompt').length
  screen = ''
  program.write('ls /tm\x03')
  await expect.poll(() => of('prompt').length, { timeout: 10_000 }).toBe(before + 1)
  await shows(PROMPT)
  expect(last('prompt').on).toBe(on)
  await line('echo $((40+2))', /42/)
  expect(last('line').on).toBe(on)
})

it('takes no late answer for that of a later question', async () => {
  waits = ({ kind }) => kind === 'line'
  program.write('echo $((40+2))\r')
  await expect.poll(() => of('line').length, { timeout: 10_000 }).toBe(1)
  const unanswered = last('line')
  waits = () => false
  screen = ''
  process.kill(unanswered.question.pid, 'SIGINT')
  await shows(PROMPT)
  answer(unanswered)
  expect(last('prompt').on).toBeGreaterThan(unanswered.on)
  await line('echo $((40+3))', /43/)
  expect(screen).not.toContain('42')
})
