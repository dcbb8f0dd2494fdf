import { describe, expect, it } from 'vitest'
import { readCast } from '../../../src/web/ui/src/cast.ts'
import { countdown, duration } from '../../../src/web/ui/src/duration.ts'
import { EXAMPLE_CAST } from '../example-cast.ts'

describe('readCast()', () => {
  it('finds the markers at their times', () => {
    const { markers, isEmpty } = readCast(EXAMPLE_CAST)
    expect(isEmpty).toBe(false)
    expect(markers.map(({ seconds, label }) => [Math.round(seconds), label])).toEqual([
      [3, 'held: rm -rf /srv/data/old'],
      [77, 'approved by Bob Bell'],
    ])
  })

  it('leaves out the line that is still being written, wherever it stops', () => {
    const whole = EXAMPLE_CAST.split('\n')
    for (let length = 0; length < EXAMPLE_CAST.length; length += 7) {
      const { text } = readCast(EXAMPLE_CAST.slice(0, length))
      expect(text === '' || text.endsWith('\n')).toBe(true)
      expect(text.split('\n').slice(0, -1)).toEqual(whole.slice(0, text.split('\n').length - 1))
    }
  })

  it('says when there is nothing to play', () => {
    expect(readCast('').isEmpty).toBe(true)
    expect(readCast('{"version":3}\n').isEmpty).toBe(true)
    expect(readCast('{"version":3}\n# a comment\n').isEmpty).toBe(true)
  })
})

describe('times for people', () => {
  it.each([
    [899_001, '15:00'],
    [61_000, '1:01'],
    [59_000, '0:59'],
    [500, '0:01'],
    [0, '0:00'],
    [-5, '0:00'],
    [7_325_000, '2:02:05'],
  ])('countdown(%i) is %s', (ms, text) => {
    expect(countdown(ms)).toBe(text)
  })

  it.each([
    [0, '0 s'],
    [90_000, '1 min 30 s'],
    [3_840_000, '1 h 4 min'],
  ])('duration(%i) is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})
