/** A bundle as the command line exports it from a running bastion, and verifies it where nothing of one is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openOutput } from '../../src/cli/output.ts'
import { systemClock } from '../../src/core/clock.ts'
import { recordingCommands } from '../../src/recordings-commands.ts'
import { type RunningWeb, startWeb } from '../../src/web/server.ts'
import { newScene, type Scene } from '../bundle/parts.ts'
import { sallyport } from './sallyport.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-export-'))
const output = openOutput(true, process.stderr, {})
let scene: Scene
let web: RunningWeb
let url: string

beforeAll(async () => {
  scene = await newScene({ lines: 3 })
  web = await startWeb({ ...scene.world.services, clock: systemClock }, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${web.port}`
  process.env.SALLYPORT_TOKEN = 'carol'
})
afterAll(async () => {
  delete process.env.SALLYPORT_TOKEN
  await web.close()
  await scene.close()
  rmSync(folder, { recursive: true, force: true })
})

it('exports several by a filter, tells a refusal, and leaves no half of a file', async () => {
  const file = join(folder, 'several.zip')
  await recordingCommands.exportBundle(
    { who: 'alice', since: '2020-01-01T00:00:00.000Z' },
    { url, output: file },
    {
      ...output,
      print() {},
    },
  )
  const before = readFileSync(file)
  const none = recordingCommands.exportBundle({ target: 'nothing' }, { url, output: file }, output)
  await expect(none).rejects.toMatchObject({ code: 'not-found', message: 'No session that you may watch fits.' })
  process.env.SALLYPORT_TOKEN = 'dave'
  const refused = recordingCommands.exportBundle(scene.record.id, { url, output: file }, output)
  await expect(refused).rejects.toMatchObject({ code: 'forbidden' })
  expect(readFileSync(file)).toEqual(before)
  process.env.SALLYPORT_TOKEN = 'carol'
})

it('exports one session as a bundle, which verifies without configuration or state; exit 1 where it was changed', async () => {
  const file = join(folder, 'one.zip')
  const told: unknown[] = []
  const into = { ...output, print: (_text: string, data: unknown) => void told.push(data) }
  await recordingCommands.exportBundle(scene.record.id, { url, output: file }, into)
  const { length } = readFileSync(file)
  expect(told).toEqual([{ file, format: 'bundle', bytes: length }])
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  const good = sallyport(['recordings', 'verify', file], { cwd: folder })
  expect(good).toMatchObject({ status: 0, stderr: '' })
  expect(good.stdout).toContain('1 sessions')
  expect(good.stdout).toContain('1 decisions signed with a passkey')
  expect(good.stdout).toContain('Whose key it is, this does not prove')
  const [, key = ''] = /^key (.+)$/m.exec(good.stdout) ?? []
  const pinned = sallyport(['recordings', 'verify', file, '--key', key], { cwd: folder })
  expect(pinned).toMatchObject({ status: 0, stdout: expect.stringContaining('as that log signed it') })
  const bytes = readFileSync(file)
  bytes[Math.trunc(length / 2)]! ^= 1
  writeFileSync(file, bytes)
  const bad = sallyport(['--json', 'recordings', 'verify', file], { cwd: folder })
  expect(bad.status).toBe(1)
  expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, findings: [{}] })
})

it('tells a wrong call with exit status 2', () => {
  const words = ['recordings', 'export', '--format', 'bundle', '-o', join(folder, 'x.zip')]
  expect(sallyport(words)).toMatchObject({ status: 2, stderr: expect.stringContaining('--since') })
  expect(sallyport([...words, '--since', 'yesterday'])).toMatchObject({ status: 2 })
})
