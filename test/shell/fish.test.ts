import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { analyseFish, type FishFunctions, readFish } from '../../src/shell/fish.ts'

const none: FishFunctions = { system: new Set(), session: new Set() }
const analyse = createAnalyser(defaultCatalogue())
const effects = (text: string, functions = none) => analyseFish(text, functions, analyse).effects

/** Words that the common part takes; both shells must make the same of them. */
const WORDS = [
  'plain',
  'a/b.c:d,e+f@g=h%i-j',
  "'a b'",
  "'$x (y) {z} * ? \\\"'".replace('\\', ''),
  '"a b"',
  '"a (b) {c} * ? [d] ~ # \'"',
  '""',
  "''",
  `a'b'"c"`,
  'a\\ b',
  '\\$x',
  '\\*',
  '\\(\\)',
  '\\#',
  '\\&\\;\\|\\<\\>',
  '\\\\',
  `\\'\\"`,
  '~',
  '~/x',
  '"$HOME"',
  '"[$HOME/x]"',
  '$HOME',
  '/et*',
  '漢字とかな',
  'naïve/caf\u0065\u0301',
]

describe('readFish()', () => {
  it.each(WORDS)('takes %s, which fish and bash read alike', (word) => {
    const line = `printf '<%s>' ${word}`
    expect(readFish(line, none)).toEqual({ kind: 'same', text: line })
    const env = { PATH: process.env.PATH ?? '', HOME: '/home/someone' }
    const inFish = spawnSync('fish', ['--no-config', '-c', line], { env, encoding: 'utf8' })
    const inBash = spawnSync('bash', ['--norc', '-c', line], { env, encoding: 'utf8' })
    expect(inFish.status).toBe(0)
    expect(inFish.stdout).toBe(inBash.stdout)
  })

  it.each([
    'echo (ls)',
    'echo $(ls)',
    'echo "$(ls)"',
    'echo {a,b}',
    'echo $x[1]',
    'echo "$x[1]"',
    'echo a$x',
    'echo $$x',
    'echo **',
    'echo a?',
    'echo [a]',
    'echo \\x41',
    "echo 'a\\'b'",
    'echo "a\\"b"',
    'echo `ls`',
    'echo %self',
    'echo a~',
    'echo !x',
    'echo a ^ b',
    'echo a&ls',
    'echo a#b',
    'ls &| cat',
    'ls 2>| cat',
    'ls >| x',
    'ls >? x',
    'ls <? x',
    'ls &> x',
    '> x',
    'x=1 ls',
    '$x',
    "l's'",
    'begin; ls; end',
    'if true; ls; end',
    'and ls',
    'not ls',
    'time ls',
    'exec ls',
    'eval ls',
    'source x',
    '. x',
    'set PATH /x',
    'set fish_function_path x',
    'set -x editor vi',
    'set -U x 1',
    'set',
    "string match -r '(?<x>.)' a",
    'ls;; ls',
    'ls |',
    'ls &&',
    'ls | \nls',
    'bind x y',
    '/x/[ a',
  ])('does not take %j', (line) => {
    expect(readFish(line, none).kind).toBe('opaque')
    expect(effects(line)).toContain('opaque')
  })
})

describe('analyseFish()', () => {
  it.each([
    ['ls -la', ['read']],
    ['ls | grep x; pwd', ['read']],
    ['ll', ['read']],
    ['string upper a | count', ['read']],
    ['math 1 + 2', ['read']],
    ['rm -rf /srv/x', ['destroy']],
    ['echo a > x', ['read', 'destroy']],
    ['ls # rm x', ['read']],
    ['# rm x', []],
    ['ls\npwd', ['read']],
  ])('finds in %j what it does', (line, expected) => {
    expect(effects(line)).toEqual(expected)
  })

  it('shows the words of the line, not those that the analysis was given', () => {
    const { commands } = analyseFish('string upper a', none, analyse)
    expect(commands[0]).toMatchObject({ name: 'string', text: 'string upper a' })
  })

  it('does not know what a function of the session does, nor one of fish’s that it has not heard of', () => {
    expect(effects('ls', { ...none, session: new Set(['ls']) })).toContain('opaque')
    expect(effects('ls', { ...none, system: new Set(['ls']) })).toEqual(['read'])
    expect(effects('open x', { ...none, system: new Set(['open']) })).toContain('opaque')
  })
})
