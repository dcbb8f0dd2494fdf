import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditType } from '../src/core/audit.ts'
import { LivePolicy } from '../src/live-policy.ts'
import { ManualClock } from './support/manual-clock.ts'
import { keptLog, STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from './support/store.ts'

const policy = (name: string) =>
  `version: 1\nroles:\n  engineer: { groups: [engineering] }\nrules:\n  - { name: ${name}, who: [engineer], then: allow }\n`
const BROKEN = 'version: 1\nruels: []\n'

let folder: string
let file: string
let temporary: TemporaryStore
let clock: ManualClock
let live: LivePolicy | undefined
let changes: number
let log: ReturnType<typeof keptLog>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-policy-'))
  file = join(folder, 'policy.yaml')
  temporary = await temporaryStore()
  clock = new ManualClock()
  log = keptLog()
  changes = 0
})
afterEach(async () => {
  live?.close()
  live = undefined
  await temporary.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(over: Partial<Parameters<typeof LivePolicy.open>[0]> = {}): Promise<LivePolicy> {
  const parts = { file, name: 'policy.yaml', clock, log, audit: temporary.store.audit, onChange: () => void changes++ }
  live = await LivePolicy.open({ ...parts, ...over })
  return live
}

const events = async (): Promise<readonly AuditType[]> =>
  (await temporary.store.audit.list({ limit: 20 })).map(({ type }) => type).reverse()
const ruleOf = (it: LivePolicy) => it.current.rules[0]?.name

/** Resolves when the watcher has seen a change and the file has been read again. */
async function picked(it: LivePolicy): Promise<void> {
  await clock.step()
  await it.reload()
}

describe('LivePolicy.open()', () => {
  it('refuses a broken file, naming every problem, and a file that is not there', async () => {
    writeFileSync(file, BROKEN)
    await expect(open()).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/policy\.yaml:2:1: .*rules/s),
    })
    unlinkSync(file)
    await expect(open()).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('cannot be read') })
    expect(await events()).toEqual([])
  })

  it('does not start where the audit log does not take it', async () => {
    writeFileSync(file, policy('one'))
    const audit = withAudit(temporary.store, () => Promise.reject(STORAGE_FULL)).audit
    await expect(open({ audit })).rejects.toBe(STORAGE_FULL)
  })
})

describe('a change of the file', () => {
  beforeEach(() => writeFileSync(file, policy('one')))

  it('is picked up by the watcher', async () => {
    const it = await open()
    writeFileSync(file, policy('two'))
    await picked(it)
    expect(ruleOf(it)).toBe('two')
    expect(changes).toBe(1)
    expect(await events()).toEqual(['policy.loaded', 'policy.loaded'])
  })

  it('is picked up when another file is renamed over it, again and again', async () => {
    const it = await open()
    for (const name of ['two', 'three']) {
      writeFileSync(join(folder, '.policy.tmp'), policy(name))
      renameSync(join(folder, '.policy.tmp'), file)
      await picked(it)
      expect(ruleOf(it)).toBe(name)
    }
  })

  it('is picked up when a mounted ConfigMap is switched', async () => {
    rmSync(file)
    writeFileSync(join(folder, 'v1.yaml'), policy('one'))
    writeFileSync(join(folder, 'v2.yaml'), policy('two'))
    symlinkSync('v1.yaml', join(folder, '..data'))
    symlinkSync('..data', file)
    const it = await open()
    symlinkSync('v2.yaml', join(folder, '..next'))
    renameSync(join(folder, '..next'), join(folder, '..data'))
    await picked(it)
    expect(ruleOf(it)).toBe('two')
  })

  it('that breaks it keeps the old policy, says so, and is mended later', async () => {
    const it = await open()
    writeFileSync(file, BROKEN)
    expect(await it.reload()).toBe(false)
    unlinkSync(file)
    expect(await it.reload()).toBe(false)
    expect(ruleOf(it)).toBe('one')
    expect(changes).toBe(0)
    expect(await events()).toEqual(['policy.loaded', 'policy.refused', 'policy.refused'])
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2)
    writeFileSync(file, policy('two'))
    expect(await it.reload()).toBe(true)
    expect(ruleOf(it)).toBe('two')
  })

  it('that says the same is none', async () => {
    const it = await open()
    writeFileSync(file, policy('one'))
    expect(await it.reload()).toBe(true)
    expect(changes).toBe(0)
    expect(await events()).toEqual(['policy.loaded'])
  })

  it('is not in force when the audit log does not take it', async () => {
    const it = await open({
      audit: withAudit(temporary.store, (append) => {
        if (append > 1) throw STORAGE_FULL
      }).audit,
    })
    writeFileSync(file, policy('two'))
    expect(await it.reload()).toBe(false)
    expect(ruleOf(it)).toBe('one')
  })

  it('is whole: of two readings at once the later one counts', async () => {
    const slow = Promise.withResolvers<void>()
    const it = await open({
      audit: withAudit(temporary.store, (append) => (append === 2 ? slow.promise : undefined)).audit,
    })
    writeFileSync(file, policy('two'))
    const first = it.reload()
    await new Promise((done) => setTimeout(done, 20))
    writeFileSync(file, policy('three'))
    const second = it.reload()
    slow.resolve()
    await Promise.all([first, second])
    expect(ruleOf(it)).toBe('three')
  })

  it('stands though looking at the live sessions again fails', async () => {
    const it = await open({
      onChange: () => {
        throw new Error('broken')
      },
    })
    writeFileSync(file, policy('two'))
    expect(await it.reload()).toBe(true)
    expect(await events()).toEqual(['policy.loaded', 'policy.loaded'])
  })

  it('is not looked at any more after close()', async () => {
    const it = await open()
    it.close()
    writeFileSync(file, policy('two'))
    await new Promise((done) => setTimeout(done, 30))
    expect(clock.nextInMs).toBeUndefined()
  })
})
