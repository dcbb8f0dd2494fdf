/**
 * Signed decisions of a real desk, verified from its audit log alone; each field of what a log says of them altered, as
 * somebody could who has the log's own key.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type LoggedEvents, type ReceiptsReport, verifyReceipts } from '../../src/approval/receipts-in-log.ts'
import type { AuditType, StoredAuditEvent } from '../../src/core/audit.ts'
import type { Quorum } from '../../src/core/verdict.ts'
import { sallyport } from '../cli/sallyport.ts'
import { newPlace } from '../evidence/parts.ts'
import type { Authenticator } from '../web/authenticator.ts'
import type { Client } from '../web/client.ts'
import { post, register, signed } from '../web/passkey-parts.ts'
import { setUp } from '../web/setup.ts'
import { GLASS, LIMIT, PEOPLE } from '../web/world.ts'

const setup = setUp('http://localhost:8080')
const CONFIG = `state: .
identity: { issuer: "https://id.example", client-id: sallyport }
vault: { file: vault.json, key-file: vault.key }
`
const GRANT = { decision: 'approve', reason: 'needed', grant: { minutes: 10, scope: 'session' } }

beforeEach(async () => {
  const { store } = setup.world
  const nobody = { actor: undefined, actorName: undefined, session: undefined, hold: undefined }
  await store.audit.append({ ...nobody, type: 'policy.loaded', at: setup.clock.now(), detail: { digest: 'd1' } })
})

async function held(quorum: Partial<Quorum> = {}, text = 'rm -rf /srv/data/old') {
  const waiting = await setup.world.hold(await setup.world.openSession(PEOPLE.alice), { quorum, text })
  return `/api/v1/holds/${waiting.hold.id}`
}

async function decided(client: Client, authenticator: Authenticator, path: string, word: object) {
  const answer = await client.send(`${path}/decisions`, post(await signed(client, path, authenticator, word)))
  expect(answer.status).toBe(201)
}

/** Five decisions with a signature, of every kind, and one without. */
async function day(): Promise<StoredAuditEvent[]> {
  const [bob, erin, alice] = [await setup.as('bob'), await setup.as('erin'), await setup.as('alice')]
  const [bobs, erins, alices] = [await register(bob), await register(erin), await register(alice)]
  await decided(bob, bobs, await held({ grant: LIMIT }), GRANT)
  const both = await held({ count: 2, sign: 'passkey' }, 'rm \ud800 ünï\u202e')
  await decided(erin, erins, both, { decision: 'approve', reason: ' space around ' })
  await decided(bob, bobs, both, { decision: 'approve', reason: '' })
  await decided(erin, erins, await held(), { decision: 'reject', reason: 'no' })
  const glass = `${await held({ glass: GLASS })}/glass`
  expect((await alice.send(glass, post(await signed(alice, glass, alices, { reason: 'it burns' })))).status).toBe(201)
  expect((await bob.send(`${await held()}/decisions`, post({ decision: 'approve', reason: '' }))).status).toBe(201)
  return [...(await setup.world.events())].reverse()
}

const logOf = (events: readonly (StoredAuditEvent | undefined)[]): LoggedEvents => ({
  after: async (seq, limit) =>
    events
      .map((event, index) => ({ seq: index + 1, event }))
      .filter((each) => each.seq > seq)
      .slice(0, limit),
})
const verify = (events: readonly (StoredAuditEvent | undefined)[]): Promise<ReceiptsReport> =>
  verifyReceipts(logOf(events))
const seqs = ({ findings }: ReceiptsReport) => findings.map(({ seq }) => seq)

/** The path of each leaf of a JSON value. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, each]) => leaves(each, [...path, name]))
}

/** The same value with another leaf at `path`. */
function altered<T>(value: T, [name, ...rest]: readonly string[], other?: unknown): T {
  if (name === undefined) return (other ?? (typeof value === 'number' ? value + 1 : `${String(value)}.`)) as T
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === name ? altered(each, rest, other) : each)) as T
  const fields = value as Record<string, unknown>
  return { ...fields, [name]: altered(fields[name], rest, other) } as T
}

function find(events: readonly StoredAuditEvent[], type: AuditType, nth = 0): StoredAuditEvent {
  return events.filter((event) => event.type === type)[nth]!
}
const withEvent = (events: readonly StoredAuditEvent[], changed: StoredAuditEvent) =>
  events.map((event) => (event.seq === changed.seq ? changed : event))

describe('sallyport audit verify', () => {
  it('counts signed decisions, and ends with 1 and the place where the log’s own key signed a forged one', async () => {
    const events = await day()
    const place = await newPlace()
    try {
      const config = join(place.folder, 'sallyport.yaml')
      writeFileSync(config, CONFIG)
      const add = async (...more: readonly StoredAuditEvent[]) => {
        const { store, stop } = await place.open()
        for (const event of more) await store.audit.append(event)
        await stop()
      }
      await add(...events)
      const good = sallyport(['audit', 'verify', '-c', config])
      expect([good.status, good.stderr]).toEqual([0, ''])
      expect(good.stdout).toContain('5 decisions signed with a passkey · 1 vouched for by the server alone')
      const approved = find(events, 'hold.approved')
      await add(altered(approved, ['detail', 'receipt', 'statement', 'text'], 'rm -rf /'))
      const { status, stdout } = sallyport(['audit', 'verify', '-c', config, '--json'])
      const report = JSON.parse(stdout)
      expect([status, report.ok, report.findings]).toEqual([1, false, []])
      expect(report.decisions).toMatchObject({ signed: 6, findings: [{ seq: events.length + 1 }] })
      expect(sallyport(['audit', 'verify', '-c', config]).stdout).toContain(
        `receipt event ${events.length + 1}: Decision`,
      )
    } finally {
      await place.remove()
    }
  }, 60_000)
})

describe('verifyReceipts()', () => {
  it('has nothing to say of what a desk took, and counts what the server alone vouches for', async () => {
    expect(await verify(await day())).toEqual({ signed: 5, vouchedByServer: 1, unproven: 0, findings: [], more: 0 })
  })

  it('finds each altered field of each receipt, with its place', async () => {
    const events = await day()
    const receipts = events.filter(({ detail }) => detail.receipt != null)
    expect(receipts).toHaveLength(5)
    let fields = 0
    for (const event of receipts) {
      for (const path of leaves(event.detail.receipt, ['detail', 'receipt'])) {
        const report = await verify(withEvent(events, altered(event, path)))
        expect([path.join('.'), seqs(report)]).toEqual([path.join('.'), expect.arrayContaining([event.seq])])
        fields += 1
      }
    }
    expect(fields).toBeGreaterThan(5 * 24)
  })

  it('finds what a decision is said to be about, where that is not what was signed', async () => {
    const events = await day()
    const approved = find(events, 'hold.approved')
    const request = find(events, 'command.held')
    expect(request.hold).toBe(approved.hold)
    const stranger = PEOPLE.erin.id
    const changes: readonly StoredAuditEvent[] = [
      { ...approved, actor: stranger },
      { ...approved, type: 'hold.rejected' },
      { ...approved, at: new Date(approved.at.getTime() + 120_000) },
      altered(approved, ['detail', 'reason']),
      { ...request, actor: stranger },
      altered(request, ['session']),
      ...['text', 'login', 'kind', 'target'].map((name) => altered(request, ['detail', name])),
      altered(request, ['detail', 'assurance'], 'exact'),
      altered(request, ['detail', 'address', 'host']),
      altered(request, ['detail', 'address', 'port']),
      altered(request, ['detail', 'address', 'hostKeys', '0']),
      ...['name', 'file', 'line'].map((name) => altered(request, ['detail', 'rule', name])),
    ]
    for (const change of changes) expect(seqs(await verify(withEvent(events, change)))).toContain(approved.seq)
  })

  it('finds a forged decision: unsigned where the rule takes no such, or with a receipt of another one', async () => {
    const events = await day()
    const signedOnly = find(events, 'hold.approved', 2)
    const unsigned = await verify(withEvent(events, { ...signedOnly, detail: { ...signedOnly.detail, receipt: null } }))
    expect(unsigned).toMatchObject({ signed: 4, vouchedByServer: 2, findings: [{ seq: signedOnly.seq }] })
    expect(unsigned.findings[0]!.message).toContain('its rule takes no other')
    const moved = {
      ...signedOnly,
      detail: { ...signedOnly.detail, receipt: find(events, 'hold.approved').detail.receipt },
    }
    expect(seqs(await verify(withEvent(events, moved)))).toEqual([signedOnly.seq])
  })

  it('takes a signature only of a passkey that was registered before, of that person, and not revoked', async () => {
    const events = await day()
    const [registered, approved] = [find(events, 'passkey.registered'), find(events, 'hold.approved')]
    const bobs = events.filter(({ actor, detail }) => actor === registered.actor && detail.receipt != null)
    const all = bobs.map(({ seq }) => seq)
    const gone = { ...registered, type: 'web.signed-in' } as const
    const [, erins] = events.filter(({ type }) => type === 'passkey.registered')
    const publicKey = erins!.detail.publicKey
    const revoked = { ...registered, type: 'passkey.revoked' as const, seq: find(events, 'command.held').seq - 1 }
    for (const change of [
      gone,
      { ...registered, actor: PEOPLE.erin.id },
      { ...registered, detail: { ...registered.detail, publicKey } },
      { ...registered, detail: { ...registered.detail, site: 'elsewhere.example' } },
    ])
      expect(seqs(await verify(withEvent(events, change)))).toEqual(expect.arrayContaining(all))
    expect((await verify(withEvent(events, revoked))).findings).toContainEqual({
      seq: approved.seq,
      message: expect.stringContaining('had been revoked'),
    })
  })

  it('finds that the log was another one when it was signed, and a policy that nobody loaded', async () => {
    const events = await day()
    const approved = find(events, 'hold.approved')
    const { statement } = approved.detail.receipt as { statement: { auditHead: { size: number } } }
    const head = events[statement.auditHead.size - 1]!
    expect((await verify(withEvent(events, altered(head, ['actorName'])))).findings).toContainEqual({
      seq: approved.seq,
      message: `Decision: event ${head.seq} is not what it was signed after.`,
    })
    const policy = events.find(({ type, detail }) => type === 'policy.loaded' && detail.digest === 'd1')!
    expect(seqs(await verify(withEvent(events, altered(policy, ['detail', 'digest']))))).toHaveLength(5)
  })

  it('finds a grant that is wider than what was signed', async () => {
    const events = await day()
    const given = find(events, 'grant.given')
    const longer = new Date(Date.parse(String(given.detail.until)) + 120_000).toISOString()
    for (const change of [altered(given, ['detail', 'until'], longer), altered(given, ['detail', 'scope'], 'person')])
      expect((await verify(withEvent(events, change))).findings).toEqual([
        { seq: given.seq, message: 'Grant: the grant is wider than what was signed.' },
      ])
    const other = find(events, 'hold.rejected')
    const forged = { ...given, hold: other.hold, seq: other.seq + 1 }
    expect(seqs(await verify(withEvent(events, forged)))).toContain(forged.seq)
  })

  it('goes on where an event cannot be read, and counts those of which the log says too little', async () => {
    const events = await day()
    const [request, approved] = [find(events, 'command.held'), find(events, 'hold.approved')]
    const holes = events.map((event) => (event.seq === request.seq ? undefined : event))
    expect(seqs(await verify(holes))).toContain(approved.seq)
    const { address: _, ...old } = request.detail
    expect(await verify(withEvent(events, { ...request, detail: old }))).toMatchObject({ signed: 5, unproven: 1 })
  })
})
