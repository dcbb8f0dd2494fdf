import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputGate, TYPE_AHEAD_LIMIT_BYTES } from '../../src/session/input-gate.ts'

function newGate(takesInterrupt = true) {
  const sent: number[] = []
  const log = { sent, full: 0, interrupts: 0 }
  const gate = new InputGate({
    async forward(bytes) {
      sent.push(...bytes)
    },
    onFull: () => log.full++,
    onInterrupt: () => {
      log.interrupts++
      return takesInterrupt
    },
  })
  return { gate, log }
}

const text = (bytes: readonly number[]) => Buffer.from(bytes).toString()

describe('InputGate', () => {
  it('starts shut: nothing is forwarded before it opens', async () => {
    const { gate, log } = newGate()
    await gate.feed(Buffer.from('ls\r'))
    expect(log.sent).toEqual([])
    gate.open()
    await gate.feed(Buffer.from('x'))
    expect(text(log.sent)).toBe('ls\rx')
  })

  it('keeps every byte in its order, however it is cut and whenever it is shut', async () => {
    const plain = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.map((byte) => (byte === 3 ? 4 : byte)))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(plain, fc.constantFrom('open', 'shut')), { maxLength: 30 }), async (steps) => {
        const { gate, log } = newGate()
        const fed: number[] = []
        let isShut = true
        for (const step of steps) {
          const before = log.sent.length
          if (step === 'open') gate.open()
          else if (step === 'shut') gate.shut()
          else {
            fed.push(...step)
            await gate.feed(step)
            if (isShut) expect(log.sent.length).toBe(before)
          }
          if (typeof step === 'string') isShut = step === 'shut'
          await Promise.resolve()
        }
        gate.open()
        await gate.feed(new Uint8Array())
        expect(log.sent).toEqual(fed)
      }),
    )
  })

  it('shut while forwarding: what has not gone yet stays', async () => {
    const sent: string[] = []
    const gate: InputGate = new InputGate({
      async forward(bytes) {
        sent.push(Buffer.from(bytes).toString())
        gate.shut()
        gate.putBack(Buffer.from('rest'))
      },
      onFull: () => {},
      onInterrupt: () => true,
    })
    gate.open()
    await gate.feed(Buffer.from('first'))
    await gate.feed(Buffer.from('second'))
    expect(sent).toEqual(['first'])
    gate.open()
    await gate.feed(new Uint8Array())
    expect(sent).toEqual(['first', 'rest'])
  })

  it('refuses what does not fit any more, and says so each time', async () => {
    const { gate, log } = newGate()
    await gate.feed(Buffer.alloc(TYPE_AHEAD_LIMIT_BYTES, 'a'))
    await gate.feed(Buffer.from('b'))
    expect(log.full).toBe(1)
    gate.open()
    await gate.feed(new Uint8Array())
    expect(log.sent).toHaveLength(TYPE_AHEAD_LIMIT_BYTES)
  })

  it('Ctrl-C drops what was typed before it, and is used up when somebody takes it', async () => {
    const { gate, log } = newGate()
    await gate.feed(Buffer.from('rm x\r\x03ls\r'))
    gate.open()
    await gate.feed(new Uint8Array())
    expect(log.interrupts).toBe(1)
    expect(text(log.sent)).toBe('ls\r')
  })

  it('Ctrl-C that nobody takes goes on in its turn', async () => {
    const { gate, log } = newGate(false)
    await gate.feed(Buffer.from('rm x\r\x03ls\r'))
    gate.open()
    await gate.feed(new Uint8Array())
    expect(text(log.sent)).toBe('\x03ls\r')
  })
})
