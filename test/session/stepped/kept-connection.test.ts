/** Which connection a gated bash asks on: that of its prompt is kept for its line, and no longer. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bash } from '../../../src/session/stepped/bash.ts'
import { GO, type Question } from '../../../src/session/stepped/question.ts'
import { type AskingShell, askingShell } from '../../support/asking-shell.ts'

/** The rest of Enter's macro rings where the accepting key is not bound. */
const PROMPT = /[$#] \x07?$/

let shell: AskingShell
let waits: (question: Question) => boolean

beforeEach(async () => {
  waits = () => false
  const answerTo = (question: Question) => (waits(question) ? 'wait' : GO)
  shell = await askingShell({ dialect: bash, path: '/bin/bash', prompt: PROMPT, answerTo })
})

afterEach(() => shell.close())

it('asks for a line where it asked for the prompt, and for a step anew', async () => {
  const prompt = shell.last('prompt')
  await shell.line('echo $((40+2))', /42/)
  expect(shell.last('line').on).toBe(prompt.on)
  expect(shell.last('step').on).toBeGreaterThan(prompt.on)
  expect(shell.last('prompt').on).toBeGreaterThan(shell.last('step').on)
})

it('has none open while a line runs, for a program to inherit', async () => {
  await shell.line('ls -l /proc/self/fd; echo end', /end\r\n/)
  expect(shell.screen()).toContain('/proc/')
  expect(shell.screen()).not.toContain('socket:')
})

it('goes on with a new one where it was closed meanwhile', async () => {
  const { on, socket } = shell.last('prompt')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.destroy()
  await closed
  await shell.line('echo $((40+2))', /42/)
  expect(shell.last('line').on).toBeGreaterThan(on)
})

it('keeps it over a Ctrl-C at the prompt', async () => {
  const { on } = shell.last('prompt')
  const before = shell.of('prompt').length
  shell.type('ls /tm\x03')
  await expect.poll(() => shell.of('prompt').length, { timeout: 10_000 }).toBe(before + 1)
  await shell.prompted()
  expect(shell.last('prompt').on).toBe(on)
  await shell.line('echo $((40+2))', /42/)
  expect(shell.last('line').on).toBe(on)
})

it('takes no late answer for that of a later question', async () => {
  waits = ({ kind }) => kind === 'line'
  shell.type('echo $((40+2))\r')
  await expect.poll(() => shell.of('line').length, { timeout: 10_000 }).toBe(1)
  const unanswered = shell.last('line')
  waits = () => false
  shell.type('')
  process.kill(unanswered.question.pid, 'SIGINT')
  await shell.prompted()
  shell.answer(unanswered)
  expect(shell.last('prompt').on).toBeGreaterThan(unanswered.on)
  await shell.line('echo $((40+3))', /43/)
  expect(shell.screen()).not.toContain('42')
})
