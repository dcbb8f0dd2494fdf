/** What is in a bundle, and that it proves itself. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyBundle } from '../../src/bundle/verify.ts'
import { formatVerifier, parseVerifier, verifierOf } from '../../src/evidence/note.ts'
import { check } from '../../src/web/ui/offline/check.ts'
import { PEOPLE } from '../web/world.ts'
import { exported, FORMULA, newScene, POLICY_TEXT, type Scene, unzipped } from './parts.ts'

let scene: Scene
let bytes: Buffer
let files: ReadonlyMap<string, Buffer>
const place = () => `sessions/${scene.record.id}`
const text = (name: string) => (files.get(name) ?? files.get(`${place()}/${name}`))?.toString() ?? '(missing)'
const lines = <T = Record<string, unknown>>(name: string): T[] =>
  text(name)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T)

beforeAll(async () => {
  scene = await newScene()
  bytes = await exported(scene)
  files = await unzipped(bytes)
})
afterAll(() => scene.close())

describe('a bundle of one session', () => {
  it('has every file, and each is in the manifest with its size and digest', () => {
    const policy = createHash('sha256').update(POLICY_TEXT).digest('hex')
    expect([...files.keys()].sort()).toEqual(
      [
        'VERIFY.md',
        'index.html',
        'log/checkpoint',
        'log/key',
        'log/key.pem',
        'manifest.json',
        'manifest.note',
        `policies/${policy}.yaml`,
        ...[
          'access.jsonl',
          'approvals.jsonl',
          'commands.csv',
          'commands.jsonl',
          'events.jsonl',
          'recording-v2.cast',
          'recording.cast',
          'session.json',
          'transcript.txt',
        ].map((name) => `${place()}/${name}`),
      ].sort(),
    )
    const manifest = JSON.parse(text('manifest.json'))
    expect(manifest.files).toEqual(
      [...files]
        .filter(([name]) => !name.startsWith('manifest.'))
        .map(([name, content]) => ({
          name,
          size: content.length,
          sha256: createHash('sha256').update(content).digest('hex'),
        })),
    )
    expect(manifest).toMatchObject({ exportedBy: { name: 'Carol Cole' }, sessions: [scene.record.id], filter: null })
  })

  it('has the recording byte for byte, as version 2 too, and as text', async () => {
    const stored: Uint8Array[] = []
    const name = scene.world.services.recordingName(scene.record.id)
    for await (const part of await scene.world.blobs.read(name)) stored.push(part)
    expect(files.get(`${place()}/recording.cast`)).toEqual(Buffer.concat(stored))
    expect(JSON.parse(text('recording-v2.cast').split('\n')[0]!)).toMatchObject({ version: 2, width: 80 })
    expect(text('transcript.txt')).toContain('line 0  green\nline 1 x green\n')
  })

  it('has each command with who decided and what became of it', () => {
    expect(lines('commands.jsonl')).toMatchObject([
      { text: FORMULA, verdict: 'allowed', outcome: 'ran', rule: 'reads' },
      {
        text: 'rm -rf /srv/old',
        verdict: 'held',
        outcome: 'ran',
        exitStatus: 3,
        decisions: [{ kind: 'approved', by: 'Bob Bell', reason: 'space is needed', isSigned: true }],
      },
      { text: 'rm -rf /', outcome: 'rejected', decisions: [{ kind: 'rejected', by: 'Bob Bell', reason: 'never' }] },
    ])
    const rows = text('commands.csv').split('\r\n')
    expect(rows).toHaveLength(5)
    expect(rows[1]).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`)
  })

  it('has approvals with their receipts, claims, the policy in force, and who looked at it, this export included', () => {
    const [approved] = lines('approvals.jsonl')
    expect(approved).toMatchObject({ decisions: [{ receipt: { statement: { decision: 'approve' } } }] })
    // Where the target is reached, and by which secret, stays here.
    expect(text('approvals.jsonl')).not.toContain('web-1-credential')
    expect(JSON.parse(text('session.json'))).toMatchObject({
      principal: { subject: 'alice', groups: ['engineering'], issuer: PEOPLE.alice.issuer },
    })
    expect(lines('access.jsonl')).toMatchObject([
      { what: 'viewed', name: 'Carol Cole' },
      { what: 'exported', name: 'Carol Cole', format: 'bundle' },
    ])
    expect([...files.keys()].filter((name) => name.startsWith('policies/'))).toHaveLength(1)
  })

  it('is told of: the export before the first byte, the digest of its manifest before it was signed', async () => {
    const [signed] = await scene.world.events('bundle.signed')
    expect(signed).toMatchObject({
      actorName: 'Carol Cole',
      detail: { manifest: createHash('sha256').update(text('manifest.json')).digest('hex') },
    })
  })

  it('verifies with nothing but itself, and with the key on another way', async () => {
    const blob = new Blob([new Uint8Array(bytes)])
    const report = await verifyBundle(blob)
    expect(report).toMatchObject({ findings: [], isPinned: false, sessions: 1, receipts: 1, untoldBytes: 0 })
    expect(report.chunks).toBeGreaterThan(5)
    expect((await verifyBundle(blob, parseVerifier(report.key ?? ''))).findings).toEqual([])
    const { privateKey } = generateKeyPairSync('ed25519')
    const other = verifierOf({ name: 'sallyport.log/0123456789abcdef', privateKey })
    const pinned = await verifyBundle(blob, other)
    expect(pinned.findings.map(({ file }) => file)).toContain('log/key')
    expect(pinned.findings.length).toBeGreaterThan(1)
    expect(formatVerifier(other)).not.toBe(report.key)
  })

  it('verifies in the page’s own way, too, which finds a change of each part', async () => {
    const whole = {
      key: text('log/key').trim(),
      checkpoint: text('log/checkpoint'),
      events: files.get(`${place()}/events.jsonl`)!,
      recording: files.get(`${place()}/recording.cast`)!,
      session: scene.record.id,
    }
    expect(await check(whole)).toMatchObject({ problems: [], isSignatureChecked: true, isSealed: true })
    const changed = (content: Buffer, at: number) => {
      const copy = Buffer.from(content)
      copy[at]! ^= 1
      return copy
    }
    const recording = await check({ ...whole, recording: changed(whole.recording, whole.recording.length - 3) })
    expect(recording.problems.join()).toMatch(/Chunk \d+ of the recording is not what was signed/)
    expect((await check({ ...whole, recording: Buffer.concat([whole.recording, Buffer.from('x')]) })).problems).toEqual(
      ['1 bytes stand behind the recording’s end.'],
    )
    const event = Buffer.from(whole.events.toString().replace('never', 'nEver'))
    expect((await check({ ...whole, events: event })).problems.join()).toMatch(/Event \d+ is not what was signed/)
    const forged = whole.checkpoint.replace(/time 2026/, 'time 2025')
    await expect(check({ ...whole, checkpoint: forged })).rejects.toThrow('not signed by the log')
  })
})

describe('a bundle of a session that goes on', () => {
  it('is what there was, says so, and verifies', async () => {
    const live = await newScene({ isLive: true })
    try {
      const archive = await exported(live)
      const report = await verifyBundle(new Blob([new Uint8Array(archive)]))
      expect(report.findings).toEqual([])
      // No event tells of a chunk until there are 64, a minute is over, or the recording ends.
      expect(report.untoldBytes).toBeGreaterThan(0)
    } finally {
      await live.close()
    }
  })
})

describe('a bundle of several', () => {
  it('has those that fit and that one may watch, each with a page of its own', async () => {
    const other = await scene.world.openSession(PEOPLE.dave, { target: 'web-2' })
    await scene.world.record(other, '{"version":3,"term":{"cols":80,"rows":24}}\n[0.1,"o","hi\\r\\n"]\n')
    const archive = await unzipped(await exported(scene, '/bundles'))
    expect([...archive.keys()].filter((name) => name.endsWith('index.html')).sort()).toEqual(
      ['index.html', `sessions/${other.id}/index.html`, `${place()}/index.html`].sort(),
    )
    expect(JSON.parse(archive.get('manifest.json')!.toString()).sessions).toHaveLength(2)
    const one = await exported(scene, '/bundles?target=web-2&since=2026-11-24T00:00:00Z&who=dave')
    const manifest = JSON.parse((await unzipped(one)).get('manifest.json')!.toString())
    expect(manifest).toMatchObject({ sessions: [other.id], filter: { target: 'web-2', who: 'dave' } })
    expect((await verifyBundle(new Blob([new Uint8Array(one)]))).findings).toEqual([])
    const dave = await scene.as('dave')
    const his = await dave.send('/api/v1/bundles')
    const named = JSON.parse((await unzipped(Buffer.from(await his.arrayBuffer()))).get('manifest.json')!.toString())
    expect(named.sessions).toEqual([other.id])
    expect((await dave.send('/api/v1/bundles?until=2020-01-01T00:00:00Z')).status).toBe(404)
  })
})

describe('fault 37: an export', () => {
  it('that is refused is an event, and nothing leaves', async () => {
    const refused = await (await scene.as('dave')).send(`/api/v1/recordings/${scene.record.id}/bundle`)
    expect(refused.status).toBe(403)
    const [event] = await scene.world.events('recording.refused')
    expect(event).toMatchObject({ actorName: 'Dave Dunn', session: scene.record.id, detail: { format: 'bundle' } })
  })
})
