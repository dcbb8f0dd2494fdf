/**
 * What every Store must do, whatever keeps it. An adapter's test calls `storeContract` with a place: each `open` of one
 * place is another connection to the same state.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import type { Grant } from '../../src/core/grant.ts'
import type { HoldState } from '../../src/core/hold.ts'
import { newGrantId, newHoldId, newKeyBindingId, newSessionId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import { fixtures } from './fixtures.ts'

export interface StorePlace {
  /** Opens one more connection to the same state. The suite closes each. */
  open(): Promise<Store>
  /** Called when all are closed. */
  remove(): Promise<void>
}

/** What a first of two words makes of a hold. */
const stays = () => undefined

export function storeContract(name: string, newPlace: () => Promise<StorePlace>, clock: Clock): void {
  const make = fixtures(clock)

  describe(`${name} keeps the Store contract`, () => {
    let place: StorePlace
    let stores: Store[]
    let store: Store

    const open = async (): Promise<Store> => {
      const opened = await place.open()
      stores.push(opened)
      return opened
    }

    beforeEach(async () => {
      place = await newPlace()
      stores = []
      store = await open()
    })

    afterEach(async () => {
      for (const opened of stores) await opened.close()
      await place.remove()
    })

    describe('audit', () => {
      it('append() numbers events from 1 without gaps, in the order of the calls', async () => {
        const stored = await Promise.all(counted(50).map((n) => store.audit.append(make.event({ detail: { n } }))))
        expect(stored.map((event) => event.seq)).toEqual(counted(50).map((n) => n + 1))
        expect(stored.map((event) => event.detail.n)).toEqual(counted(50))
      })

      it('append() takes more at once than go into one transaction, and refuses only what is no event', async () => {
        const cyclic: Record<string, unknown> = {}
        cyclic.self = cyclic
        const asked = await Promise.allSettled(
          counted(250).map((n) => store.audit.append(make.event({ detail: n % 50 === 7 ? cyclic : { n } }))),
        )
        const good = counted(250).filter((n) => n % 50 !== 7)
        const stored = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
        expect(stored.map(({ seq, detail }) => [seq, detail.n])).toEqual(good.map((n, at) => [at + 1, n]))
        expect((await store.audit.list({ limit: 1000 })).toReversed()).toEqual(stored)
      })

      it('append() gives back the event as it is kept', async () => {
        const event = make.event({ detail: { text: 'é\0\u{1f600}\u2028', nested: [{ deep: null }] } })
        const stored = await store.audit.append(event)
        expect(stored).toEqual({ ...event, seq: 1 })
        expect(await store.audit.list({ limit: 1 })).toEqual([stored])
      })

      it('append() keeps an event of nobody', async () => {
        const event = make.event({ actor: undefined, actorName: undefined, session: undefined, hold: undefined })
        expect(await store.audit.append(event)).toEqual({ ...event, seq: 1 })
      })

      it('append() on two connections still leaves no gap and gives no number twice', async () => {
        const other = await open()
        await Promise.all(counted(60).map((n) => (n % 2 === 0 ? store : other).audit.append(make.event())))
        const seqs = (await store.audit.list({ limit: 100 })).map((event) => event.seq)
        expect(seqs).toEqual(counted(60).map((n) => 60 - n))
      })

      it('append() that is refused uses no number up', async () => {
        await store.audit.append(make.event())
        const cyclic: Record<string, unknown> = {}
        cyclic.self = cyclic
        await expect(store.audit.append(make.event({ detail: cyclic }))).rejects.toMatchObject({ code: 'internal' })
        await expect(store.audit.append(make.event({ at: new Date(Number.NaN) }))).rejects.toMatchObject({
          code: 'internal',
        })
        expect((await store.audit.append(make.event())).seq).toBe(2)
      })

      it('list() is newest first, and filters by type, session, hold and sequence', async () => {
        const session = newSessionId()
        const hold = newHoldId()
        await store.audit.append(make.event({ type: 'session.opened', session }))
        await store.audit.append(make.event({ type: 'command.held', session, hold }))
        await store.audit.append(make.event({ type: 'command.held' }))
        await store.audit.append(make.event({ type: 'session.closed', session }))
        const seqs = async (filter: Parameters<Store['audit']['list']>[0]) =>
          (await store.audit.list(filter)).map((event) => event.seq)
        expect(await seqs({ limit: 10 })).toEqual([4, 3, 2, 1])
        expect(await seqs({ limit: 2 })).toEqual([4, 3])
        expect(await seqs({ limit: 0 })).toEqual([])
        expect(await seqs({ limit: 10, beforeSeq: 3 })).toEqual([2, 1])
        expect(await seqs({ limit: 10, session })).toEqual([4, 2, 1])
        expect(await seqs({ limit: 10, hold })).toEqual([2])
        expect(await seqs({ limit: 10, types: ['command.held', 'session.closed'] })).toEqual([4, 3, 2])
        expect(await seqs({ limit: 10, types: [] })).toEqual([])
        expect(await seqs({ limit: 1, types: ['command.held'], session, beforeSeq: 4 })).toEqual([2])
      })

      it('list() refuses a limit that is no number of rows', async () => {
        for (const limit of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
          await expect(store.audit.list({ limit })).rejects.toMatchObject({ code: 'invalid' })
        }
      })
    })

    describe('holds', () => {
      it('find() gives back exactly what insert() took', async () => {
        const hold = make.hold()
        await store.holds.insert(hold)
        expect(await store.holds.find(hold.id)).toEqual(hold)
        expect(await store.holds.find(newHoldId())).toBeUndefined()
      })

      it('insert() keeps the exact text, whatever is in it', async () => {
        const text = 'printf "\x1b]0;\x07" \0 \u202e \ud800 é \u{1f4a3}\r\n'
        const hold = make.hold({ action: make.action({ text }) })
        await store.holds.insert(hold)
        expect((await store.holds.find(hold.id))?.action.text).toBe(text)
      })

      it('insert() refuses an id that exists', async () => {
        const hold = make.hold()
        await store.holds.insert(hold)
        await expect(store.holds.insert(hold)).rejects.toMatchObject({ name: 'BastionError', code: 'conflict' })
      })

      it('insert() takes a hold that has been decided, whole or not at all', async () => {
        const decision = make.decision()
        const decided = make.hold({ decisions: [decision], state: { kind: 'approved', at: clock.now() } })
        await store.holds.insert(decided)
        expect(await store.holds.find(decided.id)).toEqual(decided)
        const twice = make.hold({ decisions: [decision, decision] })
        await expect(store.holds.insert(twice)).rejects.toMatchObject({ code: 'conflict' })
        expect(await store.holds.find(twice.id)).toBeUndefined()
      })

      it('list() is newest first, the later inserted first where times are equal', async () => {
        const at = (ms: number) => new Date(clock.now().getTime() + ms)
        const [b, a, c, d] = [
          make.hold({ createdAt: at(1) }),
          make.hold(),
          make.hold(),
          make.hold({ createdAt: at(2) }),
        ]
        for (const hold of [b, a, c, d]) await store.holds.insert(hold)
        expect((await store.holds.list({ limit: 10 })).map((hold) => hold.id)).toEqual([d.id, b.id, c.id, a.id])
        expect((await store.holds.list({ limit: 2 })).map((hold) => hold.id)).toEqual([d.id, b.id])
        expect(await store.holds.list({ limit: 0 })).toEqual([])
      })

      it('list() filters by state and session, and brings each hold its own decisions', async () => {
        const session = newSessionId()
        const mine = make.hold({ action: make.action({ session }) })
        const other = make.hold()
        await store.holds.insert(mine)
        await store.holds.insert(other)
        const decision = make.decision()
        await store.holds.addDecision(mine.id, decision, stays)
        await store.holds.transition(other.id, 'pending', { kind: 'expired', at: clock.now(), reason: 'late' })
        expect(await store.holds.list({ session, limit: 10 })).toEqual([{ ...mine, decisions: [decision] }])
        expect((await store.holds.list({ state: 'pending', limit: 10 })).map((hold) => hold.id)).toEqual([mine.id])
        expect((await store.holds.list({ state: 'expired', limit: 10 })).map((hold) => hold.id)).toEqual([other.id])
        expect(await store.holds.list({ state: 'expired', session, limit: 10 })).toEqual([])
      })

      it('list() keeps decisions apart over more holds than one query names', async () => {
        const holds = counted(620).map(() => make.hold())
        for (const hold of holds) await store.holds.insert(hold)
        const last = holds[0]!
        const decision = make.decision()
        await store.holds.addDecision(last.id, decision, stays)
        const listed = await store.holds.list({ limit: 1000 })
        expect(listed).toHaveLength(620)
        expect(listed.at(-1)).toEqual({ ...last, decisions: [decision] })
        expect(listed.filter((hold) => hold.decisions.length > 0)).toHaveLength(1)
      })

      it('transition() moves a hold once, and only from the state that was named', async () => {
        const hold = make.hold()
        await store.holds.insert(hold)
        const approved: HoldState = { kind: 'approved', at: clock.now() }
        expect(await store.holds.transition(hold.id, 'approved', { kind: 'running', at: clock.now() })).toBe(false)
        expect(await store.holds.transition(hold.id, 'pending', approved)).toBe(true)
        expect(await store.holds.transition(hold.id, 'pending', approved)).toBe(false)
        expect(await store.holds.transition(newHoldId(), 'pending', approved)).toBe(false)
        expect((await store.holds.find(hold.id))?.state).toEqual(approved)
      })

      it('transition() keeps every state as it is', async () => {
        const at = clock.now()
        const states: readonly HoldState[] = [
          { kind: 'approved', at },
          { kind: 'running', at },
          { kind: 'done', at, exitStatus: 130 },
          { kind: 'unknown', at },
          { kind: 'rejected', at, by: make.person('bob'), reason: 'no' },
          { kind: 'expired', at, reason: 'late' },
          { kind: 'withdrawn', at, reason: 'gone' },
        ]
        for (const state of states) {
          const hold = make.hold()
          await store.holds.insert(hold)
          expect(await store.holds.transition(hold.id, 'pending', state)).toBe(true)
          expect(await store.holds.find(hold.id)).toEqual({ ...hold, state })
        }
      })

      it('transition() on two connections at once has exactly one winner', async () => {
        const other = await open()
        for (const round of counted(25)) {
          const hold = make.hold()
          await store.holds.insert(hold)
          const rejected: HoldState = { kind: 'rejected', at: clock.now(), by: make.person('bob'), reason: `${round}` }
          const approved: HoldState = { kind: 'approved', at: clock.now() }
          const won = await Promise.all([
            other.holds.transition(hold.id, 'pending', rejected),
            store.holds.transition(hold.id, 'pending', approved),
          ])
          expect(won.filter(Boolean)).toHaveLength(1)
          expect((await store.holds.find(hold.id))?.state).toEqual(won[0] ? rejected : approved)
        }
      })

      it('addExplanation() adds while the hold is pending, and only so many', async () => {
        const hold = make.hold()
        await store.holds.insert(hold)
        const said = (text: string) => ({ at: clock.now(), text })
        const [one, two] = [said('ticket 4711 \u202e'), said('two')]
        expect(await store.holds.addExplanation(hold.id, one, 2)).toEqual({ ...hold, explanations: [one] })
        expect(await store.holds.addExplanation(hold.id, two, 2)).toEqual({ ...hold, explanations: [one, two] })
        expect(await store.holds.addExplanation(hold.id, said('three'), 2)).toBeUndefined()
        await store.holds.transition(hold.id, 'pending', { kind: 'withdrawn', at: clock.now(), reason: '' })
        expect(await store.holds.addExplanation(hold.id, said('late'), 9)).toBeUndefined()
        expect(await store.holds.addExplanation(newHoldId(), one, 9)).toBeUndefined()
        expect((await store.holds.find(hold.id))?.explanations).toEqual([one, two])
      })

      it('addExplanation() keeps who asks, and counts questions by themselves', async () => {
        const hold = make.hold()
        await store.holds.insert(hold)
        const why = { at: clock.now(), text: 'why' }
        const asked = { at: clock.now(), text: 'which ticket?', askedBy: make.person('bob') }
        await store.holds.addExplanation(hold.id, why, 1)
        const both = { ...hold, explanations: [why, asked] }
        expect(await store.holds.addExplanation(hold.id, asked, 1)).toEqual(both)
        expect(await store.holds.addExplanation(hold.id, asked, 1)).toBeUndefined()
        expect(await store.holds.addExplanation(hold.id, why, 1)).toBeUndefined()
        expect(await store.holds.find(hold.id)).toEqual(both)
      })

      it('addExplanation() on two connections at once loses none that it says it kept', async () => {
        const other = await open()
        const hold = make.hold()
        await store.holds.insert(hold)
        const kept = await Promise.all(
          counted(6).map((n) =>
            (n % 2 === 0 ? store : other).holds.addExplanation(hold.id, { at: clock.now(), text: `${n}` }, 4),
          ),
        )
        const texts = (await store.holds.find(hold.id))!.explanations.map(({ text }) => text)
        expect(texts).toHaveLength(kept.filter((each) => each !== undefined).length)
        expect(texts.length).toBeGreaterThan(0)
        expect(texts.length).toBeLessThanOrEqual(4)
      })

      it('escalate() lets further roles decide, once, and only while the hold is pending', async () => {
        const escalation = { afterMs: 1000, to: ['managers', 'sre'] }
        const { quorum } = make.hold()
        const hold = make.hold({ quorum: { ...quorum, escalation } })
        await store.holds.insert(hold)
        const at = clock.now()
        const wider = { ...hold, quorum: { ...hold.quorum, reviewers: ['sre', 'managers'] }, escalatedAt: at }
        expect(await store.holds.escalate(hold.id, at)).toEqual(wider)
        expect(await store.holds.escalate(hold.id, new Date(at.getTime() + 1))).toBeUndefined()
        expect(await store.holds.find(hold.id)).toEqual(wider)
        const decided = make.hold({ quorum: { ...quorum, escalation } })
        await store.holds.insert(decided)
        await store.holds.transition(decided.id, 'pending', { kind: 'approved', at })
        const plain = make.hold()
        await store.holds.insert(plain)
        for (const id of [decided.id, plain.id, newHoldId()]) expect(await store.holds.escalate(id, at)).toBeUndefined()
        expect((await store.holds.find(decided.id))?.quorum.reviewers).toEqual(['sre'])
      })

      it('addDecision() resolves to the hold as it then stands', async () => {
        const hold = make.hold()
        await store.holds.insert(hold)
        const [first, second] = [make.decision(), make.decision({ kind: 'reject', reason: 'too risky\n\u202e' })]
        expect(await store.holds.addDecision(hold.id, first, stays)).toEqual({ ...hold, decisions: [first] })
        expect(await store.holds.addDecision(hold.id, second, stays)).toEqual({ ...hold, decisions: [first, second] })
      })

      it('addDecision() refuses a second word of one person, a hold that is not pending, and one that is not there', async () => {
        const hold = make.hold()
        await store.holds.insert(hold)
        const decision = make.decision()
        await store.holds.addDecision(hold.id, decision, stays)
        expect(await store.holds.addDecision(hold.id, { ...decision, kind: 'reject' }, stays)).toBeUndefined()
        await store.holds.transition(hold.id, 'pending', { kind: 'withdrawn', at: clock.now(), reason: '' })
        expect(await store.holds.addDecision(hold.id, make.decision(), stays)).toBeUndefined()
        expect(await store.holds.addDecision(newHoldId(), make.decision(), stays)).toBeUndefined()
        expect((await store.holds.find(hold.id))?.decisions).toEqual([decision])
      })

      it('addDecision() of one person on two connections at once counts once', async () => {
        const other = await open()
        for (const kind of ['approve', 'reject', 'approve', 'reject'] as const) {
          const hold = make.hold()
          await store.holds.insert(hold)
          const by = make.person('bob')
          const answers = await Promise.all(
            counted(20).map((n) =>
              (n % 2 === 0 ? store : other).holds.addDecision(
                hold.id,
                make.decision({ by, kind, reason: `${n}` }),
                stays,
              ),
            ),
          )
          expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1)
          expect((await other.holds.find(hold.id))?.decisions).toHaveLength(1)
        }
      })

      it('addDecision() moves the hold in the same step, so of two last words one counts and the other is not kept', async () => {
        const other = await open()
        const hold = make.hold()
        await store.holds.insert(hold)
        const approved = { kind: 'approved', at: make.decision().at } as const
        const words = [make.decision(), make.decision({ kind: 'reject' })]
        const results = await Promise.all(
          words.map((word, n) => (n % 2 === 0 ? store : other).holds.addDecision(hold.id, word, () => approved)),
        )
        expect(results.filter((result) => result !== undefined)).toHaveLength(1)
        const found = await store.holds.find(hold.id)
        expect(found?.state).toEqual(approved)
        expect(found?.decisions).toHaveLength(1)
      })

      it('addDecision() takes 100 people at once on two connections', async () => {
        const other = await open()
        const hold = make.hold()
        await store.holds.insert(hold)
        const answers = await Promise.all(
          counted(100).map((n) => (n % 2 === 0 ? store : other).holds.addDecision(hold.id, make.decision(), stays)),
        )
        expect(answers.every((answer) => answer !== undefined)).toBe(true)
        const decisions = (await store.holds.find(hold.id))?.decisions ?? []
        expect(new Set(decisions.map((decision) => decision.by.id)).size).toBe(100)
      })

      it('addDecision() and transition() at once never add to a hold that has left pending', async () => {
        const other = await open()
        for (const _ of counted(15)) {
          const hold = make.hold()
          await store.holds.insert(hold)
          const [moved, ...answers] = await Promise.all([
            other.holds.transition(hold.id, 'pending', { kind: 'expired', at: clock.now(), reason: '' }),
            ...counted(4).map(() => store.holds.addDecision(hold.id, make.decision(), stays)),
          ])
          expect(moved).toBe(true)
          const kept = (await store.holds.find(hold.id))?.decisions ?? []
          expect(kept).toHaveLength(answers.filter((answer) => answer !== undefined).length)
        }
      })
    })

    describe('grants', () => {
      const later = (ms: number) => new Date(clock.now().getTime() + ms)
      const liveIds = async (now: Date, principal?: Grant['principal']) =>
        (await store.grants.live({ now, limit: 100, ...(principal && { principal: principal.id }) })).map(
          ({ id }) => id,
        )

      it('find() gives back what insert() took, and insert() refuses an id that exists', async () => {
        const plain = make.grant()
        const full = make.grant({
          scope: 'session',
          uses: 3,
          lastUsedAt: later(1),
          ended: { at: later(2), by: make.person('erin'), reason: 'no longer needed' },
        })
        await store.grants.insert(plain)
        await store.grants.insert(full)
        expect(await store.grants.find(plain.id)).toEqual(plain)
        expect(await store.grants.find(full.id)).toEqual(full)
        expect(await store.grants.find(newGrantId())).toBeUndefined()
        await expect(store.grants.insert(plain)).rejects.toMatchObject({ code: 'conflict' })
      })

      it('live() gives those in force, newest first, of everybody or of one person', async () => {
        const alice = make.person('alice')
        const first = make.grant({ principal: alice, until: later(1000) })
        const second = make.grant({ givenAt: later(5) })
        const ended = make.grant({ principal: alice, ended: { at: clock.now(), by: undefined, reason: 'over' } })
        for (const grant of [second, first, ended]) await store.grants.insert(grant)
        expect(await liveIds(clock.now())).toEqual([second.id, first.id])
        expect(await liveIds(clock.now(), alice)).toEqual([first.id])
        expect(await liveIds(later(999), alice)).toEqual([first.id])
        expect(await liveIds(later(1000), alice)).toEqual([])
        expect(await store.grants.live({ now: clock.now(), limit: 1 })).toEqual([second])
        await expect(store.grants.live({ now: clock.now(), limit: -1 })).rejects.toMatchObject({ code: 'invalid' })
      })

      it('use() counts while the grant is in force, and no longer', async () => {
        const grant = make.grant({ until: later(1000) })
        await store.grants.insert(grant)
        expect(await store.grants.use(grant.id, later(1))).toBe(true)
        expect(await store.grants.use(grant.id, later(2))).toBe(true)
        expect(await store.grants.use(grant.id, later(1000))).toBe(false)
        expect(await store.grants.use(newGrantId(), later(1))).toBe(false)
        await store.grants.end(grant.id, { at: later(3), by: undefined, reason: 'over' })
        expect(await store.grants.use(grant.id, later(4))).toBe(false)
        expect(await store.grants.find(grant.id)).toMatchObject({ uses: 2, lastUsedAt: later(2) })
      })

      it('end() ends a grant once, and keeps the first end', async () => {
        const grant = make.grant()
        const first = { at: clock.now(), by: make.person('bob'), reason: 'revoked' }
        await store.grants.insert(grant)
        expect(await store.grants.end(grant.id, first)).toBe(true)
        expect(await store.grants.end(grant.id, { at: later(1), by: undefined, reason: 'again' })).toBe(false)
        expect(await store.grants.end(newGrantId(), first)).toBe(false)
        expect(await store.grants.find(grant.id)).toEqual({ ...grant, ended: first })
        expect(await liveIds(clock.now())).toEqual([])
      })

      it('end() and use() at once on two connections: what is counted came before the end', async () => {
        const other = await open()
        const grant = make.grant()
        await store.grants.insert(grant)
        const [isEnded, ...uses] = await Promise.all([
          other.grants.end(grant.id, { at: clock.now(), by: undefined, reason: 'over' }),
          ...counted(20).map((n) => (n % 2 === 0 ? store : other).grants.use(grant.id, clock.now())),
        ])
        expect(isEnded).toBe(true)
        expect((await store.grants.find(grant.id))?.uses).toBe(uses.filter(Boolean).length)
        expect(await other.grants.use(grant.id, clock.now())).toBe(false)
      })
    })

    describe('sessions', () => {
      it('find() gives back what insert() took, and insert() refuses an id that exists', async () => {
        const shell = make.session()
        const exec = make.session({ kind: 'exec', command: 'echo \0 "\x1b[31m"' })
        await store.sessions.insert(shell)
        await store.sessions.insert(exec)
        expect(await store.sessions.find(shell.id)).toEqual(shell)
        expect(await store.sessions.find(exec.id)).toEqual(exec)
        expect(await store.sessions.find(newSessionId())).toBeUndefined()
        await expect(store.sessions.insert(shell)).rejects.toMatchObject({ code: 'conflict' })
      })

      it('finish() ends a session once, and keeps the first end', async () => {
        const session = make.session()
        await store.sessions.insert(session)
        const at = new Date(clock.now().getTime() + 5000)
        await store.sessions.finish(session.id, { at, exitStatus: 0, reason: undefined })
        await store.sessions.finish(session.id, { at: clock.now(), exitStatus: 1, reason: 'again' })
        const ended = { ...session, endedAt: at, exitStatus: 0, endReason: undefined }
        expect(await store.sessions.find(session.id)).toEqual(ended)
        const end = { at, exitStatus: undefined, reason: 'lost' }
        await expect(store.sessions.finish(newSessionId(), end)).rejects.toMatchObject({ code: 'not-found' })
      })

      it('list() is newest first, and filters by person and by whether it lives', async () => {
        const [alice, bob] = [make.person('alice'), make.person('bob')]
        const at = (ms: number) => new Date(clock.now().getTime() + ms)
        const first = make.session({ principal: alice, startedAt: at(0) })
        const third = make.session({ principal: alice, startedAt: at(2) })
        const second = make.session({ principal: bob, startedAt: at(1) })
        for (const session of [first, third, second]) await store.sessions.insert(session)
        await store.sessions.finish(first.id, { at: at(9), exitStatus: undefined, reason: 'idle' })
        const ids = async (filter: Parameters<Store['sessions']['list']>[0]) =>
          (await store.sessions.list(filter)).map((session) => session.id)
        expect(await ids({ limit: 10 })).toEqual([third.id, second.id, first.id])
        expect(await ids({ limit: 1 })).toEqual([third.id])
        expect(await ids({ limit: 10, live: true })).toEqual([third.id, second.id])
        expect(await ids({ limit: 10, live: false })).toEqual([first.id])
        expect(await ids({ limit: 10, principal: alice.id })).toEqual([third.id, first.id])
        expect(await ids({ limit: 10, principal: alice.id, live: true })).toEqual([third.id])
        await expect(store.sessions.list({ limit: -1 })).rejects.toMatchObject({ code: 'invalid' })
      })
    })

    describe('keys', () => {
      const later = (ms: number) => new Date(clock.now().getTime() + ms)

      it('findLive() gives the binding in force: neither expired nor revoked', async () => {
        const key = make.key({ expiresAt: later(1000) })
        await store.keys.insert(key)
        expect(await store.keys.findLive(key.fingerprint, clock.now())).toEqual(key)
        expect(await store.keys.findLive(key.fingerprint, later(999))).toEqual(key)
        expect(await store.keys.findLive(key.fingerprint, later(1000))).toBeUndefined()
        expect(await store.keys.findLive('SHA256:other', clock.now())).toBeUndefined()
        expect(await store.keys.revoke(key.id, key.principal.id, later(5))).toBe(true)
        expect(await store.keys.findLive(key.fingerprint, clock.now())).toBeUndefined()
      })

      it('findLive() gives the latest of several, and not one that has ended', async () => {
        const old = make.key({ boundAt: later(-100) })
        const fresh = make.key({ fingerprint: old.fingerprint, boundAt: later(-50) })
        const ended = make.key({ fingerprint: old.fingerprint, boundAt: later(-10), expiresAt: later(-1) })
        for (const key of [fresh, ended, old]) await store.keys.insert(key)
        expect((await store.keys.findLive(old.fingerprint, clock.now()))?.id).toBe(fresh.id)
      })

      it('revoke() is the owner’s alone, and happens once', async () => {
        const key = make.key()
        await store.keys.insert(key)
        expect(await store.keys.revoke(key.id, make.person('mallory').id, clock.now())).toBe(false)
        expect(await store.keys.revoke(newKeyBindingId(), key.principal.id, clock.now())).toBe(false)
        expect(await store.keys.revoke(key.id, key.principal.id, clock.now())).toBe(true)
        expect(await store.keys.revoke(key.id, key.principal.id, later(1))).toBe(false)
        expect(await store.keys.list(key.principal.id)).toEqual([{ ...key, revokedAt: clock.now() }])
      })

      it('list() gives a person’s own bindings, newest first; touch() notes the use', async () => {
        const alice = make.person('alice')
        const [first, second] = [make.key({ principal: alice }), make.key({ principal: alice, boundAt: later(1) })]
        await store.keys.insert(second)
        await store.keys.insert(first)
        await store.keys.insert(make.key())
        await store.keys.touch(first.id, later(7))
        expect(await store.keys.list(alice.id)).toEqual([second, { ...first, lastUsedAt: later(7) }])
        expect(await store.keys.list(make.person('nobody').id)).toEqual([])
        await expect(store.keys.touch(newKeyBindingId(), clock.now())).rejects.toMatchObject({ code: 'not-found' })
        await expect(store.keys.insert(first)).rejects.toMatchObject({ code: 'conflict' })
      })
    })

    it('keeps everything when it is closed and opened again', async () => {
      const [hold, session, key, decision] = [make.hold(), make.session(), make.key(), make.decision()]
      const grant = make.grant()
      const event = await store.audit.append(make.event())
      await store.holds.insert(hold)
      await store.holds.addDecision(hold.id, decision, stays)
      await store.sessions.insert(session)
      await store.keys.insert(key)
      await store.grants.insert(grant)
      await store.close()
      const again = await open()
      expect(await again.audit.list({ limit: 10 })).toEqual([event])
      expect(await again.holds.find(hold.id)).toEqual({ ...hold, decisions: [decision] })
      expect(await again.sessions.find(session.id)).toEqual(session)
      expect(await again.keys.list(key.principal.id)).toEqual([key])
      expect(await again.grants.find(grant.id)).toEqual(grant)
      expect((await again.audit.append(make.event())).seq).toBe(2)
    })

    it('opens many connections to new state at once', async () => {
      const fresh = await newPlace()
      const opened = await Promise.all(counted(6).map(() => fresh.open()))
      await Promise.all(opened.map((one) => one.audit.append(make.event())))
      expect(await opened[0]?.audit.list({ limit: 10 })).toHaveLength(6)
      for (const one of opened) await one.close()
      await fresh.remove()
    })

    it('close() may be called twice; every call after it is refused as unavailable', async () => {
      await store.close()
      await store.close()
      const unavailable = { name: 'BastionError', code: 'unavailable' }
      await expect(store.audit.append(make.event())).rejects.toMatchObject(unavailable)
      await expect(store.holds.insert(make.hold())).rejects.toMatchObject(unavailable)
      await expect(store.sessions.list({ limit: 1 })).rejects.toMatchObject(unavailable)
    })

    it('close() lets what was asked before it finish', async () => {
      const asked = counted(10).map(() => store.audit.append(make.event()))
      await store.close()
      expect((await Promise.all(asked)).map((event) => event.seq)).toEqual(counted(10).map((n) => n + 1))
    })
  })
}

function counted(length: number): number[] {
  return Array.from({ length }, (_, n) => n)
}
