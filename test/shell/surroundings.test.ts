/** What an analysis makes of things that the text does not say: what variables hold, and what the gate has secured. */
import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue, extendCatalogue } from '../../src/shell/catalogue/catalogue.ts'

const analyse = createAnalyser(defaultCatalogue())

describe('variables that hold one plain word', () => {
  const plain = new Set(['u', 'f'])

  it.each([
    ['systemctl is-active "$u"', ['read']],
    ['systemctl is-active $u', ['read']],
    ['git log --oneline ${u}..HEAD', ['read']],
    ['rm "$f"', ['destroy']],
  ] as const)('makes no option of them: %s', (text, effects) => {
    expect(analyse(text, { plain }).effects).toEqual(effects)
    expect(analyse(text).effects).not.toEqual(['read'])
  })

  it.each([
    ['another variable', 'systemctl is-active "$other"'],
    ['arithmetic, which evaluates what it holds', 'echo $((u))'],
    ['indirection', 'systemctl is-active "${!u}"'],
    ['an assignment on the way', 'u=$x; systemctl is-active "$u"'],
    ['a change within the word', 'systemctl is-active "${u/a/-}"'],
    ['a file to write to', 'echo x >> "$f"'],
  ])('but says nothing of %s', (_, text) => {
    const { effects } = analyse(text, { plain })
    expect(effects).toEqual(analyse(text).effects)
    expect(effects).not.toEqual(['read'])
  })

  it('does not make a command of them', () => {
    expect(analyse('$u x', { plain }).effects).toContain('opaque')
  })

  it('says nothing of what bash gives a value by itself', () => {
    const text = 'systemctl is-active "$REPLY"'
    expect(analyse(text, { plain: new Set(['REPLY']) })).toEqual(analyse(text))
  })
})

describe('variables that hold digits', () => {
  const digits = new Set(['i', 'n'])

  it.each(['i=$((i + 1))', '((i++))', 'echo $((i * 2)) "$i"', 'echo $((n / 2)) | tail -n $n'])(
    'may stand in arithmetic: %s',
    (text) => {
      expect(analyse(text, { digits }).effects).toEqual(['read'])
      expect(analyse(text).effects).not.toEqual(['read'])
    },
  )

  it.each([
    ['an element, of which the first tells nothing', 'echo $((i[1]))'],
    ['an element in a subscript', 'echo $((1 + i [n]))'],
    ['another variable', 'echo $((i + j))'],
    ['what was assigned on the way', 'i=$x; echo $((i))'],
    ['indirection', 'echo $((${!i}))'],
  ])('but not %s', (_, text) => {
    expect(analyse(text, { digits }).effects).toContain('opaque')
  })

  it('says nothing of what bash gives a value by itself', () => {
    expect(analyse('echo $((REPLY))', { digits: new Set(['REPLY']) }).effects).toContain('opaque')
  })
})

describe('a pager that the gate has secured', () => {
  const secured = new Set(['less'])

  it.each([
    'less /var/log/syslog',
    'less +G -S /srv/log',
    'journalctl -b | less -R',
    'less -- "$f"',
    'less -- "$(ls)" </x',
  ])('only reads: %s', (text) => {
    expect(analyse(text, { secured }).effects).toEqual(['read'])
    expect(analyse(text).effects).toContain('escape')
  })

  it.each([
    'sudo less /x',
    'env -u LESSSECURE less /x',
    'command less /x',
    'xargs less',
    'find . -exec less {} +',
    "bash -c 'less /x'",
    'LESSSECURE= less /x',
    "LESSOPEN='|rm %s' less /x",
    '/tmp/less /x',
    '/usr/bin/less /x',
    'less $f',
    'less -k keys /x',
    'less -o /srv/log /x',
    'less --lesskey-content=x /x',
    'less -t tag',
    "less '+!sh' /x",
    'more /x',
    'most /x',
    'less () { rm x; }; less /x',
    'alias less=vim; less /x',
  ])('is an escape, or worse: %s', (text) => {
    expect(analyse(text, { secured }).effects).not.toEqual(['read'])
  })

  it('is what a catalogue of one’s own says', () => {
    const own = { families: [{ name: 'own', sources: [], commands: { less: 'escape' as const } }] }
    const ours = createAnalyser(extendCatalogue(defaultCatalogue(), own))
    expect(ours('less /x', { secured }).effects).toEqual(['escape'])
  })
})
