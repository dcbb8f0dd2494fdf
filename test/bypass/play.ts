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

/** Resolves to what the terminal showed. */
export async function play(trick: Trick, seat: Seat, blanks: Blanks): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-trick-'))
  const control = join(folder, 'control')
  const isBeside = trick.steps.some((step) => typeof step === 'object' && 'beside' in step)
  const terminal = seat.open(...(isBeside ? ['-o', 'ControlMaster=yes', '-o', `ControlPath=${control}`] : []))
  try {
    if (!(await terminal.until(() => PROMPT.test(terminal.cursor().before), START_LIMIT_MS))) {
      throw new Error(`${trick.id}: no prompt was shown:\n${terminal.text()}`)
    }
    const person: Person = { terminal, seat, blanks, folder, control, hasGone: false }
    void terminal.exited.then(() => {
      person.hasGone = true
    })
    for (const step of trick.steps) {
      if (person.hasGone) break
      await take(step, person)
    }
    if (!person.hasGone) {
      terminal.mark()
      terminal.type('\x03exit\r')
      await terminal.until(() => person.hasGone || /held: |not run: /.test(terminal.shown()), LINE_LIMIT_MS)
    }
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
  readonly folder: string
  readonly control: string
  hasGone: boolean
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
  const { terminal } = person
  // Each line of a pasted text takes a row at least, so that a prompt above is not taken for the last one.
  const y = terminal.cursor().y + (text.match(/[\r\n]/g)?.length ?? 0)
  terminal.mark()
  terminal.type(`${text}\r`)
  if (awaited !== undefined) return shows(awaited, person)
  const isPrompt = () => {
    const cursor = terminal.cursor()
    return cursor.y > y && PROMPT.test(cursor.before)
  }
  await terminal.until(() => person.hasGone || HELD.test(terminal.shown()) || isPrompt(), LINE_LIMIT_MS)
  if (!isPrompt()) await interrupt(person)
}

async function goInside(text: string, person: Person): Promise<void> {
  const { terminal } = person
  const { y } = terminal.cursor()
  terminal.mark()
  terminal.type(`${text}\r`)
  const isPrompt = () => {
    const cursor = terminal.cursor()
    return cursor.y > y && PROMPT.test(cursor.before)
  }
  await terminal.until(() => person.hasGone || isPrompt(), INSIDE_LIMIT_MS)
  if (!isPrompt()) await interrupt(person)
}

/** Waits for a text; a hold ends the wait too, and is taken back. */
async function shows(awaited: string, person: Person): Promise<void> {
  const { terminal } = person
  const isShown = () => terminal.shown().includes(awaited)
  await terminal.until(() => person.hasGone || HELD.test(terminal.shown()) || isShown(), SHOWS_LIMIT_MS)
  if (HELD.test(terminal.shown())) await interrupt(person)
}

async function interrupt(person: Person): Promise<void> {
  const { terminal } = person
  if (person.hasGone) return
  terminal.mark()
  terminal.type('\x03')
  await terminal.until(
    () => person.hasGone || (terminal.shown() !== '' && PROMPT.test(terminal.cursor().before)),
    LINE_LIMIT_MS,
  )
}

async function runBeside(command: string, { seat, folder, control }: Person): Promise<void> {
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
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), BESIDE_LIMIT_MS)
  await promise
  clearTimeout(timer)
}
