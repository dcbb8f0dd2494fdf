/** SIGTERM, as the bastion lives it: everybody is told, what waits ends as expired, recordings are closed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { startTestBastion } from '../support/bastion.ts'

it('tells the people, ends holds as expired, closes recordings, and leaves a store that says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-stop-'))
  try {
    const bastion = await startTestBastion({ folder })
    // Before anybody was here, too: a load balancer sends people only to who says so.
    expect((await fetch(`${bastion.web}/readyz`)).status).toBe(200)
    const key = await bastion.boundKey('alice')
    const waiting = bastion.ssh('web-1', '-i', key)
    await waiting.shows('$ ')
    waiting.type('rm -rf /srv/data/old\r')
    await waiting.shows('held: rm -rf')
    const idle = bastion.ssh('web-2', '-i', key)
    await idle.shows('$ ')

    await bastion.demo.stop('SIGTERM')

    await waiting.shows('not run: expired: the bastion is shutting down')
    await waiting.shows('The bastion is shutting down; connect again in a moment.')
    await idle.shows('The bastion is shutting down; connect again in a moment.')
    await Promise.all([waiting.exited, idle.exited])

    const store = await openSqliteStore({ file: join(folder, 'state', 'sallyport.db') })
    const [hold] = await store.holds.list({ limit: 1 })
    expect(hold?.state).toMatchObject({ kind: 'expired', reason: 'the bastion is shutting down' })
    const sessions = await store.sessions.list({ limit: 10 })
    expect(sessions.map((session) => session.endedAt).filter((at) => at === undefined)).toEqual([])
    const types = (await store.audit.list({ limit: 5000 })).map((event) => event.type)
    expect(types[0]).toBe('bastion.stopped')
    expect(types.filter((type) => type === 'recording.closed')).toHaveLength(sessions.length)
    expect(types.filter((type) => type === 'recording.sealed')).toHaveLength(sessions.length)
    await store.close()
    for (const session of sessions) {
      const cast = readFileSync(join(folder, 'recordings', `${session.id}.cast`), 'utf8')
      expect(cast.endsWith('\n')).toBe(true)
      if (session.endReason !== undefined) expect(cast).toContain('The bastion is shutting down')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
