import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'

const analyse = createAnalyser(defaultCatalogue())
const namesOf = (text: string) => analyse(text).commands.map(({ name }) => name)

describe('createAnalyser()', () => {
  it('gives each command its place in the text', () => {
    const text = 'cd /srv && rm -rf "$(cat list)" > out'
    for (const command of analyse(text).commands) expect(text.slice(command.start, command.end)).toBe(command.text)
    expect(namesOf(text)).toEqual(['cd', 'rm', 'cat'])
  })

  it('gives a command within a quoted text the place of that word', () => {
    const text = "sudo bash -c 'ls; rm -rf /srv'"
    const rm = analyse(text).commands.at(-1)
    expect(rm).toMatchObject({ name: 'rm', text: 'rm -rf /srv', effects: ['destroy'] })
    expect(text.slice(rm?.start, rm?.end)).toBe("'ls; rm -rf /srv'")
  })

  it('names wrappers and what they run, outside first', () => {
    expect(namesOf("env A=b nohup timeout 5 sh -c 'find . -exec rm {} +'")).toEqual([
      'env',
      'nohup',
      'timeout',
      'sh',
      'find',
      'rm',
    ])
  })

  it('says why', () => {
    expect(analyse('frobnicate').commands[0]?.because).toContain('not in the catalogue')
    expect(analyse('"$x"').commands[0]?.because).toContain('which command runs is not known')
    expect(analyse('rm x').commands[0]?.because).toBe('rm (coreutils)')
  })

  it('has nothing to say of nothing', () => {
    expect(analyse('')).toEqual({ commands: [], effects: [], objects: [] })
    expect(analyse(' # only a comment')).toEqual({ commands: [], effects: [], objects: [] })
  })
})

describe('bounds', () => {
  it.each([
    ['64 KiB', 'a'.repeat(64 * 1024 + 1)],
    ['commands', 'ls;'.repeat(2000)],
    ['words', `rm ${'x '.repeat(5000)}`],
    ['nesting of texts', Array.from({ length: 40 }).reduce<string>((text) => `eval ${text}`, 'ls')],
    ['nesting of substitutions', `${'echo $('.repeat(60)}ls${')'.repeat(60)}`],
    ['open expansions', `ls ${'${x:-'.repeat(300)}`],
    ['here-documents', `cat ${'<<E '.repeat(500)}`],
    ['parentheses', `${'('.repeat(20_000)}ls`],
    ['function heads', 'f() '.repeat(20_000)],
  ])('%s: what is over them is opaque', (_, text) => {
    expect(analyse(text).effects).toContain('opaque')
  })

  it('keeps what was found before', () => {
    expect(analyse(`rm x; ${'ls;'.repeat(2000)}`).effects).toEqual(['read', 'destroy', 'opaque'])
    expect(analyse(`rm x; f() { ${'ls;'.repeat(2000)} }`).effects).toEqual(['read', 'destroy', 'opaque'])
  })
})
