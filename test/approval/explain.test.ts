import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXPLANATION_CHARACTERS, EXPLANATIONS_OF_A_HOLD, type Hold } from '../../src/core/hold.ts'
import type { Store } from '../../src/core/ports.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from '../support/store.ts'
import { alice, approve, bob, type DeskUnderTest, deskOver, erin, person } from './parts.ts'

let temporary: TemporaryStore
let store: Store
let here: DeskUnderTest

beforeAll(async () => {
  temporary = await temporaryStore()
  store = temporary.store
})
afterAll(() => temporary.close())
beforeEach(() => {
  here = deskOver(store, new ManualClock())
})

const said = async ({ id }: Hold) => (await store.holds.find(id))!.explanations.map(({ text }) => text)

describe('explain()', () => {
  it('adds to what is kept with the hold, in the audit log and before the reviewers', async () => {
    const heard: (readonly string[])[] = []
    const { hold, explain } = await here.held()
    here.desk.subscribe(({ explanations }) => heard.push(explanations.map(({ text }) => text)))
    await explain('  ticket 4711 ')
    await explain('and it is urgent')
    expect(await said(hold)).toEqual(['ticket 4711', 'and it is urgent'])
    expect(heard).toEqual([['ticket 4711'], ['ticket 4711', 'and it is urgent']])
    const events = await store.audit.list({ hold: hold.id, types: ['hold.explained'], limit: 10 })
    expect(events.map(({ detail, actorName }) => [actorName, detail.explanation]).reverse()).toEqual([
      ['alice', 'ticket 4711'],
      ['alice', 'and it is urgent'],
    ])
  })

  it.each([
    ['nothing', '  '],
    ['too much', 'é'.repeat(EXPLANATION_CHARACTERS + 1)],
    ['what steers a terminal', 'a\u001b[2Jb'],
    ['an 8-bit control', 'a\u009bb'],
    ['a second line', 'a\nb'],
    ['half a character', 'a\ud800'],
  ])('refuses %s, and keeps nothing of it', async (_what, text) => {
    const { hold, explain } = await here.held()
    await expect(explain(text)).rejects.toMatchObject({ code: 'invalid' })
    expect(await said(hold)).toEqual([])
    expect(await store.audit.list({ hold: hold.id, types: ['hold.explained'], limit: 10 })).toEqual([])
  })

  it('takes as many characters as it says', async () => {
    const { hold, explain } = await here.held()
    await explain('👍'.repeat(EXPLANATION_CHARACTERS))
    expect(await said(hold)).toHaveLength(1)
  })

  it('takes only so many', async () => {
    const { hold, explain } = await here.held()
    for (let n = 0; n < EXPLANATIONS_OF_A_HOLD; n++) await explain(`reason ${n}`)
    await expect(explain('one more')).rejects.toMatchObject({ code: 'conflict' })
    expect(await said(hold)).toHaveLength(EXPLANATIONS_OF_A_HOLD)
  })

  it('is too late once it is decided or taken back', async () => {
    const decided = await here.held()
    await here.desk.decide(decided.hold.id, bob, approve)
    await expect(decided.explain('late')).rejects.toMatchObject({ code: 'conflict' })
    const withdrawn = await here.held()
    withdrawn.withdraw('gone')
    await withdrawn.outcome
    await expect(withdrawn.explain('late')).rejects.toMatchObject({ code: 'conflict' })
    expect([await said(decided.hold), await said(withdrawn.hold)]).toEqual([[], []])
  })

  it('is not kept where it cannot be put on record', async () => {
    let isFull = false
    const full = withAudit(store, () => {
      if (isFull) throw STORAGE_FULL
    })
    const { hold, explain } = await deskOver(full, new ManualClock()).held()
    isFull = true
    await expect(explain('why')).rejects.toBe(STORAGE_FULL)
    expect(await said(hold)).toEqual([])
  })
})

describe('a question', () => {
  const words = async ({ id }: Hold) =>
    (await store.holds.find(id))!.explanations.map(({ text, askedBy }) => [askedBy?.name ?? 'requester', text])

  it('and its answer are kept in order, in the log and before everybody', async () => {
    const { hold, explain } = await here.held()
    await here.desk.conversation.say(hold.id, bob, ' which ticket? ')
    await explain('4711')
    await here.desk.conversation.say(hold.id, erin, 'and who knows of it?')
    await here.desk.conversation.say(hold.id, alice, 'all of ops')
    expect(await words(hold)).toEqual([
      ['bob', 'which ticket?'],
      ['requester', '4711'],
      ['erin', 'and who knows of it?'],
      ['requester', 'all of ops'],
    ])
    const events = await store.audit.list({ hold: hold.id, types: ['hold.asked', 'hold.explained'], limit: 10 })
    expect(events.map(({ type, actorName }) => [type, actorName]).reverse()).toEqual([
      ['hold.asked', 'bob'],
      ['hold.explained', 'alice'],
      ['hold.asked', 'erin'],
      ['hold.explained', 'alice'],
    ])
    expect((await here.desk.find(hold.id)).state.kind).toBe('pending')
  })

  it.each([
    ['somebody without the role', person('carol', { groups: ['compliance'] })],
    ['an agent', person('agent', { owner: bob.id })],
    ['the requester’s other account', person('alice', { issuer: 'https://other' })],
  ])('is not asked by %s', async (_, by) => {
    const { hold } = await here.held()
    await expect(here.desk.conversation.say(hold.id, by, 'why?')).rejects.toMatchObject({ code: 'forbidden' })
    expect(await words(hold)).toEqual([])
  })

  it('uses up no answer, and the other way round', async () => {
    const { hold, explain } = await here.held()
    for (let n = 0; n < EXPLANATIONS_OF_A_HOLD; n++) await here.desk.conversation.say(hold.id, bob, `question ${n}`)
    await expect(here.desk.conversation.say(hold.id, erin, 'one more')).rejects.toMatchObject({ code: 'conflict' })
    for (let n = 0; n < EXPLANATIONS_OF_A_HOLD; n++) await explain(`answer ${n}`)
    await expect(explain('one more')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is too late once it is decided, and no place for what steers a terminal', async () => {
    const { hold } = await here.held()
    await expect(here.desk.conversation.say(hold.id, bob, 'a\u001b[2J')).rejects.toMatchObject({ code: 'invalid' })
    await here.desk.decide(hold.id, bob, approve)
    await expect(here.desk.conversation.say(hold.id, erin, 'why?')).rejects.toMatchObject({ code: 'conflict' })
  })
})
