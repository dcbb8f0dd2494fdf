/** A demo target does not outlive the process that started it, even where that one could not say goodbye. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { until } from '../support/bastion.ts'

const PROGRAM = join(import.meta.dirname, '../support/lone-target.ts')

/** Ids of the processes that have this folder among their arguments. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}

it('ends with a process that was killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-lone-'))
  try {
    const child = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    expect(processesOf(folder).length).toBeGreaterThan(1)
    child.kill('SIGKILL')
    await until(() => processesOf(folder).length === 0)
    expect(processesOf(folder)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
