import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Refusal } from '../../src/approval/desk.ts'
import type { Decision, Hold } from '../../src/core/hold.ts'
import { newHoldId } from '../../src/core/ids.ts'
import {
  approvedNotice,
  duration,
  hasColour,
  heldNotice,
  type NoticeStyle,
  questionNotice,
  refusedNotice,
  sessionNotice,
} from '../../src/session/notice.ts'
import { action, bob, hold, RULE } from '../approval/parts.ts'

const PLAIN: NoticeStyle = { newline: '\n', hasColour: false }
const RAW: NoticeStyle = { newline: '\r\n', hasColour: true }
const EVIL = '\u001b]8;;http://x\u0007\u001b]52;c;AA\u0007\u009b2J\u202e\u200b\r\n\u001b[1A\0'
const STEERS = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u

function held(over: Partial<Hold> = {}, text = 'rm -rf /srv/old'): Hold {
  const createdAt = new Date(0)
  return {
    id: newHoldId(),
    action: action({ text }),
    because: RULE,
    quorum: hold().quorum,
    message: undefined,
    createdAt,
    expiresAt: new Date(900_000),
    explanations: [],
    screen: [],
    decisions: [],
    state: { kind: 'pending' },
    ...over,
  }
}
const decision = (name: string): Decision => ({ kind: 'approve', by: { ...bob, name }, at: new Date(4200), reason: '' })
const refusal = (over: Partial<Refusal> = {}): Refusal => ({
  kind: 'refused',
  how: 'denied',
  message: 'not here',
  because: RULE,
  hold: undefined,
  ...over,
})

const WAYS = { hasKeys: true }
const broken = (text: string) =>
  held({
    quorum: {
      ...hold().quorum,
      glass: {
        who: [text],
        alert: [text],
        reviewers: [text],
        withinMs: 86_400_000,
        stepUp: { maxAgeMs: 300_000, acr: [] },
      },
    },
    decisions: [{ ...decision(text), kind: 'break-glass', at: new Date('2026-11-28T02:59:00Z') }],
  })

const everyNotice = (text: string, style: NoticeStyle): string =>
  [
    heldNotice(
      held(
        {
          message: text,
          because: { name: text, file: text, line: 3 },
          quorum: { ...hold().quorum, reviewers: [text] },
        },
        text,
      ),
      style,
      { hasKeys: false, glassPage: 'https://bastion.example/holds/h1' },
    ),
    approvedNotice(broken(text), style),
    questionNotice({ at: new Date(0), text, askedBy: decision(text).by }, held(), style),
    approvedNotice(held({ decisions: [decision(text)] }), style),
    refusedNotice(refusal({ message: text, because: { name: text, file: text, line: 3 } }), style),
    sessionNotice(text, style),
  ].join('')

describe('notices', () => {
  it('fault 39: no text from outside steers the terminal', () => {
    for (const text of [EVIL, `${EVIL}ok${EVIL}`]) {
      expect(everyNotice(text, PLAIN).replaceAll('\n', '')).not.toMatch(STEERS)
      const coloured = everyNotice(text, RAW).replace(/\u001b\[\d+m|\r\n/g, '')
      expect(coloured).not.toMatch(STEERS)
    }
  })

  it('fault 39: nor any other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(everyNotice(text, PLAIN).replaceAll('\n', '')).not.toMatch(STEERS)
      }),
    )
  })

  it('stay on as many lines as they have, and short, whatever is held', () => {
    const notice = heldNotice(held({}, `${'x\n'.repeat(10_000)}`), PLAIN, WAYS)
    expect(notice.split('\n')).toHaveLength(5)
    expect(notice.length).toBeLessThan(1000)
  })

  it('are at most 80 columns where the words are ours', () => {
    const all = [
      heldNotice(held(), PLAIN, { ...WAYS, glassPage: 'https://bastion.example/holds/h1' }),
      approvedNotice(held({ decisions: [decision('bob')] }), PLAIN),
      refusedNotice(refusal(), PLAIN),
      sessionNotice('The bastion is shutting down; connect again in a moment.', PLAIN),
    ].join('')
    for (const line of all.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
  })

  it('say what, why, who and how long', () => {
    const quorum = { ...hold().quorum, count: 2, reviewers: ['sre', 'dba'] }
    const notice = heldNotice(held({ quorum }), PLAIN, WAYS)
    expect(notice).toContain('■ held: rm -rf /srv/old\n')
    expect(notice).toContain('why    destroy · rule “risky” (policy.yaml:7)\n')
    expect(notice).toContain('asked  2 of sre or dba · waits 15 min · request h')
    expect(approvedNotice(held({ decisions: [decision('bob')] }), PLAIN)).toBe('✓ approved by bob after 4 s\n')
    expect(refusedNotice(refusal(), PLAIN)).toBe('✗ not run: not here · rule “risky” (policy.yaml:7)\n')
    expect(refusedNotice(refusal({ how: 'rejected' }), PLAIN)).toBe('✗ not run: not here\n')
  })

  it('say how the glass is broken, where that is theirs, and what follows', () => {
    const page = 'https://bastion.example/holds/h1'
    expect(heldNotice(held(), PLAIN, WAYS)).not.toContain('glass')
    expect(heldNotice(held(), PLAIN, { ...WAYS, glassPage: page })).toContain('If it cannot wait: b breaks the glass.')
    const exec = heldNotice(held(), PLAIN, { hasKeys: false, glassPage: page })
    expect(exec).toContain(`If it cannot wait: break the glass at ${page}\n`)
    expect(exec).toContain('Ctrl-C takes the request back.\n')
    expect(approvedNotice(broken('sre'), PLAIN)).toBe(
      '! you broke the glass; sre has to look at it until 2026-11-29 02:59 UTC\n',
    )
  })

  it('have no colour, nor anything else that a pipe would keep, without a terminal', () => {
    expect(everyNotice('x', PLAIN)).not.toMatch(/[\u001b\r]/)
    expect(everyNotice('x', RAW).match(/\u001b\[\d+m/g)?.length).toBeGreaterThan(0)
  })

  it('leave no colour on at the end of a line', () => {
    for (const line of everyNotice('x', RAW).split('\r\n')) {
      if (line.includes('\u001b[')) expect(line.endsWith('\u001b[0m')).toBe(true)
    }
  })

  it.each([
    ['xterm-256color', true],
    ['screen', true],
    ['dumb', false],
    ['', false],
    [undefined, false],
    ['vt52', false],
  ])('has %s colour: %s', (term, expected) => {
    expect(hasColour(term)).toBe(expected)
  })

  it.each([
    [-5, '0 ms'],
    [850, '850 ms'],
    [1000, '1 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_200_000, '2 h'],
  ])('writes %i ms as %s', (ms, expected) => {
    expect(duration(ms)).toBe(expected)
  })
})
