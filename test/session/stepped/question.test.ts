import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatAnswer,
  GO,
  MAX_QUESTION_BYTES,
  NO,
  newKeys,
  parseQuestion,
  readQuestion,
} from '../../../src/session/stepped/question.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const bytes = (text: string) => Buffer.from(text)
const good = (text: string, head = `${KEY} step 7 4242 - 0`) => bytes(`${head} ${text}\0`)

async function* input(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces
}

describe('parseQuestion()', () => {
  it('reads a step', () => {
    expect(parseQuestion(good('rm -rf x'), KEY)).toEqual({
      kind: 'step',
      counter: 7,
      pid: 4242,
      isCompletion: false,
      isSubshell: false,
      isFunctionCall: false,
      isKept: false,
      status: 0,
      text: 'rm -rf x',
      plain: new Set(),
      digits: new Set(),
    })
  })

  it('reads which variables hold one plain word, and believes only names', () => {
    const told = (text: string) => parseQuestion(good(text, `${KEY} told 7 4242 - 0`), KEY)
    expect(told(' unit f\nsystemctl is-active "$unit"')).toMatchObject({
      kind: 'told',
      text: 'systemctl is-active "$unit"',
      plain: new Set(['unit', 'f']),
    })
    expect(told('\na\nb')).toMatchObject({ text: 'a\nb', plain: new Set() })
    expect(told(' a[$(x)] 1 b\nx')).toMatchObject({ text: 'x', plain: new Set(['b']) })
    expect(told(' i# f a[0]# #\nx')).toMatchObject({ plain: new Set(['f']), digits: new Set(['i']) })
    expect(told('no line feed')).toMatchObject({ text: 'no line feed', plain: new Set() })
  })

  it('reads flags, status and a text of several lines', () => {
    const question = parseQuestion(good('a\nb', `${KEY} line 1 1 -csfk 130`), KEY)
    expect(question).toMatchObject({
      kind: 'line',
      isCompletion: true,
      isSubshell: true,
      isFunctionCall: true,
      isKept: true,
      status: 130,
      text: 'a\nb',
    })
  })

  it.each([
    ['another key', good('x', `${'f'.repeat(32)} step 7 4242 - 0`)],
    ['no key', good('x', 'step 7 4242 - 0')],
    ['a kind that there is not', good('x', `${KEY} go 7 4242 - 0`)],
    ['a negative counter', good('x', `${KEY} step -7 4242 - 0`)],
    ['a counter beyond any session', good('x', `${KEY} step 9999999999 4242 - 0`)],
    ['flags in another order', good('x', `${KEY} step 7 4242 -fc 0`)],
    ['something after its end', bytes(`${KEY} step 7 4242 - 0 x\0more`)],
    ['two questions', Buffer.concat([good('x'), good('y')])],
    ['no end', bytes(`${KEY} step 7 4242 - 0 x`)],
    ['no text', bytes(`${KEY} step 7 4242 - 0\0`)],
    ['nothing', bytes('')],
  ])('refuses %s', (_what, question) => {
    expect(parseQuestion(question, KEY)).toBeUndefined()
  })

  it('makes bytes that are not UTF-8 visible to the analysis instead of dropping them', () => {
    const question = parseQuestion(
      Buffer.concat([bytes(`${KEY} step 7 4242 - 0 rm `), Buffer.of(0xff), Buffer.of(0)]),
      KEY,
    )
    expect(question?.text).toBe('rm \ufffd')
  })

  it('never throws, and believes nothing without the key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(parseQuestion(noise, KEY)).toBeUndefined()
      }),
    )
  })
})

describe('readQuestion()', () => {
  it('reads the same question however it is cut', async () => {
    const whole = good('echo "ünïcode" && ls')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 6 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), whole.length]
        const pieces = at.slice(1).map((end, index) => whole.subarray(at[index], end))
        expect(await readQuestion(input(pieces), KEY)).toMatchObject({ text: 'echo "ünïcode" && ls' })
      }),
      { numRuns: 50 },
    )
  })

  it('reads one question after the other, and tells an end from somebody else', async () => {
    const kept = input([good('one'), good('two')])
    expect(await readQuestion(kept, KEY)).toMatchObject({ text: 'one' })
    expect(await readQuestion(kept, KEY)).toMatchObject({ text: 'two' })
    expect(await readQuestion(kept, KEY)).toBe('nothing')
    expect(await readQuestion(input([bytes('GET / HTTP/1.1')]), KEY)).toBe('foreign')
  })

  it('gives up on a question that does not end', async () => {
    const endless = (function* () {
      for (let sent = 0; sent < MAX_QUESTION_BYTES * 4; sent += 65_536) yield Buffer.alloc(65_536, 'x')
      throw new Error('it read on for ever')
    })()
    expect(await readQuestion(input(endless), KEY)).toBe('foreign')
  })
})

describe('an answer', () => {
  it('names the key and the counter of its question', () => {
    const question = parseQuestion(good('ls'), KEY)!
    expect(Buffer.from(formatAnswer(question, KEY, GO)).toString()).toBe(`${KEY} 7 go\n\0`)
    expect(Buffer.from(formatAnswer(question, KEY, NO)).toString()).toBe(`${KEY} 7 no\n\0`)
  })

  it('carries what may run without a question, but no text of several lines, which would be several to the shell', () => {
    const question = parseQuestion(good('ls'), KEY)!
    const answer = { word: 'go', ahead: ['cat a', 'cat <<E\n- rm b\nE', 'ls\0', 'echo $i'] } as const
    expect(Buffer.from(formatAnswer(question, KEY, answer)).toString()).toBe(`${KEY} 7 go\n- cat a\n- echo $i\n\0`)
  })

  it('has a key of 128 bits that is never the same, and never that of its question', () => {
    const keys = Array.from({ length: 100 }, newKeys).flatMap(({ ask, answer }) => [ask, answer])
    expect(new Set(keys).size).toBe(200)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
  })
})
