/**
 * A session that runs one command (`ssh host 'rm -rf x'`). Its whole text is known before anything runs, so it is judged
 * once, as `exact`, and what runs is that text and no other.
 */
import type { Exit } from './channel.ts'
import { recordEvent } from './context.ts'
import { EXIT_REFUSED, EXIT_WITHDRAWN, type Live } from './session.ts'

const CTRL_C = 0x03
/** The far end of scp (`-O`) and of sftp as a command: a protocol of its own, which has no gate yet. */
const FILE_COPY = /^\s*(?:\S*\/)?(?:scp\s+(?:-\S+\s+)*-[a-zA-Z]*[tf]|sftp-server\b)/
export const NO_FILE_COPY = 'copying files has no gate yet, so it is not let through; use commands such as cat instead.'
/** What is typed or piped in before the verdict is kept up to here; then reading stops, which stops the client. */
const EARLY_INPUT_BYTES = 64 * 1024

export async function runExec(live: Live, command: string): Promise<Exit> {
  const { client, checkpoint, pump, context } = live
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
  const channel = await live.upstream.exec(outcome.clearance, {
    session: context.record.id,
    pty: live.request.pty,
    env: live.request.env,
  })
  client.onResize((size) => {
    channel.resize(size)
    live.screen?.resize(size)
    live.recorder.resize(size.cols, size.rows).catch(() => {})
  })
  client.onSignal((signal) => channel.signal(signal))
  const typed = input.pour((bytes) => channel.write(bytes)).then(() => channel.endInput())
  typed.catch(() => {})
  await Promise.all([pump.drain(channel.stdout, 'stdout'), pump.drain(channel.stderr, 'stderr')])
  const exit = await channel.exit
  const status = exit.kind === 'status' ? exit.status : undefined
  if (outcome.hold !== undefined) await checkpoint.finished(outcome.hold, status)
  else await recordEvent(context, 'command.finished', { text: command, exitStatus: status ?? null })
  return exit
}

/** Reads a little ahead while the command waits, so that Ctrl-C is heard; no byte of it goes anywhere before `pour`. */
class EarlyInput {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #early: Uint8Array[] = []
  readonly #reading: Promise<boolean>
  #sink: ((bytes: Uint8Array) => Promise<void>) | undefined

  constructor(source: AsyncIterable<Uint8Array>, onInterrupt: () => void) {
    this.#source = source[Symbol.asyncIterator]()
    this.#reading = this.#readAhead(onInterrupt)
    this.#reading.catch(() => {})
  }

  /** Forwards what was read early and then the rest; resolves at the client's EOF. */
  async pour(sink: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    this.#sink = sink
    for (let bytes = this.#early.shift(); bytes !== undefined; bytes = this.#early.shift()) await sink(bytes)
    if (await this.#reading) return
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next())
      await sink(next.value)
  }

  #poured(): ((bytes: Uint8Array) => Promise<void>) | undefined {
    return this.#sink
  }

  /** Resolves to true at EOF, to false when enough was read ahead or somebody pours. */
  async #readAhead(onInterrupt: () => void): Promise<boolean> {
    let kept = 0
    while (this.#sink === undefined && kept < EARLY_INPUT_BYTES) {
      const next = await this.#source.next()
      if (next.done === true) return true
      // `pour` may have begun while this read was under way; then these bytes come after the early ones, in order.
      if (this.#poured()) {
        await this.#poured()?.(next.value)
        return false
      }
      if (next.value.includes(CTRL_C)) onInterrupt()
      kept += next.value.length
      this.#early.push(next.value)
    }
    return false
  }
}
