import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { policySchema, policyTestSchema, printSchema } from '../../src/policy/json-schema.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { plainPolicy } from './arbitrary.ts'
import { isValid } from './json-schema.ts'

const folder = new URL('../../policies/', import.meta.url)
const files = ['', 'examples/'].flatMap((under) =>
  readdirSync(new URL(under, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${under}${name}`),
)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')

describe('the published schemas', () => {
  // After a change of the language: vitest … test/policy/json-schema.test.ts -u
  it('are what the language says now', async () => {
    await expect(printSchema(policySchema())).toMatchFileSnapshot('../../policies/policy.schema.json')
    await expect(printSchema(policyTestSchema())).toMatchFileSnapshot('../../policies/policy-test.schema.json')
  })

  it.each(files)('accept %s', (name) => {
    expect(isValid(name.endsWith('.test.yaml') ? policyTestSchema() : policySchema(), parse(read(name)))).toBe(true)
  })

  it('accept every policy that the parser accepts', () => {
    fc.assert(
      fc.property(plainPolicy, (plain) => {
        const text = stringify(plain, { aliasDuplicateObjects: false })
        expect(parsePolicy({ text, file: 'f' }).kind).toBe('ok')
        expect(isValid(policySchema(), parse(text))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('refuse a changed policy exactly when the parser does, where a schema can express it', () => {
    fc.assert(
      fc.property(plainPolicy, fc.nat(), fc.constantFrom(...CHANGES), (plain, pick, change) => {
        const copy: unknown = structuredClone(plain)
        const places = placesIn(copy)
        const place = places[pick % places.length]!
        change(place)
        const text = stringify(copy, { aliasDuplicateObjects: false })
        const problems = problemsOf(text)
        const isExpressible = problems.length === 0 || problems.some((message) => !BEYOND_SCHEMA.test(message))
        fc.pre(isExpressible)
        expect({ text, isValid: isValid(policySchema(), parse(text)) }).toEqual({
          text,
          isValid: problems.length === 0,
        })
      }),
      { numRuns: 250 },
    )
  })
})

/** What only the parser knows: other parts of the file, and words with a syntax that no regular expression tells. */
const BEYOND_SCHEMA =
  /there is no role|may be recorded less than whole|has the name|has a mask|cannot be used|cannot come from|expires before anybody|opens no session|cannot stand where|the rule denies|the time window/

interface Place {
  readonly holder: Record<string | number, unknown>
  readonly key: string | number
}

const CHANGES: readonly ((place: Place) => void)[] = [
  ({ holder, key }) => (holder[key] = 7),
  ({ holder, key }) => (holder[key] = null),
  ({ holder, key }) => (holder[key] = 'nonsense here'),
  ({ holder, key }) => (holder[key] = []),
  ({ holder, key }) => (holder[key] = {}),
  ({ holder, key }) => (holder[key] = [holder[key]]),
  ({ holder, key }) => (holder[key] = { nonsense: holder[key] }),
  ({ holder, key }) => {
    if (!Array.isArray(holder)) delete holder[key]
  },
  ({ holder, key }) => {
    if (!Array.isArray(holder)) holder[`${key}x`] = holder[key]
  },
]

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string | number, unknown>
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])])
}

function problemsOf(text: string): readonly string[] {
  const result = parsePolicy({ text, file: 'f' })
  return result.kind === 'broken' ? result.problems.map(({ message }) => message) : []
}
