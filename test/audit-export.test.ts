/** The audit log exported by number: whole, in order, and each event at least once whatever is in between. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditExport } from '../src/audit-export.ts'
import { openOutput } from '../src/cli/output.ts'
import { systemClock } from '../src/core/clock.ts'
import { type RunningWeb, startWeb } from '../src/web/server.ts'
import { newWorld, type World } from './web/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
const output = { ...openOutput(true, process.stderr, {}), print() {} }
let world: World
let web: RunningWeb
let url: string

beforeAll(async () => {
  world = await newWorld(systemClock)
  web = await startWeb(world.services, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${web.port}`
  process.env.SALLYPORT_TOKEN = 'carol'
})
afterAll(async () => {
  delete process.env.SALLYPORT_TOKEN
  await web.close()
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const append = async (count: number, at = systemClock.now()) => {
  for (let n = 0; n < count; n++) {
    const who = { actor: undefined, actorName: 'ä\n', session: undefined, hold: undefined }
    await world.store.audit.append({ type: 'command.allowed', at, ...who, detail: { n } })
  }
}
const file = join(folder, 'events.jsonl')
const cursor = join(folder, 'cursor')
const kept = () =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; type: string; actorName: string })

const newest = async () => (await world.store.audit.list({ limit: 1 }))[0]!.seq

it('brings every event in order, its own last, and goes on behind the cursor', async () => {
  await append(1_200)
  await auditExport({ url, since: undefined, cursor, output: file }, output)
  const last = await newest()
  expect(kept().map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, n) => n + 1))
  expect(kept().filter(({ type, actorName }) => type === 'command.allowed' && actorName === 'ä\n')).toHaveLength(1_200)
  expect(kept().at(-1)).toMatchObject({ type: 'audit.exported', actorName: 'Carol Cole' })
  expect(readFileSync(cursor, 'utf8')).toBe(`${last}\n`)
  await append(2)
  await auditExport({ url, since: undefined, cursor, output: file }, output)
  expect(
    kept()
      .slice(last)
      .map(({ seq }) => seq),
  ).toEqual([last + 1, last + 2, last + 3])
})

it('brings events again where the cursor was not moved, and leaves out older ones where asked', async () => {
  const last = await newest()
  writeFileSync(cursor, `${last - 1}\n`)
  rmSync(file)
  await auditExport({ url, since: undefined, cursor, output: file }, output)
  expect(kept()[0]?.seq).toBe(last)
  rmSync(file)
  await append(1, new Date('2020-01-01T00:00:00Z'))
  await auditExport({ url, since: '2026-01-01T00:00:00.000Z', cursor, output: file }, output)
  expect(kept().map(({ type }) => type)).toEqual(['audit.exported'])
})

it('refuses a cursor that is none, and who may not read the log', async () => {
  writeFileSync(cursor, 'nonsense')
  await expect(auditExport({ url, since: undefined, cursor, output: file }, output)).rejects.toMatchObject({
    code: 'invalid',
  })
  process.env.SALLYPORT_TOKEN = 'bob'
  await expect(auditExport({ url, since: undefined, cursor: undefined, output: file }, output)).rejects.toMatchObject({
    code: 'forbidden',
  })
  process.env.SALLYPORT_TOKEN = 'carol'
})
