import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EXPLANATION_CHARACTERS } from '../../src/core/hold.ts'
import { InputGate } from '../../src/session/input-gate.ts'
import { type Edited, ReasonEditor } from '../../src/session/reason-editor.ts'

function typed(keys: string): { readonly text: string; readonly last: Edited | undefined } {
  const editor = new ReasonEditor()
  let last: Edited | undefined
  for (const byte of Buffer.from(keys)) last = editor.next(byte)
  return { text: editor.text, last }
}

describe('ReasonEditor', () => {
  it.each([
    ['plain text', 'ticket 4711', 'ticket 4711', 'changed'],
    ['characters of several bytes', 'é 漢 👍', 'é 漢 👍', 'changed'],
    ['Backspace over one of them', 'a漢\x7f', 'a', 'changed'],
    ['Ctrl-U', 'wrong\x15right', 'right', 'changed'],
    ['arrows, passed over', 'a\x1b[Db\x1bOC', 'ab', 'unchanged'],
    ['a paste of two lines, which does not send itself', '\x1b[200~one\rtwo\x1b[201~', 'one two', 'unchanged'],
    ['Enter', 'why\r', 'why', 'send'],
    ['Ctrl-C', 'why\x03', 'why', 'leave'],
    ['another control character', 'a\x02', 'a', 'refused'],
    ['an 8-bit control', 'a\u009b', 'a', 'refused'],
  ])('takes %s', (_what, keys, text, last) => {
    expect(typed(keys)).toEqual({ text, last })
  })

  it('takes as much as is kept', () => {
    expect(typed('x'.repeat(EXPLANATION_CHARACTERS + 1))).toEqual({
      text: 'x'.repeat(EXPLANATION_CHARACTERS),
      last: 'refused',
    })
  })

  it('never holds a control character, whatever is typed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const editor = new ReasonEditor()
        for (const byte of bytes) editor.next(byte)
        expect(editor.text).not.toMatch(/\p{Cc}/u)
        expect(editor.text.isWellFormed()).toBe(true)
      }),
    )
  })

  it('Esc is a key of its own where nothing follows', () => {
    const editor = new ReasonEditor()
    expect(editor.next(0x1b)).toBe('escape')
    expect(editor.settle()).toBe(true)
    expect(editor.next(0x1b)).toBe('escape')
    editor.next(0x5b)
    expect(editor.settle()).toBe(false)
  })
})

describe('InputGate with a prompt', () => {
  it('keeps and takes the same, however the bytes are cut', async () => {
    const keys = fc.array(
      fc.oneof(fc.constantFrom(...Buffer.from('r\rxa\x7f\x03\x1b[')), fc.integer({ min: 0x20, max: 0xff })),
      { maxLength: 40 },
    )
    const play = async (bytes: readonly number[], cuts: ReadonlySet<number>) => {
      const sent: number[] = []
      const said: string[] = []
      let editor: ReasonEditor | undefined
      let waits = true
      const gate = new InputGate({
        forward: async (piece) => void sent.push(...piece),
        onFull() {},
        onInterrupt: () => {
          const was = waits
          waits = false
          return was
        },
        prompt: {
          get isTaking() {
            return editor !== undefined
          },
          take(byte, isFirst) {
            if (editor === undefined) {
              if (byte !== 0x72 || !isFirst || !waits) return false
              editor = new ReasonEditor()
              return true
            }
            const edited = editor.next(byte)
            if (edited === 'send') said.push(editor.text)
            if (edited === 'send' || edited === 'leave') editor = undefined
            return true
          },
        },
      })
      let from = 0
      for (let at = 1; at <= bytes.length; at++) {
        if (at < bytes.length && !cuts.has(at)) continue
        await gate.feed(Uint8Array.from(bytes.slice(from, at)))
        from = at
      }
      gate.open()
      await gate.feed(new Uint8Array())
      return { sent, said, waits }
    }
    await fc.assert(
      fc.asyncProperty(keys, fc.array(fc.integer({ min: 1, max: 40 })), async (bytes, cuts) => {
        const whole = await play(bytes, new Set())
        expect(await play(bytes, new Set(cuts))).toEqual(whole)
        expect(await play(bytes, new Set(bytes.keys()))).toEqual(whole)
      }),
    )
  })
})
