/** A session with everything in it, in a world of its own, and what the API exports of it. */

import { createHash } from 'node:crypto'
import { openZip } from '../../src/bundle/zip.ts'
import type { SessionRecord } from '../../src/core/session.ts'
import { startRecording } from '../../src/recording/recorder.ts'
import { webApp } from '../../src/web/app.ts'
import type { ToSign } from '../../src/web/routes/holds.ts'
import type { PasskeyWanted } from '../../src/web/routes/passkeys.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { Authenticator } from '../web/authenticator.ts'
import { type Client, signIn } from '../web/client.ts'
import { newWorld, PEOPLE, POLICIES, type World } from '../web/world.ts'

export interface Scene {
  readonly world: World
  readonly record: SessionRecord
  readonly clock: ManualClock
  as(who: 'alice' | 'bob' | 'carol' | 'dave'): Promise<Client>
  close(): Promise<void>
}

export const POLICY_TEXT = 'version: 1\n# everything is held\n'
export const FORMULA = '=HYPERLINK("http://evil","x")'
const post = (body: unknown) => ({ method: 'POST', body })

/** `lines`: of output, each in a chunk of its own. `isLive`: the session has not ended, nor its recording. */
export async function newScene({ lines = 6, isLive = false } = {}): Promise<Scene> {
  const clock = new ManualClock(new Date('2026-11-24T20:00:00Z'))
  const world = await newWorld(clock, 'http://localhost:8080')
  const app = webApp(world.services)
  const { store, blobs, services } = world
  const as: Scene['as'] = (who) => signIn(app, world, who)
  const digest = createHash('sha256').update(POLICY_TEXT).digest('hex')
  POLICIES.set(digest, POLICY_TEXT)
  const event = (type: Parameters<typeof store.audit.append>[0]['type'], detail: object, session?: SessionRecord) =>
    store.audit.append({
      type,
      at: clock.now(),
      actor: session?.principal.id,
      actorName: session?.principal.name,
      session: session?.id,
      hold: undefined,
      detail: { ...detail },
    })

  await event('policy.loaded', { digest: 'f'.repeat(64), before: null })
  await event('policy.loaded', { digest, before: 'f'.repeat(64) })
  const bob = await as('bob')
  const authenticator = new Authenticator()
  const { challenge } = (await bob.json<PasskeyWanted>('/api/v1/passkeys/options', post({}))).body
  await bob.send('/api/v1/passkeys', post({ label: 'laptop', response: authenticator.make(challenge) }))

  const record = await world.openSession(PEOPLE.alice)
  const name = services.recordingName(record.id)
  const recorder = await startRecording({
    ...{ blobs, clock, name },
    header: { cols: 80, rows: 24, term: 'xterm', timestamp: 1, title: 'alice', command: undefined, tags: [] },
    seal: async (type, detail) => void (await event(type, detail, record)),
  })
  await event('recording.started', { name }, record)
  await event('session.opened', { kind: 'shell' }, record)
  for (let n = 0; n < lines; n++) {
    await recorder.output(Buffer.from(`line ${n} ${'x'.repeat(n % 50)} \u001b[32mgreen\u001b[0m\r\n`))
    clock.advance(2_000)
  }
  await event('command.allowed', { text: FORMULA, effects: ['read'], rule: { name: 'reads' } }, record)
  const signed = await world.hold(record, { text: 'rm -rf /srv/old', quorum: { sign: 'passkey' } })
  const path = `/api/v1/holds/${signed.hold.id}`
  const word = { decision: 'approve', reason: 'space is needed' }
  const asked = (await bob.json<ToSign>(`${path}/signatures`, post(word))).body
  const signature = { nonce: asked.nonce, assertion: authenticator.sign(asked.challenge) }
  await bob.send(`${path}/decisions`, post({ ...word, signature }))
  await world.desk.approvals.running(signed.hold.id)
  clock.advance(1_000)
  await world.desk.approvals.finished(signed.hold.id, 3)
  const refused = await world.hold(record, { text: 'rm -rf /' })
  await world.desk.decide(refused.hold.id, PEOPLE.bob, { kind: 'reject', reason: 'never' })
  clock.advance(60_000)
  for (const text of ['at last\r\n', 'over\r\n']) {
    await recorder.output(Buffer.from(text))
    clock.advance(2_000)
  }
  if (!isLive) {
    await recorder.exit(0)
    await recorder.close()
    await event('session.closed', { exitStatus: 0 }, record)
    await store.sessions.finish(record.id, { at: clock.now(), exitStatus: 0, reason: undefined })
  }
  await (await (await as('carol')).send(`/api/v1/recordings/${record.id}/cast`)).text()
  return {
    ...{ world, record, clock, as },
    async close() {
      if (isLive) await recorder.close()
      app.close()
      await world.close()
    },
  }
}

export async function exported(scene: Scene, path = `/recordings/${scene.record.id}/bundle`): Promise<Buffer> {
  const response = await (await scene.as('carol')).send(`/api/v1${path}`)
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return Buffer.from(await response.arrayBuffer())
}

export async function unzipped(archive: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for (const file of await openZip(new Blob([new Uint8Array(archive)]))) {
    const parts: Uint8Array[] = []
    for await (const part of file.read()) parts.push(part)
    found.set(file.name, Buffer.concat(parts))
  }
  return found
}
