/** A whole bastion whose recordings go on to a store: they get there, and when it is away nobody works unrecorded. */
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderObjects } from '../../src/blob/folder/objects.ts'
import { STOPPED } from '../../src/blob/spool/pressure.ts'
import { piecewiseSource } from '../../src/blob/spool/source.ts'
import { Spool } from '../../src/blob/spool/spool.ts'
import { parseVerifier } from '../../src/evidence/note.ts'
import { verifyAudit } from '../../src/evidence/verify.ts'
import { verifyRecordings } from '../../src/evidence/verify-recordings.ts'
import { parseCast } from '../../src/recording/asciicast-reader.ts'
import { startTestBastion, type TestBastion, until } from '../support/bastion.ts'

/** The built-in target runs as whoever runs the test. */
const PROMPT = /[#$] $/m

let folder: string
let store: string
let bastion: TestBastion
let key: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-store-'))
  store = join(folder, 'store')
  bastion = await startTestBastion({
    builtInTargets: true,
    // Half of it is over before a chunk is late, so the first that is told of is that output is slowed.
    recordingStore: { limitBytes: 2 ** 26, outageMs: 4_000, place: { kind: 'folder', folder: store } },
  })
  key = bastion.newKey('alice')
  const terminal = bastion.ssh('web-1', '-i', key)
  await bastion.signIn(terminal, await bastion.person('alice'))
  await terminal.shows(PROMPT)
  terminal.type('exit\r')
  await terminal.exited
}, 60_000)
afterAll(async () => {
  await bastion?.close()
  rmSync(folder, { recursive: true, force: true })
})

const spool = () => readdirSync(join(bastion.folder, 'recordings'), { recursive: true })
const types = async () =>
  (await bastion.audit('spool.delayed', 'spool.slowed', 'spool.stopped', 'spool.recovered')).map(({ type }) => type)

describe('a bastion whose recordings go on to a store', () => {
  it('has the whole of one there, in chunks, and shows it on its page', async () => {
    const result = await bastion.run('web-1', 'seq 1 100000', { key })
    expect(result.status).toBe(0)
    const carol = await bastion.person('carol')
    const { recordings } = await carol.json<{ recordings: { session: { id: string }; sizeBytes: number }[] }>(
      'recordings',
    )
    const { id } = recordings[0]!.session
    await until(() => spool().length === 0)
    expect(readdirSync(join(store, `${id}.cast`)).length).toBeGreaterThan(1)
    const cast = await (await carol.api(`recordings/${id}/cast`)).text()
    expect(cast.length).toBe(recordings[0]!.sizeBytes)
    const { events } = await parseCast(cast)
    const output = events.flatMap((event) => (event.kind === 'output' ? [event.text] : [])).join('')
    expect(output.endsWith(result.stdout.toString())).toBe(true)
  })

  // Twenty seconds, in which a store has to be away: a part of it without them is in test/blob/pressure.test.ts.
  it.skipIf(process.env.SALLYPORT_LONG !== '1')(
    'fault 53: tells when the store is away, then ends sessions and opens none; and goes on when it is back',
    async () => {
      const terminal = bastion.ssh('web-1', '-i', key)
      await terminal.shows(PROMPT)
      renameSync(store, `${store}.aside`)
      writeFileSync(store, 'a file where the store should be')
      terminal.type("echo sh''own while the store is away\r")
      await terminal.shows('shown while the store is away')
      await terminal.shows(STOPPED.slice(0, 40))
      await terminal.exited
      expect((await types()).toReversed()).toEqual(['spool.slowed', 'spool.stopped'])
      const refused = await bastion.run('web-1', 'true', { key })
      expect(refused.stderr).toContain(STOPPED)
      expect((await fetch(`${bastion.web}/readyz`)).status).toBe(503)

      rmSync(store)
      renameSync(`${store}.aside`, store)
      await until(async () => (await types())[0] === 'spool.recovered')
      expect((await bastion.run('web-1', 'true', { key })).status).toBe(0)
      await until(() => spool().length === 0)
    },
  )

  it('has nothing to hide from who verifies it', async () => {
    const { evidence } = bastion.demo.bastion.store
    const [started] = await bastion.audit('bastion.started')
    const log = parseVerifier(String(started!.detail.auditLogKey))
    const audit = await verifyAudit({ store: evidence, log, elsewhere: [] })
    const source = piecewiseSource({
      spool: await Spool.open(join(bastion.folder, 'recordings')),
      objects: folderObjects({ folder: store }),
    })
    const report = await verifyRecordings({ store: evidence, audit, source })
    expect(report).toMatchObject({ findings: [], open: 0, unproven: 0 })
    expect(report.sealed).toBeGreaterThanOrEqual(2)
  })
})
