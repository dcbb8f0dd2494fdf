import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Mask } from '../../src/core/verdict.ts'
import { EnterGate } from '../../src/session/enter-gate.ts'
import { Pump } from '../../src/session/pump.ts'
import { Screen } from '../../src/terminal/screen.ts'
import { RULE } from '../approval/parts.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type TemporaryStore, temporaryStore } from '../support/store.ts'
import { mask } from '../terminal/masks.ts'
import { Pieces, session } from './parts.ts'

const CARDS = mask('\\b\\d{4}(?: \\d{4}){3}\\b', { name: 'card-number' })

let temporary: TemporaryStore
beforeAll(async () => {
  temporary = await temporaryStore()
})
afterAll(() => temporary.close())

/** A target that echoes what it is sent, as a terminal does, and shows it through a pump with these masks. */
async function echoing(masks: readonly Mask[]) {
  const clock = new ManualClock()
  const under = await session({
    store: temporary.store,
    clock,
    hasPty: true,
    verdict: () => ({ kind: 'allow', because: RULE }),
  })
  const { live, client } = under
  const screen = new Screen({ cols: 80, rows: 24 })
  const pump = new Pump({ recorder: live.recorder, client, screen, clock })
  pump.keep({ masks, record: { kind: 'output' } })
  const output = new Pieces()
  const sent: string[] = []
  const gate = new EnterGate({
    context: live.context,
    checkpoint: live.checkpoint,
    screen,
    clock,
    closed: live.ended,
    putBack: () => {},
    async send(bytes) {
      const text = Buffer.from(bytes).toString()
      sent.push(text)
      output.give(text)
    },
  })
  const source = (async function* () {
    for await (const bytes of output) {
      gate.noticeOutput()
      yield bytes
    }
  })()
  void pump.drain(source, 'stdout')
  output.give('$ ')

  /** Types the keys, with the time passing that the gate waits for. */
  const type = async (keys: string) => {
    let isFed = false
    const fed = gate.feed(Buffer.from(keys)).finally(() => {
      isFed = true
    })
    while (!isFed) {
      await new Promise((done) => setImmediate(done))
      const next = clock.nextInMs
      if (next !== undefined) clock.advance(next)
    }
    await fed
  }
  return { ...under, screen, sent, type }
}

describe('EnterGate under masks', () => {
  it('sends Enter after a line that may run', async () => {
    const { type, sent, screen } = await echoing([CARDS])
    await type('show 4111 1111\r')
    expect(sent).toEqual(['show 4111 1111', '\r'])
    screen.dispose()
  })

  it('judges no line of which a mask hides a part: it is refused, cleared, and said why', async () => {
    const { type, sent, client, recorded, screen } = await echoing([CARDS])
    await type('pay 4111 1111 1111 1111\r')
    expect(sent).toEqual(['pay 4111 1111 1111 1111', '\x03'])
    const told = client.shown.map(({ text }) => text).join('')
    expect(told).toContain('a mask hides part of the line on the screen, so it cannot be read and judged')
    expect(recorded()).toContain(`denied: pay ${'•'.repeat(19)}`)
    expect(told + recorded()).not.toContain('1111')
    const events = await temporary.store.audit.list({ types: ['command.denied'], limit: 1 })
    expect(events[0]?.detail).toMatchObject({ text: `pay ${'•'.repeat(19)}` })
    screen.dispose()
  })

  it('runs the same line where nothing masks it', async () => {
    const { type, sent, screen } = await echoing([])
    await type('pay 4111 1111 1111 1111\r')
    expect(sent).toEqual(['pay 4111 1111 1111 1111', '\r'])
    screen.dispose()
  })
})
