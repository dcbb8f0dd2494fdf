import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { policySchema } from '../../../src/policy/json-schema.ts'
import { helpAt, type Schema } from '../../../src/web/ui/src/schema-help.ts'
import { placeAt } from '../../../src/web/ui/src/yaml-place.ts'

const schema = policySchema() as Schema
/** `|` is the caret. */
const at = (text: string) => placeAt(text.replace('|', ''), text.indexOf('|'))
const helped = (text: string) => helpAt(schema, at(text))

describe('placeAt()', () => {
  it.each([
    ['ver|', [], 'ver'],
    ['version: 1|', [], 'version'],
    ['roles:\n  engineer: { gro|', ['roles', 'engineer'], 'gro'],
    ['roles:\n  engineer: { groups: [a|', ['roles', 'engineer', 'groups', '[]'], undefined],
    ['roles:\n  engineer: { groups: [a] }\n  |', ['roles'], undefined],
    ['rules:\n  - name: x|', ['rules', '[]'], 'name'],
    ['rules:\n  - name: x\n    th|', ['rules', '[]'], 'th'],
    ['rules:\n  - name: x\n    then:\n      hold:\n        rev|', ['rules', '[]', 'then', 'hold'], 'rev'],
    ['rules:\n  - name: x\n    then:\n      hold: { reviewers: [sre], exp|', ['rules', '[]', 'then', 'hold'], 'exp'],
    ['rules:\n  - { name: x, then: { hold: { sign|', ['rules', '[]', 'then', 'hold'], 'sign'],
    ['rules:\n  - { name: x, then: { hold: { sign: passkey } }, on|', ['rules', '[]'], 'on'],
    ['rules:\n  - name: x\n    who: [a]\n\n  # more\n  - na|', ['rules', '[]'], 'na'],
    ['rules:\n- name: x\n  wh|', ['rules', '[]'], 'wh'],
    ['permissions:\n  audit: [auditor]\nru|', [], 'ru'],
  ])('%j', (text, path, key) => {
    expect(at(text)).toEqual({ path, key })
  })

  it('finds each rule’s own key in the policy that comes with the bastion', () => {
    const text = readFileSync(new URL('../../../policies/default.yaml', import.meta.url), 'utf8')
    const places = [...text.matchAll(/^ +- name: /gm)].map(({ index, 0: found }) => placeAt(text, index + found.length))
    expect(places).toHaveLength(parse(text).rules.length)
    for (const place of places) expect(place).toEqual({ path: ['rules', '[]'], key: 'name' })
  })
})

describe('helpAt()', () => {
  it('names the keys that may stand there, and what the one under the caret is', () => {
    expect(helped('|').keys.map(({ name }) => name)).toEqual(['version', 'roles', 'permissions', 'changes', 'rules'])
    expect(helped('|').keys.find(({ name }) => name === 'rules')?.isRequired).toBe(true)
    const { about, keys } = helped('rules:\n  - name: x\n    then:\n      hold:\n        sign: |')
    expect(about).toEqual({ key: 'sign', text: expect.stringContaining('passkey'), values: ['passkey', 'optional'] })
    expect(keys.map(({ name }) => name)).toContain('reviewers')
    expect(helped('rules:\n  - name: x\n    then: |').about?.values).toEqual(['allow'])
    expect(helped('roles:\n  anybody: { |').keys.map(({ name }) => name)).toEqual(['groups'])
    expect(helped('nonsense:\n  - more: |')).toEqual({ about: undefined, keys: [] })
    expect(helped('constructor: |').about).toBeUndefined()
  })
})
