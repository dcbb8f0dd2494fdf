/** What a step of a zsh does by itself, as zsh 5.9 words it. */
import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { ofZshStep } from '../../src/shell/zsh-step.ts'

const analyse = createAnalyser(defaultCatalogue())
const effects = (text: string, more: { isFunctionCall?: boolean; isStarting?: boolean } = {}) =>
  ofZshStep({ text, isFunctionCall: false, isStarting: false, ...more }, analyse).effects

describe('a step of zsh', () => {
  it.each([
    ['ls -l | grep x && echo y'],
    ['for i in 1 2\ndo\n\trm $i\ndone'],
    ['(\n\trm q\n)'],
    ['{\n\trm q\n} | cat'],
    ['coproc {\n\trm q\n}'],
    ['f () {\n\trm q\n}'],
    ['if rm a\nthen\n\trm b\nfi'],
    ['echo $(rm q)'],
    ['cat <(rm q)'],
    ['setopt autocd'],
    ['emulate -L zsh'],
    ["printf '%s' ${terminfo[smkx]}"],
    ['print -r -- ${(j:,:)path}'],
    ['noglob ls'],
    ['[[ -n x ]]'],
  ])('leaves to other steps what they will tell: %s', (text) => {
    expect(effects(text).filter((effect) => effect !== 'read')).toEqual([])
  })

  it.each([
    ['true | rm q | cat', 'destroy'],
    ['true && rm q', 'destroy'],
    ['coproc rm q', 'destroy'],
    ['time rm q', 'destroy'],
    ['! rm q', 'destroy'],
    ['noglob rm q', 'destroy'],
    ['- rm q', 'destroy'],
    ['noglob - rm q', 'destroy'],
    ['{\n\t:\n} > /srv/x', 'destroy'],
    ['for i in \ndo\n\t:\ndone > /srv/x', 'destroy'],
    ['[[ -n x ]] > /srv/x', 'destroy'],
    [' > /srv/x', 'destroy'],
    ['print x > /srv/x', 'destroy'],
    ['repeat 2\ndo\n\trm q\ndone', 'opaque'],
    ['{\n\ttrue\n} always {\n\trm q\n}', 'opaque'],
    ['echo x >&| /srv/x', 'opaque'],
    ['path=(/tmp/bin $path) ', 'opaque'],
    ['STTY=sane ls', 'opaque'],
    ['echo ${x::=y}', 'opaque'],
    ['$x q', 'opaque'],
    ['=rm q', 'unknown'],
    ['zf_rm q', 'unknown'],
    ['emulate sh -c "rm q"', 'unknown'],
    ['unfunction rm && rm q', 'destroy'],
    ['f() {\n\t:\n} > /srv/x', 'destroy'],
  ])('says what %j does: %s', (text, effect) => {
    expect(effects(text)).toContain(effect)
  })

  it('believes in a function only where the call is all there is', () => {
    expect(effects('rm -f q', { isFunctionCall: true })).not.toContain('destroy')
    expect(effects('rm && rm -f q', { isFunctionCall: true })).toContain('destroy')
    expect(effects('rm -f q > /srv/x', { isFunctionCall: true })).toContain('destroy')
  })

  it('does not know in a start file what a redirection alone runs', () => {
    expect(effects(' < /etc/passwd', { isStarting: true })).toContain('opaque')
    expect(effects(' < /etc/passwd')).not.toContain('opaque')
  })
})
