/** The Enter gate without a target: a screen that a test paints, and a desk that holds every line. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import type { Verdict } from '../../src/core/verdict.ts'
import { EnterGate } from '../../src/session/enter-gate.ts'
import { InputGate } from '../../src/session/input-gate.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { Screen } from '../../src/terminal/screen.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type TemporaryStore, temporaryStore } from '../support/store.ts'
import { session } from './parts.ts'

const analyse = createAnalyser(defaultCatalogue())
const RULE = { name: 'test', file: 'policy.yaml', line: 1 }
const denyAll = (): Verdict => ({ kind: 'deny', because: RULE, message: 'no' })

let temporary: TemporaryStore
let clock: ManualClock
let screen: Screen
let sent: string
let judged: Action[]
let verdict: (action: Action) => Verdict
let gate: InputGate

beforeEach(async () => {
  temporary = await temporaryStore()
  clock = new ManualClock()
  screen = new Screen({ cols: 80, rows: 24 })
  sent = ''
  judged = []
  verdict = denyAll
  const { live } = await session({
    store: temporary.store,
    clock,
    hasPty: true,
    verdict: (action) => {
      judged.push(action)
      return verdict(action)
    },
  })
  gate = new InputGate({ forward: (bytes) => enter.feed(bytes), onFull() {}, onInterrupt: () => false })
  const enter = new EnterGate({
    context: { ...live.context, services: { ...live.context.services, analyse } },
    checkpoint: live.checkpoint,
    screen,
    clock,
    closed: live.ended,
    send: async (bytes) => {
      sent += Buffer.from(bytes).toString()
    },
    putBack: (bytes) => gate.putBack(bytes),
  })
  gate.open()
  await paints('$ ')
})

afterEach(async () => {
  screen.dispose()
  await temporary.close()
})

async function paints(text: string): Promise<void> {
  await screen.feed(Buffer.from(text))
  await screen.settled()
}

/** Types, with `echo` as what the target shows for it. */
async function types(text: string, echo: string): Promise<void> {
  await presses(text)
  await paints(echo)
}

/** Presses keys, which may have to wait until the screen has come to rest. */
async function presses(keys: string): Promise<void> {
  let isDone = false
  const done = gate.feed(Buffer.from(keys)).then(() => {
    isDone = true
  })
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve))
    if (clock.nextInMs !== undefined) clock.advance(clock.nextInMs)
  }
  await done
}

describe('a line that was typed', () => {
  it('is judged by what stands on the screen', async () => {
    await types('rm x', 'rm x')
    await presses('\r')
    expect(judged.map((action) => action.text)).toEqual(['rm x'])
    expect(sent).toBe('rm x\x03')
  })

  it('is not let through because the screen was cleared over it', async () => {
    await paints('\r\n$ \r\n$ ')
    await types('rm x\x0c', '\x1b[2J\x1b[H$ rm x')
    await presses('\r')
    expect(judged.map((action) => action.text)).toEqual(['rm x'])
    expect(sent).not.toContain('\r')
  })

  it('is not let through because the target shows no echo', async () => {
    await types('rm x', '')
    await presses('\r')
    expect(judged.map((action) => action.effects.includes('opaque'))).toEqual([true])
    expect(sent).not.toContain('\r')
  })

  it('is judged before a Ctrl-D, which ends a line too where the terminal edits it', async () => {
    await types('rm x', 'rm x')
    await presses('\x04')
    expect(judged.map((action) => action.text)).toEqual(['rm x'])
    expect(sent).not.toContain('\x04')
  })

  it('is judged though what was typed put the screen into its other buffer', async () => {
    await types('\u009b?1049h', '\u009b?1049h')
    await types('rm x', 'rm x')
    await presses('\r')
    expect(judged).toHaveLength(1)
    expect(sent).not.toContain('\r')
  })
})

describe('a line that Ctrl-C did not take away', () => {
  it('is judged though it went on to the next row', async () => {
    await types('rm x #', 'rm x #')
    await types('\x03', '^C')
    await types('y'.repeat(80), 'y'.repeat(80))
    await presses('\r')
    expect(judged).toHaveLength(1)
    expect(sent).not.toContain('\r')
  })

  it('is judged though other output moved the cursor on', async () => {
    await types('rm x #', 'rm x #')
    await types('\x03', '^C\r\na job of the background\r\n')
    await presses('\r')
    expect(judged).toHaveLength(1)
    expect(sent).not.toContain('\r')
  })

  it('is over where a new prompt stands', async () => {
    await types('rm x', 'rm x')
    await types('\x03', '^C\r\n$ ')
    await presses('\r')
    expect(judged).toHaveLength(0)
    expect(sent).toBe('rm x\x03\r')
  })
})

describe('what runs nothing', () => {
  it('passes: Enter and Ctrl-D where nothing was typed', async () => {
    await presses('\r')
    await paints('\r\n$ ')
    await presses('\x04')
    expect(judged).toEqual([])
    expect(sent).toBe('\r\x04')
  })
})

describe('a full-screen program that a judged line started', () => {
  it('gets its keys, until it is gone', async () => {
    verdict = () => ({ kind: 'allow', because: RULE })
    await types('vim', 'vim')
    await presses('\r')
    await paints('\r\n\x1b[?1049h~')
    verdict = denyAll
    await types(':w', ':w')
    await presses('\r')
    await presses('\x04')
    expect(judged.map((action) => action.text)).toEqual(['vim'])
    await paints('\x1b[?1049l$ ')
    await types('rm x', 'rm x')
    await presses('\r')
    expect(judged.map((action) => action.text)).toEqual(['vim', 'rm x'])
    expect(sent).toBe('vim\r:w\r\x04rm x\x03')
  })
})
