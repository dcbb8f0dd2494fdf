/**
 * A session that runs one command (`ssh host 'rm -rf x'`). Its whole text is known before anything runs, so it is judged
 * once, as `exact`, and what runs is that text and no other.
 */
import type { Clearance } from '../approval/clearance.ts'
import type { Exit } from './channel.ts'
import { recordEvent } from './context.ts'
import { noticing } from './noticing.ts'
import { watchProgram } from './program-lines.ts'
import { EXIT_REFUSED, EXIT_WITHDRAWN, type Live } from './session.ts'

const CTRL_C = 0x03
/** The far end of scp (`-O`) and of sftp as a command: a protocol of its own, which has no gate yet. */
const FILE_COPY = /^\s*(?:\S*\/)?(?:scp\s+(?:-\S+\s+)*-[a-zA-Z]*[tf][a-zA-Z]*(?:\s|$)|(?:internal-sftp|sftp-server)\b)/
export const NO_FILE_COPY = 'copying files has no gate yet, so it is not let through; use commands such as cat instead.'
/** What is typed or piped in before the verdict is kept up to here; then reading stops, which stops the client. */
const EARLY_INPUT_BYTES = 64 * 1024

export async function runExec(live: Live, command: string): Promise<Exit> {
  const { client, checkpoint, context } = live
  const input = new EarlyInput(
    client.input,
    live.request.pty === undefined ? () => {} : () => checkpoint.withdraw('taken back with Ctrl-C'),
  )
  const draft = { kind: 'exec', text: command, assurance: 'exact' } as const
  const outcome = FILE_COPY.test(command)
    ? await checkpoint.refuse(draft, NO_FILE_COPY)
    : await checkpoint.pass(draft, live.ended)
  if (outcome.kind === 'refused') {
    return { kind: 'status', status: outcome.how === 'withdrawn' ? EXIT_WITHDRAWN : EXIT_REFUSED }
  }
  live.keepDuties(outcome.clearance.because)
  // Until it is known how the command ended, an approved one counts as running: that must be settled on every way out.
  let exit: Exit = { kind: 'lost' }
  try {
    exit = await run(live, outcome.clearance, input)
  } finally {
    const status = exit.kind === 'status' ? exit.status : undefined
    if (outcome.hold !== undefined) await checkpoint.finished(outcome.hold, status)
    else await recordEvent(context, 'command.finished', { text: command, exitStatus: status ?? null })
  }
  return exit
}

/** Runs what the clearance names and shows what it says, to its end. */
async function run(live: Live, clearance: Clearance, input: EarlyInput): Promise<Exit> {
  const { client, pump, context } = live
  // A whole session of its own, where it can run more than its text says.
  if (live.request.pty !== undefined && context.services.analyse(clearance.text).effects.includes('escape'))
    await live.ungated.begin(0, clearance.text)
  const channel = await live.upstream.exec(clearance, {
    session: context.record.id,
    pty: live.request.pty,
    env: live.request.env,
  })
  client.onResize((size) => {
    channel.resize(size)
    live.screen?.resize(size)
    live.pump.noticeResized()
    live.status?.redraw()
    live.recorder.resize(size.cols, size.rows).catch(() => {})
  })
  client.onSignal((signal) => channel.signal(signal))
  const program = watchProgram(live, (bytes) => channel.write(bytes))
  const type = async (bytes: Uint8Array) => {
    if (program === undefined || live.ungated.current === undefined) return channel.write(bytes)
    for (let rest = bytes; rest.length > 0; ) rest = await program.feed(rest)
  }
  const typed = input.pour(type).then(() => channel.endInput())
  typed.catch(() => {})
  const shown = noticing(channel.stdout, { shown: () => program?.noticeShown() })
  await Promise.all([pump.drain(shown, 'stdout'), pump.drain(channel.stderr, 'stderr')])
  return channel.exit
}

/** Reads a little ahead while the command waits, so that Ctrl-C is heard; no byte of it goes anywhere before `pour`. */
class EarlyInput {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #early: Uint8Array[] = []
  readonly #reading: Promise<boolean>
  #isPouring = false

  constructor(source: AsyncIterable<Uint8Array>, onInterrupt: () => void) {
    this.#source = source[Symbol.asyncIterator]()
    this.#reading = this.#readAhead(onInterrupt)
    this.#reading.catch(() => {})
  }

  /** Forwards what was read early and then the rest; resolves at the client's EOF. */
  async pour(sink: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    this.#isPouring = true
    const pourEarly = async () => {
      for (let bytes = this.#early.shift(); bytes !== undefined; bytes = this.#early.shift()) await sink(bytes)
    }
    await pourEarly()
    const isAtEnd = await this.#reading
    // A read that was under way has added its bytes behind the others; only here may they follow, in their order.
    await pourEarly()
    if (isAtEnd) return
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next())
      await sink(next.value)
  }

  /** Resolves to true at EOF, to false when enough was read ahead or somebody pours. */
  async #readAhead(onInterrupt: () => void): Promise<boolean> {
    let kept = 0
    while (!this.#isPouring && kept < EARLY_INPUT_BYTES) {
      const next = await this.#source.next()
      if (next.done === true) return true
      if (!this.#isPouring && next.value.includes(CTRL_C)) onInterrupt()
      kept += next.value.length
      this.#early.push(next.value)
    }
    return false
  }
}
