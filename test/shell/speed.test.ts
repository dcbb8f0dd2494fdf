/** The bounds that `npm run bench` measures, with room for a busy machine: what is found here is a square, not a factor. */
import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { SLOW } from '../bench/shell.bench.ts'

const analyse = createAnalyser(defaultCatalogue())

describe('texts of 64 KiB that are built to be slow', () => {
  it.each(Object.entries(SLOW))('%s', (_, text) => {
    analyse(text)
    const times = [1, 2, 3, 4, 5].map(() => {
      const before = process.cpuUsage()
      analyse(text)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    })
    expect(Math.min(...times)).toBeLessThan(50)
  })
})
