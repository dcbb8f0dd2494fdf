/** A change of the policy through the web's way: a real file that is watched, a real store, and two administrators. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Proposals } from '../src/approval/proposals.ts'
import type { Store } from '../src/core/ports.ts'
import type { Principal } from '../src/core/principal.ts'
import type { Proposal } from '../src/core/proposal.ts'
import { LivePolicy } from '../src/live-policy.ts'
import { digestOf, PolicyChanges } from '../src/policy-changes.ts'
import { POLICY, type TestAdministration, testAdministration } from './support/administration.ts'
import { ManualClock } from './support/manual-clock.ts'
import { keptLog, STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from './support/store.ts'
import { person } from './web/world.ts'

const rita = person('rita', 'Rita', 'admins')
const olga = person('olga', 'Olga', 'admins')
const bob = person('bob', 'Bob', 'sre')
const NEXT = POLICY.replace('look around', 'look')
const yes = { kind: 'approve', reason: 'seen' } as const
const no = { kind: 'reject', reason: 'not now' } as const

let folder: string
let temporary: TemporaryStore
let clock: ManualClock
let log: ReturnType<typeof keptLog>
let here: TestAdministration
const others: LivePolicy[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-changes-'))
  temporary = await temporaryStore()
  clock = new ManualClock()
  log = keptLog()
  removed.clear()
  here = await over(temporary.store)
})
afterEach(async () => {
  here.close()
  for (const policy of others.splice(0)) policy.close()
  await temporary.close()
  rmSync(folder, { recursive: true, force: true })
})

const over = (store: Store): Promise<TestAdministration> =>
  testAdministration({ ...{ folder, store, clock, log, targets: [] }, mayAdminister })
const removed = new Set<string>()
const mayAdminister = ({ id, groups }: Principal) => groups.includes('admins') && !removed.has(id)

const propose = (text = NEXT, by: Principal = rita, base = digestOf(POLICY)): Promise<Proposal> =>
  here.services.policies.propose(by, { text, base, reason: 'a better name' })
const decide = ({ id }: Proposal, by: Principal, word: Parameters<Proposals['decide']>[2] = yes) =>
  here.services.proposals.decide(id, by, word)
const onDisk = () => readFileSync(here.policyFile, 'utf8')
const story = async ({ id }: Proposal): Promise<readonly string[]> =>
  (await temporary.store.audit.list({ limit: 200 }))
    .filter(({ type, detail }) => detail.proposal === id || type === 'policy.loaded')
    .map(({ type }) => type)
    .reverse()

describe('a proposed policy', () => {
  it('that another administrator approves is the file, letter by letter, and in force; who did it stands beside it', async () => {
    const proposal = await propose()
    expect(onDisk()).toBe(POLICY)
    expect((await decide(proposal, olga)).state.kind).toBe('applied')
    expect(onDisk()).toBe(NEXT)
    expect(here.policy.current.rules[0]?.name).toBe('look')
    const [line, ...more] = readFileSync(`${here.policyFile}.changes`, 'utf8').trim().split('\n')
    expect(more).toEqual([])
    expect(JSON.parse(line!)).toEqual({
      ...{ at: clock.now().toISOString(), proposal: proposal.id, before: digestOf(POLICY), digest: digestOf(NEXT) },
      author: { id: rita.id, name: 'Rita', reason: 'a better name' },
      approver: { id: olga.id, name: 'Olga', reason: 'seen' },
    })
    expect(await story(proposal)).toEqual([
      'policy.loaded',
      'proposal.made',
      'proposal.approved',
      'policy.loaded',
      'proposal.applied',
    ])
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('that is rejected or taken back changes nothing, and is decided no more', async () => {
    const [first, second] = [await propose(), await propose(`${NEXT}# other\n`)]
    await expect(decide(first, olga, { kind: 'reject', reason: ' ' })).rejects.toMatchObject({ code: 'invalid' })
    expect((await decide(first, olga, no)).state.kind).toBe('rejected')
    await expect(decide(first, olga)).rejects.toThrow('no longer waiting: rejected')
    await expect(here.services.proposals.withdraw(second.id, olga)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await here.services.proposals.withdraw(second.id, rita)).state.kind).toBe('withdrawn')
    await expect(decide(second, olga)).rejects.toThrow('no longer waiting: withdrawn')
    expect(onDisk()).toBe(POLICY)
  })

  it('fault 43: is not decided by its author under any account, by an agent, or by who is no administrator', async () => {
    const proposal = await propose()
    const elsewhere = { ...person('rita', 'Rita', 'admins', 'https://other.test'), email: undefined }
    const sameMail = { ...person('rita-2', 'Rita', 'admins'), email: 'RITA@example.test' }
    const agent = { ...person('robot', 'Robot', 'admins'), owner: olga.id }
    for (const who of [rita, elsewhere, sameMail, agent, bob]) {
      await expect(decide(proposal, who)).rejects.toMatchObject({ code: 'forbidden' })
      await expect(decide(proposal, who, no)).rejects.toMatchObject({ code: 'forbidden' })
    }
    expect((await story(proposal)).filter((type) => type === 'decision.refused')).toHaveLength(10)
    expect((await here.services.proposals.find(proposal.id)).state.kind).toBe('pending')
    await expect(propose(NEXT, agent)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(propose(NEXT, bob)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('has one outcome when fifty administrators decide and its author takes it back at one moment', async () => {
    const proposal = await propose()
    const people = Array.from({ length: 50 }, (_, index) => person(`admin-${index}`, `A${index}`, 'admins'))
    const results = await Promise.allSettled([
      ...people.map((who, index) => decide(proposal, who, index % 2 === 0 ? yes : no)),
      here.services.proposals.withdraw(proposal.id, rita),
    ])
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(won).toHaveLength(1)
    const { state } = await here.services.proposals.find(proposal.id)
    expect(state.kind).toBe(won[0]!.state.kind)
    expect(onDisk()).toBe(state.kind === 'applied' ? NEXT : POLICY)
    for (const result of results) if (result.status === 'rejected') expect(result.reason.code).toBe('conflict')
  })

  it('of two that were made from the same text the second is stale once the first is in force', async () => {
    const [first, second] = [await propose(), await propose(`${NEXT}# other\n`)]
    const results = await Promise.allSettled([decide(first, olga), decide(second, olga)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect((await here.services.proposals.find(second.id)).state).toMatchObject({
      kind: 'stale',
      reason: expect.stringContaining('the file is what counts'),
    })
    expect(onDisk()).toBe(NEXT)
  })

  it('is stale as soon as the file is changed on disk, and is not made from a file that was', async () => {
    const proposal = await propose()
    writeFileSync(here.policyFile, `${POLICY}# by hand\n`)
    await expect(propose()).rejects.toMatchObject({ code: 'conflict' })
    await expect(decide(proposal, olga)).rejects.toMatchObject({ code: 'conflict' })
    expect(onDisk()).toBe(`${POLICY}# by hand\n`)
    expect(await story(proposal)).toEqual(['policy.loaded', 'proposal.made', 'proposal.stale'])
    const next = await propose(NEXT, rita, digestOf(`${POLICY}# by hand\n`))
    writeFileSync(here.policyFile, POLICY)
    await here.services.proposals.changed()
    expect((await here.services.proposals.find(next.id)).state.kind).toBe('stale')
  })

  it('is approved no more when its author is no administrator any more: it takes two', async () => {
    const proposal = await propose()
    removed.add(rita.id)
    await expect(decide(proposal, olga)).rejects.toThrow('is no administrator any more')
    expect((await here.services.proposals.find(proposal.id)).state.kind).toBe('stale')
    expect(onDisk()).toBe(POLICY)
  })

  it('with mistakes, that changes nothing, or without a reason, is none', async () => {
    await expect(propose(`${POLICY}ruels: []\n`)).rejects.toThrow('the first in line 17: ')
    await expect(propose(POLICY)).rejects.toThrow('Nothing would change')
    const change = { text: NEXT, base: digestOf(POLICY), reason: ' ' }
    await expect(here.services.policies.propose(rita, change)).rejects.toMatchObject({ code: 'invalid' })
    for (let made = 0; made < 10; made++) await propose(`${NEXT}# ${made}\n`)
    await expect(propose()).rejects.toMatchObject({ code: 'too-many' })
  })

  it('expires after a week, and over a restart', async () => {
    const proposal = await propose()
    clock.advance(7 * 86_400_000)
    await expect(decide(proposal, olga)).rejects.toMatchObject({ code: 'conflict' })
    expect((await here.services.proposals.find(proposal.id)).state.kind).toBe('expired')
    const next = await propose()
    here.services.proposals.stop()
    clock.advance(7 * 86_400_000)
    await here.services.proposals.recover()
    await expect(decide(next, olga)).rejects.toThrow('no longer waiting: expired')
  })

  it('is approved with a sign-in as fresh as the policy in force asks for', async () => {
    const strict = POLICY.replace('rules:', 'changes: { step-up: { max-age: 5m } }\nrules:')
    await decide(await propose(strict), olga)
    const proposal = await propose(NEXT, rita, digestOf(strict))
    const signedIn = (agoMs: number) => ({ authTime: new Date(clock.now().getTime() - agoMs), acr: undefined })
    await expect(decide(proposal, olga)).rejects.toMatchObject({ code: 'unauthenticated' })
    const old = { ...yes, authentication: signedIn(300_001) }
    await expect(decide(proposal, olga, old)).rejects.toMatchObject({ code: 'unauthenticated' })
    // What is proposed has no say in it, and a rejection needs none.
    expect((await decide(proposal, olga, { ...yes, authentication: signedIn(1000) })).state.kind).toBe('applied')
  })
})

describe('a change that cannot be made', () => {
  it('is not begun where the approval cannot be recorded', async () => {
    const proposal = await propose()
    const store = withAudit(temporary.store, () => {
      throw STORAGE_FULL
    })
    const makers = { policy: new PolicyChanges(here.policyFile, here.policy), secret: undefined as never }
    const faulty = new Proposals({ ...{ store, clock, log, mayAdminister, makers }, stepUp: () => undefined })
    await expect(faulty.decide(proposal.id, olga, yes)).rejects.toThrow(STORAGE_FULL.message)
    expect((await here.services.proposals.find(proposal.id)).state.kind).toBe('failed')
    expect(onDisk()).toBe(POLICY)
  })

  it('says so and leaves the file as it was, where nobody could write down who did it', async () => {
    const proposal = await propose()
    mkdirSync(`${here.policyFile}.changes`)
    await expect(decide(proposal, olga)).rejects.toThrow('cannot be written')
    expect((await here.services.proposals.find(proposal.id)).state).toMatchObject({ kind: 'failed' })
    expect(onDisk()).toBe(POLICY)
    expect((await story(proposal)).at(-1)).toBe('proposal.failed')
  })

  it('fails, with the file written, where the policy that it made is not taken', async () => {
    const file = join(folder, 'other.yaml')
    writeFileSync(file, POLICY)
    const store = withAudit(temporary.store, (append) => {
      // The first is that it was loaded at the start.
      if (append > 1) throw STORAGE_FULL
    })
    const live = await LivePolicy.open({ file, name: 'other.yaml', clock, log, audit: store.audit, onChange() {} })
    others.push(live)
    const maker = new PolicyChanges(file, live)
    const proposal = await propose()
    const approved = { ...proposal, decision: { kind: 'approve', by: olga, at: clock.now(), reason: '' } } as const
    await expect(maker.make(approved)).rejects.toThrow('was written, but is not in force')
    expect(live.current.digest).toBe(digestOf(POLICY))
  })

  it('keeps a link to the file one', async () => {
    const link = join(folder, 'link.yaml')
    symlinkSync(here.policyFile, link)
    const proposal = await propose()
    const approved = { ...proposal, decision: { kind: 'approve', by: olga, at: clock.now(), reason: '' } } as const
    await new PolicyChanges(link, here.policy).make(approved)
    expect(onDisk()).toBe(NEXT)
    expect(readFileSync(link, 'utf8')).toBe(NEXT)
  })
})

describe('after a crash', () => {
  it('what was approved is applied where the policy is in force, and failed where it is not', async () => {
    const [made, lost] = [await propose(), await propose(`${NEXT}# lost\n`)]
    const decision = { kind: 'approve', by: olga, at: clock.now(), reason: '' } as const
    for (const { id } of [made, lost])
      await temporary.store.proposals.move(id, 'pending', { kind: 'approved', at: clock.now() }, decision)
    writeFileSync(here.policyFile, NEXT)
    await here.policy.reload()
    await here.services.proposals.recover()
    expect((await here.services.proposals.find(made.id)).state.kind).toBe('applied')
    expect((await here.services.proposals.find(lost.id)).state.kind).toBe('failed')
  })
})
