/** What `sallyport recordings export`, `play` and `sessions watch` do. What is exported goes into a file whole, or not at all. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { call } from './api-call.ts'
import { liveEvents } from './cli/live-events.ts'
import { listenToKeys, Player } from './cli/player.ts'
import type { RecordingCommands } from './cli/recordings.ts'
import type { CastEvent } from './core/cast.ts'
import type { Clock } from './core/clock.ts'
import { BastionError } from './core/errors.ts'
import { castV2, readCast } from './recording/asciicast-reader.ts'

export const recordingCommands: RecordingCommands = {
  async exportCast(id, { url, output: file, format }, output) {
    const body = await bodyOf(url, `recordings/${encodeURIComponent(id)}/cast`)
    await save(file, format === 'v2' ? castV2(body) : body)
    output.print(`${file} was written.`, { file, format })
  },

  async play(id, { url, speed, idle }) {
    const path = `recordings/${encodeURIComponent(id)}/cast`
    await onTerminal(
      async (player) => {
        const { events } = await readCast(await bodyOf(url, path, player.quit), { isLive: true })
        await player.play(events)
      },
      { speed, idleSeconds: idle },
    )
  },

  async watch(id, { url }) {
    // What is on the screen is shown at once; what comes, when it comes.
    await onTerminal((player) => player.play(untilOver(url, id, player.quit)), { speed: 1, idleSeconds: 0 })
  },

  async exportBundle(what, { url, output: file }, output) {
    const path =
      typeof what === 'string'
        ? `recordings/${encodeURIComponent(what)}/bundle`
        : `bundles?${new URLSearchParams(Object.entries(what).filter(([, value]) => value !== undefined))}`
    const bytes = await save(file, progress(await bodyOf(url, path)))
    output.print(`${file} was written. To check it: sallyport recordings verify ${file}`, {
      file,
      format: 'bundle',
      bytes,
    })
  },
}

/** Its timers keep the process alive while something is played. */
const clock: Clock = {
  now: () => new Date(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}

async function onTerminal(
  task: (player: Player) => Promise<void>,
  options: { readonly speed: number; readonly idleSeconds: number | undefined },
): Promise<void> {
  const write = (text: string) => new Promise<void>((done) => void process.stdout.write(text, () => done()))
  const player = new Player({ clock, write, ...options })
  const giveBack = listenToKeys(process.stdin, (key) => player.press(key))
  try {
    await task(player)
  } finally {
    giveBack()
  }
}

/** The bastion ends a program's stream from time to time, to see its token again; the next one begins with the screen. */
async function* untilOver(url: string, id: string, quit: AbortSignal): AsyncGenerator<CastEvent> {
  let isOver = false
  while (!isOver && !quit.aborted) {
    isOver = yield* liveEvents(await bodyOf(url, `recordings/${encodeURIComponent(id)}/live`, quit))
  }
}

async function bodyOf(url: string, path: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const { body } = await call(url, path, { method: 'GET', isStream: true, signal })
  if (body === null) throw new BastionError('unavailable', 'The bastion sent an empty recording.')
  return body
}

/** Resolves to how many bytes there are. A file that is there is replaced once the new one is whole. */
async function save(file: string, content: AsyncIterable<Uint8Array | string>): Promise<number> {
  const unfinished = `${file}.part`
  const out = createWriteStream(unfinished, { mode: 0o600 })
  try {
    await pipeline(Readable.from(content), out)
    await rename(unfinished, file)
    return out.bytesWritten
  } catch (error) {
    await rm(unfinished, { force: true })
    if (error instanceof BastionError) throw error
    throw new BastionError(
      'unavailable',
      `${file} could not be written whole, so it was not: ${String((error as Error).message)}.`,
      error,
    )
  }
}

/** How far it is, on standard error: in place on a terminal, else a line for every 64 MB. */
async function* progress(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { stderr } = process
  const step = stderr.isTTY === true ? 1_000_000 : 64_000_000
  let [bytes, told] = [0, 0]
  const tell = (end: string) =>
    stderr.write(`${stderr.isTTY === true ? '\r' : ''}exported ${(bytes / 1_000_000).toFixed(1)} MB${end}`)
  for await (const part of content) {
    yield part
    bytes += part.length
    if (bytes - told < step) continue
    told = bytes
    tell(stderr.isTTY === true ? ' ' : '\n')
  }
  tell('\n')
}
