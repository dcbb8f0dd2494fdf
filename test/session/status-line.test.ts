import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hold } from '../../src/core/hold.ts'
import { newHoldId } from '../../src/core/ids.ts'
import { clockTime, statusText } from '../../src/session/status-line.ts'
import { cellWidth } from '../../src/terminal/width.ts'
import { action, hold, RULE } from '../approval/parts.ts'

function held(text: string): Hold {
  return {
    id: newHoldId(),
    action: action({ text }),
    because: RULE,
    quorum: hold().quorum,
    message: undefined,
    createdAt: new Date(0),
    expiresAt: new Date(900_000),
    explanations: [],
    screen: [],
    decisions: [],
    state: { kind: 'pending' },
  }
}
const facts = (text: string) => ({
  hold: held(text),
  ways: { hasKeys: true },
  others: 0,
  online: ['bob'],
  nowMs: 2_000,
  typedAhead: 0,
})

describe('the status line', () => {
  it('says what, why, who is asked and online, how long and which key', () => {
    const text = statusText(facts('rm -rf /srv/x'), 200)
    expect(text).toContain('■ held: rm -rf /srv/x · rule “risky” · asked sre (bob online) · 14:58 left')
    expect(text).toContain('Ctrl-C takes it back · r adds a reason · request h')
  })

  it('keeps the command, the time and the key where there is little room', () => {
    expect(statusText(facts('rm -rf /srv/x'), 46)).toBe('■ held: rm -rf /srv/x · 14:58 left · ^C back')
  })

  it('offers b where the glass is theirs to break, the page where no key is heard, and nothing behind what is typed', () => {
    const glassPage = 'https://bastion.example/holds/h12345678'
    const theirs = { ...facts('rm -rf /srv/x'), ways: { hasKeys: true, glassPage } }
    expect(statusText(theirs, 200)).toContain(' · r adds a reason · b breaks the glass · request')
    expect(statusText(theirs, 90)).toContain(' · ^C back · r reason · b break glass')
    expect(statusText({ ...theirs, typedAhead: 3 }, 200)).not.toContain('b breaks')
    expect(statusText({ ...theirs, ways: { hasKeys: false, glassPage } }, 200)).toContain(
      `break the glass at ${glassPage}`,
    )
  })

  it('keeps an address that has to be opened, also on 80 columns beside a long command', () => {
    const word = 'open https://bastion.example.com/holds/h12345678'
    expect(statusText({ ...facts('rm -rf /srv/data/very/old/things'), word }, 80)).toContain(word)
  })

  it('never takes more room than there is, whatever the command is, and steers nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 150 }), (text, room) => {
        const line = statusText(facts(text), room)
        expect(cellWidth(line)).toBeLessThanOrEqual(room)
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u)
      }),
    )
  })

  it.each([
    [-1, '0:00'],
    [1, '0:01'],
    [898_000, '14:58'],
    [7_380_000, '2:03:00'],
  ])('writes %i ms as %s', (ms, expected) => {
    expect(clockTime(ms)).toBe(expected)
  })
})
