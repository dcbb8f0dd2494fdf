/** What is entered in an ungated program: on a screen that a test paints, without a target. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProgramLines } from '../../src/session/program-lines.ts'
import { Ungated } from '../../src/session/ungated.ts'
import { Screen } from '../../src/terminal/screen.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type TemporaryStore, temporaryStore } from '../support/store.ts'
import { type SessionUnderTest, session } from './parts.ts'

let temporary: TemporaryStore
let clock: ManualClock
let screen: Screen
let sent: string
let broken: string[]
let changes: number
let tested: SessionUnderTest
let ungated: Ungated
let lines: ProgramLines

beforeEach(async () => {
  temporary = await temporaryStore()
  clock = new ManualClock()
  screen = new Screen({ cols: 80, rows: 24 })
  sent = ''
  broken = []
  changes = 0
  tested = await session({
    store: temporary.store,
    clock,
    hasPty: true,
    verdict: () => ({ kind: 'deny', because: { name: 'test', file: 'p', line: 1 }, message: 'no' }),
  })
  const { context, recorder } = tested.live
  ungated = new Ungated({ context, recorder, onChange: () => changes++ })
  lines = new ProgramLines({
    context,
    ungated,
    screen,
    clock,
    send: async (bytes) => {
      sent += Buffer.from(bytes).toString()
    },
    onUnrecorded: (reason) => broken.push(reason),
  })
})

afterEach(async () => {
  screen.dispose()
  await temporary.close()
})

async function paints(text: string): Promise<void> {
  await screen.feed(Buffer.from(text))
  await screen.settled()
  lines.noticeShown()
}

/** Presses keys; where the screen is waited for, time passes. */
async function presses(keys: string): Promise<string> {
  let rest: Uint8Array | undefined
  const done = lines.feed(Buffer.from(keys)).then((left) => {
    rest = left
  })
  while (rest === undefined) {
    await new Promise((resolve) => setImmediate(resolve))
    if (clock.nextInMs !== undefined) clock.advance(clock.nextInMs)
  }
  await done
  return Buffer.from(rest).toString()
}

async function entered(): Promise<readonly (readonly [unknown, unknown])[]> {
  const events = await temporary.store.audit.list({ types: ['line.entered'], limit: 100 })
  return events.toReversed().map(({ detail }) => [detail.text, detail.isAsTyped])
}

describe('a line in an ungated program', () => {
  beforeEach(async () => {
    await ungated.begin(7, 'psql orders')
    await paints('orders=> ')
  })

  it('is recorded as the screen shows it, before Enter goes on', async () => {
    await presses('delete from orders;')
    await paints('delete from orders;')
    expect(await presses('\rrest')).toBe('rest')
    expect(await entered()).toEqual([['delete from orders;', true]])
    expect(sent).toBe('delete from orders;\r')
  })

  it('is waited for where its echo comes late', async () => {
    await presses('\\q')
    const fed = presses('\r')
    await paints('\\q')
    await fed
    expect(await entered()).toEqual([['\\q', true]])
  })

  it('is recorded as hidden, and not what was typed, where it does not show', async () => {
    await paints('\r\nPassword: ')
    await presses('hunter2')
    await presses('\r')
    expect(await entered()).toEqual([[null, false]])
    expect(tested.recorded()).not.toContain('hunter2')
    expect(sent).toBe('hunter2\r')
  })

  it('that is empty, or lies in a full screen, is none', async () => {
    await presses('\r')
    await paints('\x1b[?1049h')
    await presses('ihello')
    await paints('hello')
    await presses('\r')
    expect(await entered()).toEqual([])
    expect(sent).toBe('\rihello\r')
  })

  it('is not entered where it cannot be recorded', async () => {
    await presses('x')
    await paints('x')
    await temporary.store.close()
    await presses('\r')
    expect(sent).toBe('x')
    expect(broken).toHaveLength(1)
  })
})

describe('an ungated stretch', () => {
  it('is marked at both ends, and told of', async () => {
    await ungated.begin(7, 'vim x\x1b[2J')
    expect(ungated.current?.program).toBe('vim x␛[2J')
    await ungated.end(8)
    expect(ungated.current).toBeDefined()
    await ungated.end(7)
    expect(ungated.current).toBeUndefined()
    expect(changes).toBe(2)
    expect(tested.recorded()).toMatch(/"ungated: vim x␛\[2J"[\s\S]*"ungated until here: vim x␛\[2J"/)
    const events = await temporary.store.audit.list({ types: ['gate.left', 'gate.returned'], limit: 10 })
    expect(events.map(({ type }) => type)).toEqual(['gate.returned', 'gate.left'])
  })

  it('lasts until a prompt where several programs run', async () => {
    await ungated.begin(7, 'python3')
    await ungated.begin(9, 'less')
    await ungated.end(9)
    expect(ungated.current?.program).toBe('python3')
    await ungated.end()
    expect(ungated.current).toBeUndefined()
  })

  it('does not begin where it cannot be recorded', async () => {
    await temporary.store.close()
    await expect(ungated.begin(7, 'python3')).rejects.toThrow()
    expect(ungated.current).toBeUndefined()
  })
})
