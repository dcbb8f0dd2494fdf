/**
 * What `sallyport audit export` does. The cursor is moved when the events are written and on the disk, so that whatever
 * ends it in between, the next one brings them again: each at least once, known by its `seq`.
 */
import { open, readFile, rename } from 'node:fs/promises'
import { call } from './api-call.ts'
import type { AuditExport } from './cli/audit-export.ts'
import { BastionError } from './core/errors.ts'

export const auditExport: AuditExport = async ({ url, since, cursor, output: file }, output) => {
  const after = cursor === undefined ? 0 : await readCursor(cursor)
  const query = new URLSearchParams({ after: String(after), ...(since !== undefined && { since }) })
  const { body } = await call(url, `audit/export?${query}`, { method: 'GET', isStream: true })
  if (body === null) throw new BastionError('unavailable', 'The bastion sent no events.')
  const handle = file === undefined ? undefined : await open(file, 'a', 0o600)
  let [events, last] = [0, after]
  try {
    for await (const line of linesOf(body)) {
      const { seq } = JSON.parse(line) as { readonly seq?: unknown }
      if (typeof seq !== 'number' || seq <= last) throw new BastionError('untrusted', 'The events come in no order.')
      if (handle === undefined) await new Promise<void>((done) => process.stdout.write(`${line}\n`, () => done()))
      else await handle.writeFile(`${line}\n`)
      events++
      last = seq
    }
    await handle?.sync()
  } finally {
    await handle?.close()
  }
  if (cursor !== undefined) await writeCursor(cursor, last)
  if (file !== undefined) output.print(`${events} events were written, the last is ${last}.`, { events, last, file })
}

async function readCursor(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '0'
    throw new BastionError('invalid', `The cursor ${file} cannot be read.`, error)
  })
  if (!/^\d{1,15}\s*$/.test(text))
    throw new BastionError('invalid', `The cursor ${file} has no number of an event in it.`)
  return Number(text)
}

async function writeCursor(file: string, seq: number): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600)
  await handle.writeFile(`${seq}\n`).finally(() => handle.close())
  await rename(`${file}.new`, file)
}

/** Whole lines only: one that was cut off by a lost connection is not written. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of body) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') throw new BastionError('unavailable', 'The bastion’s answer was cut off; export again.')
}
