/** Plays one trick as a person would: types, looks at the screen, types on. Nothing here waits for time to pass alone. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestTerminal } from '../support/terminal.ts'
import type { Seat } from './driver.ts'
import { type Blanks, fill, type Step, type Trick } from './trick.ts'

/** How long a line may take to come to a prompt, a hold or an end; afterwards Ctrl-C is pressed. */
const LINE_LIMIT_MS = 1_500
/** How long what a step says it waits for may take. */
const SHOWS_LIMIT_MS = 3_000
/** How long a shell may take that somebody approves first. */
const INSIDE_LIMIT_MS = 8_000
const START_LIMIT_MS = 30_000
const BESIDE_LIMIT_MS = 10_000
const PROMPT = /[$#>%] $/
const HELD = /held: /

/** Resolves to what the terminal showed. `patience`: how many times the usual limits it may take, on a busy machine. */
export async function play(trick: Trick, seat: Seat, blanks: Blanks, patience = 1): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-trick-'))
  const control = join(folder, 'control')
  const isBeside = trick.steps.some((step) => typeof step === 'object' && 'beside' in step)
  const terminal = seat.open(...(isBeside ? ['-o', 'ControlMaster=yes', '-o', `ControlPath=${control}`] : []))
  try {
    if (!(await terminal.until(() => PROMPT.test(terminal.cursor().before), START_LIMIT_MS))) {
      throw new Error(`${trick.id}: no prompt was shown:\n${terminal.text()}`)
    }
    const person: Person = { terminal, seat, blanks, patience, folder, control, hasGone: false }
    void terminal.exited.then(() => {
      person.hasGone = true
    })
    for (const step of trick.steps) {
      if (person.hasGone) break
      await take(step, person)
    }
    await leave(person)
  } finally {
    terminal.kill('SIGHUP')
    await terminal.exited
    rmSync(folder, { recursive: true, force: true })
  }
  return terminal.text()
}

interface Person {
  readonly terminal: TestTerminal
  readonly seat: Seat
  readonly blanks: Blanks
  readonly patience: number
  readonly folder: string
  readonly control: string
  hasGone: boolean
}

/** Lets the last keys have their effect, then ends the shell as a person would. */
async function leave(person: Person): Promise<void> {
  const { terminal, patience } = person
  const isPrompt = () => PROMPT.test(terminal.cursor().before)
  await terminal.until(() => person.hasGone || HELD.test(terminal.shown()) || isPrompt(), LINE_LIMIT_MS * patience)
  // Alone: the terminal throws away what is typed behind a Ctrl-C and not read yet.
  await interrupt(person)
  if (person.hasGone) return
  terminal.mark()
  terminal.type('exit\r')
  const isOver = () => person.hasGone || /held: |not run: /.test(terminal.shown())
  await terminal.until(isOver, LINE_LIMIT_MS * patience)
}

async function take(step: Step, person: Person): Promise<void> {
  const { terminal, blanks } = person
  if (typeof step === 'string') return enter(fill(step, blanks), undefined, person)
  if ('line' in step) return enter(fill(step.line, blanks), fill(step.shows, blanks), person)
  if ('keys' in step) {
    terminal.mark()
    terminal.type(fill(step.keys, blanks))
    if (step.shows !== undefined) await shows(fill(step.shows, blanks), person)
    return
  }
  if ('inside' in step) return goInside(fill(step.inside, blanks), person)
  if ('resize' in step) return terminal.resize(...step.resize)
  if ('hangUp' in step) {
    terminal.kill('SIGHUP')
    await terminal.exited
    return
  }
  await runBeside(fill(step.beside, blanks), person)
}

async function enter(text: string, awaited: string | undefined, person: Person): Promise<void> {
  const { terminal, patience } = person
  // Each line of a pasted text takes a row at least and brings a prompt of its own, so that the first one is not taken
  // for the last: the Ctrl-C that comes later would throw away what the shell has not read.
  const ends = text.match(/[\r\n]/g)?.length ?? 0
  const y = terminal.cursor().y + ends
  terminal.mark()
  terminal.type(`${text}\r`)
  if (awaited !== undefined) return shows(awaited, person)
  const isPrompt = () => {
    const cursor = terminal.cursor()
    if (cursor.y <= y || !PROMPT.test(cursor.before)) return false
    return ends === 0 || (terminal.shown().match(/[$#>%] /g)?.length ?? 0) > ends
  }
  await terminal.until(() => person.hasGone || HELD.test(terminal.shown()) || isPrompt(), LINE_LIMIT_MS * patience)
  if (!isPrompt()) await interrupt(person)
}

async function goInside(text: string, person: Person): Promise<void> {
  const { terminal, patience } = person
  const { y } = terminal.cursor()
  terminal.mark()
  terminal.type(`${text}\r`)
  const isPrompt = () => {
    const cursor = terminal.cursor()
    return cursor.y > y && PROMPT.test(cursor.before)
  }
  await terminal.until(() => person.hasGone || isPrompt(), INSIDE_LIMIT_MS * patience)
  if (!isPrompt()) await interrupt(person)
}

/** Waits for a text; a hold ends the wait too, and is taken back. */
async function shows(awaited: string, person: Person): Promise<void> {
  const { terminal, patience } = person
  const isShown = () => terminal.shown().includes(awaited)
  await terminal.until(() => person.hasGone || HELD.test(terminal.shown()) || isShown(), SHOWS_LIMIT_MS * patience)
  if (HELD.test(terminal.shown())) await interrupt(person)
}

async function interrupt(person: Person): Promise<void> {
  const { terminal, patience } = person
  if (person.hasGone) return
  terminal.mark()
  terminal.type('\x03')
  await terminal.until(
    () => person.hasGone || (terminal.shown() !== '' && PROMPT.test(terminal.cursor().before)),
    LINE_LIMIT_MS * patience,
  )
}

async function runBeside(command: string, { seat, folder, control, patience }: Person): Promise<void> {
  const options = seat.options.join(' ')
  const child = spawn('sh', ['-c', command], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: true,
    env: {
      ...process.env,
      O: options,
      M: `${options} -o ControlMaster=no -o ControlPath=${control}`,
      D: seat.destination,
      W: folder,
    },
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), BESIDE_LIMIT_MS * patience)
  await promise
  clearTimeout(timer)
}
