/** Plays an innocent session on both sides at once, and tells where the two screens differ. */
import type { TestTerminal } from '../../support/terminal.ts'
import type { Place, Seat } from './place.ts'
import type { Session, Step } from './session.ts'

/** A line that is not over by then is a fault; the slowest takes a second on two busy cores. */
const LIMIT_MS = 15_000
/** A prompt, also one of a line that goes on (`> `, `for> `). */
const PROMPT = /[$#%>] $/
const HELD = /held: /
/** Rounds in which programs go on asking the terminal before that counts as a fault. */
const MOST_ROUNDS = 10

/** What is wrong with a session; nothing, if all is well. */
export type Fault =
  | {
      readonly kind: 'screen'
      readonly after: string
      readonly direct: readonly string[]
      readonly through: readonly string[]
    }
  | { readonly kind: 'verdict'; readonly event: string; readonly detail: unknown }
  | { readonly kind: 'stuck'; readonly message: string }

export async function play(session: Session, seat: Seat, place: Place): Promise<readonly Fault[]> {
  const pair = await seat.open()
  const both = [pair.direct, pair.through]
  const faults: Fault[] = []
  const released: string[] = []
  const compare = async (after: string, view: (terminal: TestTerminal) => readonly string[]) => {
    let isAlike = false
    const look = () => {
      isAlike ||= view(pair.direct).join('\n') === view(pair.through).join('\n')
      return isAlike
    }
    // Either may be the later one to draw what is still missing.
    if (await Promise.race(both.map((terminal) => terminal.until(look, LIMIT_MS)))) return true
    faults.push({ kind: 'screen', after, direct: view(pair.direct), through: view(pair.through) })
    return false
  }
  try {
    await Promise.all(both.map(begin))
    for (const step of session.steps) {
      await Promise.all([take(step, pair.direct), take(step, pair.through, () => approve(step, place, released))])
      if (typeof step === 'object' && 'moves' in step) continue
      if (!(await compare(JSON.stringify(step).slice(0, 100), inView))) break
    }
    if (faults.length === 0 && session.above === undefined)
      await compare('all of it', (terminal) => terminal.above().map(withoutNumber))
  } catch (error) {
    faults.push({ kind: 'stuck', message: error instanceof Error ? error.message : String(error) })
  } finally {
    await Promise.all(both.map(end))
  }
  return [...faults, ...(await wrongVerdicts(seat, released))]
}

const inView = (terminal: TestTerminal): readonly string[] => [
  ...terminal.cells().map(withoutNumber),
  JSON.stringify(terminal.modes()),
]

/** What a shell says of a job has the number of its process, which cannot be alike: `[1]+ 20417 …`. */
function withoutNumber(row: string): string {
  return row.replace(/^(\[\d+\][+-]? +)\d{5}(?!\d)/, '$1#####')
}

/** Clears the screen: the bastion's greeting is the one thing that may differ. */
async function begin(terminal: TestTerminal): Promise<void> {
  await atPrompt(terminal, -1)
  terminal.mark()
  terminal.type('clear\r')
  await shown(terminal, () => {
    const isOnTop = / \d+,0 /.test(terminal.cells().at(-1) ?? '')
    return isOnTop && PROMPT.test(terminal.cursor().before)
  })
  terminal.keep()
}

async function end(terminal: TestTerminal): Promise<void> {
  terminal.kill('SIGHUP')
  await terminal.exited
}

async function take(step: Step, terminal: TestTerminal, approve?: () => Promise<void>): Promise<void> {
  // A terminal marks what is pasted where it was asked to; a person is not faster than the shell that asks.
  if (isMarked(step)) await shown(terminal, () => terminal.modes().bracketedPasteMode === true)
  terminal.mark()
  if (typeof step === 'string') {
    const { y } = terminal.cursor()
    const rows = step.match(/[\r\n]/g)?.length ?? 0
    terminal.type(`${step}\r`)
    return atPrompt(terminal, y + rows)
  }
  if ('resize' in step) return terminal.resize(...step.resize)
  if ('settled' in step) return settle(step, terminal)
  terminal.type(step.line === undefined ? (step.keys ?? '') : `${step.line}\r`)
  if (step.held !== undefined && approve !== undefined) {
    await shown(terminal, () => HELD.test(terminal.shown()))
    await approve()
  }
  const { shows } = step
  if (shows !== undefined) await shown(terminal, () => terminal.shown().includes(shows))
}

function isMarked(step: Step): boolean {
  return JSON.stringify(step).includes('[200~')
}

async function settle(
  step: { readonly settled: string; readonly shows: string },
  terminal: TestTerminal,
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = terminal.answered()
    terminal.mark()
    terminal.type(step.settled)
    await shown(terminal, () => terminal.shown().includes(step.shows))
    if (terminal.answered() === before) return
  }
  throw new Error(`Programs still ask the terminal after ${MOST_ROUNDS} keys.`)
}

async function approve(step: Step, { reviewer }: Place, released: string[]): Promise<void> {
  const what = typeof step === 'object' && 'held' in step ? (step.held ?? '') : ''
  const answer = await reviewer.decide(await reviewer.hold(what), 'approve')
  if (!answer.ok) throw new Error(`${what} could not be approved: ${await answer.text()}`)
  released.push(what)
}

/** What was asked of a reviewer or refused, but for what the session says is rightly held. */
async function wrongVerdicts(seat: Seat, released: readonly string[]): Promise<readonly Fault[]> {
  const wrong = new Set(['command.held', 'command.denied', 'gate.failed'])
  return (await seat.events())
    .filter(
      ({ type, detail }) =>
        wrong.has(type) && !(type === 'command.held' && released.some((what) => String(detail.text).includes(what))),
    )
    .map(({ type, detail }) => ({ kind: 'verdict', event: type, detail }))
}

/** Waits for a prompt in a row below `y`. */
function atPrompt(terminal: TestTerminal, y: number): Promise<void> {
  return shown(terminal, () => {
    const cursor = terminal.cursor()
    return cursor.y > y && PROMPT.test(cursor.before)
  })
}

async function shown(terminal: TestTerminal, isShown: () => boolean): Promise<void> {
  if (!(await terminal.until(isShown, LIMIT_MS))) throw new Error(`It was not shown:\n${terminal.text()}`)
}
