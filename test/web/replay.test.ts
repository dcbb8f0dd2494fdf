/** Replay: segments that begin anywhere, what ran, and what proves a recording; each for those who may watch it. */
import { describe, expect, it } from 'vitest'
import { readChunkList } from '../../src/core/chunk.ts'
import type { SessionRecord } from '../../src/core/session.ts'
import { openEventProof } from '../../src/evidence/inclusion.ts'
import { rowDigest } from '../../src/evidence/leaf.ts'
import { parseVerifier } from '../../src/evidence/note.ts'
import { ReplayScreen } from '../../src/terminal/replay-screen.ts'
import type { RecordingEvidence } from '../../src/web/routes/recording-evidence.ts'
import type { CommandView, ReplayView } from '../../src/web/routes/replay.ts'
import { EXAMPLE_CAST } from './example-cast.ts'
import { setUp } from './setup.ts'
import { PEOPLE } from './world.ts'

const setup = setUp()

interface Segment {
  readonly snapshot: { readonly cols: number; readonly rows: number; readonly init: string }
  readonly events: readonly (readonly [number, string, string])[]
}

async function ended(cast: string): Promise<SessionRecord> {
  const now = setup.clock.now()
  const session = await setup.world.openSession(PEOPLE.alice, { startedAt: now, endedAt: now, exitStatus: 0 })
  await setup.world.record(session, cast)
  return session
}

/** Half a megabyte of a scrolling log with colours, and a full-screen program in between. */
function longCast(): string {
  const lines: unknown[] = [{ version: 3, term: { cols: 60, rows: 12 }, timestamp: 1 }]
  for (let n = 0; n < 6_000; n++) {
    if (n === 3_000) lines.push([0.5, 'o', '\u001b[?1049h\u001b[H\u001b[44mmenu\u001b[0m\u001b[5;3Hone'])
    if (n === 3_500) lines.push([0.5, 'o', '\u001b[?1049l'], [0, 'r', '50x10'])
    const text =
      n > 3_000 && n < 3_500
        ? `\u001b[${(n % 8) + 2};4H\u001b[3${n % 8}mrow ${n}`
        : `\u001b[3${n % 8}mline ${n}\u001b[0m ${'-'.repeat(n % 70)}\r\n`
    lines.push([n % 500 === 0 ? 30 : 0.01, 'o', text])
  }
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

/** The screen after all events that are played until `seconds`. */
function screenAt(segments: readonly Segment[], seconds: number): readonly string[] {
  const [first] = segments
  const screen = new ReplayScreen(first?.snapshot.cols ?? 0, first?.snapshot.rows ?? 0)
  screen.write(first?.snapshot.init ?? '')
  for (const [at, code, data] of segments.flatMap(({ events }) => events)) {
    if (at > seconds) break
    if (code === 'o') screen.write(data)
    if (code === 'r') screen.resize(...(data.split('x').map(Number) as [number, number]))
  }
  return screen.rows()
}

describe('the replay of a recording', () => {
  it.each(['whole', 'cut'])(
    'shows after a seek what playing it from its beginning shows (pauses %s)',
    async (pauses) => {
      const session = await ended(longCast())
      const carol = await setup.as('carol')
      const base = `/api/v1/recordings/${session.id}/replay`
      const { status, body: index } = await carol.json<ReplayView>(`${base}?pauses=${pauses}`)
      expect(status).toBe(200)
      expect(index.segments.length).toBeGreaterThan(1)
      const segments: Segment[] = []
      for (const { url } of index.segments) segments.push((await carol.json<Segment>(url)).body)
      // What asciinema-player asks of segments, word for word.
      for (const [at, { events }] of segments.entries()) {
        const start = index.segments[at]?.start ?? 0
        const end = index.segments[at + 1]?.start ?? Number.POSITIVE_INFINITY
        if (at > 0) expect(events[0]?.[0]).toBe(start)
        expect(events.every(([time]) => time >= start && time < end)).toBe(true)
      }
      expect(segments.at(-1)?.events.at(-1)?.[0]).toBe(index.duration)
      expect(index.duration < 120).toBe(pauses === 'cut')
      for (const [at, segment] of segments.entries()) {
        const last = segment.events.at(-1)?.[0] ?? 0
        const middle = segment.events[Math.floor(segment.events.length / 2)]?.[0] ?? 0
        for (const time of [index.segments[at]?.start ?? 0, middle, last]) {
          expect(screenAt(segments.slice(at, at + 1), time), `${at} at ${time}`).toEqual(screenAt(segments, time))
        }
      }
    },
  )

  it('is one view however many pieces are fetched, and another one half an hour later', async () => {
    const session = await ended(longCast())
    const carol = await setup.as('carol')
    const { body } = await carol.json<ReplayView>(`/api/v1/recordings/${session.id}/replay`)
    for (const { url } of body.segments) await carol.json(url)
    expect(await setup.world.events('recording.viewed')).toHaveLength(1)
    setup.clock.advance(30 * 60_000)
    await carol.json(body.segments[0]?.url ?? '')
    expect((await setup.world.events('recording.viewed')).map(({ detail }) => detail.way)).toEqual(['replay', 'replay'])
  })

  it('says that there is nothing where nothing was recorded, and refuses a segment that is not there', async () => {
    const session = await ended(`${EXAMPLE_CAST.split('\n')[0]}\n`)
    const alice = await setup.as('alice')
    const { body } = await alice.json<ReplayView>(`/api/v1/recordings/${session.id}/replay`)
    expect(body).toMatchObject({ duration: 0, segments: [], term: { cols: 90, rows: 20 } })
    expect((await alice.json(`/api/v1/recordings/${session.id}/replay/0`)).status).toBe(404)
  })

  it('is not given of a recording that cannot be read', async () => {
    const session = await ended(EXAMPLE_CAST.replace('"o"', '"o'))
    const answer = await (await setup.as('alice')).json(`/api/v1/recordings/${session.id}/replay`)
    expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('line 2') } } })
  })
})

describe('the commands of a session', () => {
  it('have their time in the recording, their verdict, who decided and how they ended', async () => {
    const { world, clock } = setup
    const session = await world.openSession(PEOPLE.alice)
    await world.store.audit.append({
      ...{ type: 'recording.started', at: clock.now(), actor: undefined, actorName: undefined },
      ...{ session: session.id, hold: undefined, detail: {} },
    })
    clock.advance(4_000)
    const waiting = await world.hold(session)
    await world.desk.decide(waiting.hold.id, PEOPLE.bob, { kind: 'approve', reason: 'space' })
    await waiting.outcome
    await world.desk.approvals.running(waiting.hold.id)
    await world.desk.approvals.finished(waiting.hold.id, 3)
    clock.advance(2_500)
    await world.hold(session, { text: 'rm -rf /srv/data/older' })
    const { body } = await (await setup.as('bob')).json<{ commands: CommandView[] }>(
      `/api/v1/recordings/${session.id}/commands`,
    )
    expect(body.commands).toMatchObject([
      { seconds: 4, text: 'rm -rf /srv/data/old', verdict: 'held', state: 'done', by: ['Bob Bell'], exitStatus: 3 },
      { seconds: 6.5, text: 'rm -rf /srv/data/older', verdict: 'held', state: 'pending', by: [], exitStatus: null },
    ])
  })
})

describe('the evidence of a recording', () => {
  it('proves its chunks by itself: row, path and signature', async () => {
    const session = await ended(EXAMPLE_CAST)
    await setup.world.seal(session, EXAMPLE_CAST)
    const { body } = await (await setup.as('carol')).json<RecordingEvidence>(
      `/api/v1/recordings/${session.id}/evidence`,
    )
    const [event] = body.events
    const columns = (event?.columns ?? []).map((column) =>
      column === null ? undefined : Buffer.from(column, 'base64'),
    )
    const seq = event?.seq ?? 0
    const digest = rowDigest({ seq: String(seq), columns })
    expect(openEventProof(event?.proof ?? '', { seq, digest, log: parseVerifier(body.logKey) }).size).toBe(seq)
    const list = readChunkList(JSON.parse(String(columns[6])))
    expect(list?.chunks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(body.sizeBytes)
    expect(list?.name).toBe(body.name)
  })
})
