/** What no reviewer can let through a gated zsh, and what must not be refused with it. */
import { describe, expect, it } from 'vitest'
import { forbiddenAtZshStart, forbiddenInZsh } from '../../../src/session/stepped/zsh-invariants.ts'

describe('the invariants of a gated zsh', () => {
  it.each([
    ['trap - DEBUG'],
    ["trap '' DEBUG"],
    ["trap 'rm x' USR1"],
    ['true && trap "rm x" EXIT'],
    ['builtin trap f INT'],
    ['trap - $x'],
    ['TRAPUSR1 () {\n\trm x\n}'],
    ["functions[TRAPUSR1]='rm x'"],
    ['functions[$x]=y'],
    ['functions=()'],
    ['options[debugbeforecmd]=off '],
    [': ${options[$x]::=off}'],
    [': ${(P)x::=off}'],
    ['unsetopt debugbeforecmd'],
    ['unsetopt DEBUG_BEFORE_CMD'],
    ["unsetopt de''bugbeforecmd"],
    ['setopt nodebug_beforecmd'],
    ['unsetopt $x'],
    ["unsetopt -m 'deb*'"],
    ['unfunction TRAPDEBUG'],
    ["unfunction -m 'TR*'"],
    ['unfunction $x'],
    ['unset -f $x'],
    ["unset -fm 'T*'"],
    ['disable -f f'],
    ["disable -r '[['"],
    ['functions -c f g'],
    ['typeset -fu $x'],
    ['export -fu $x'],
    ['builtin () {\n\t:\n}'],
    ['$f () {\n\t:\n}'],
    ['f builtin () {\n\t:\n}'],
    ['typeset -L 3 ZSH_DEBUG_CMD'],
    ['echo $__sallyport_key'],
    ['zmodload zsh/files'],
    ['zmodload -u zsh/net/tcp'],
    ['zmodload zsh/mapfile'],
    ['zmodload $x'],
    ['zle -N accept-line f'],
    ['zle .accept-line'],
    ["bindkey '^M' .accept-line"],
    ['hash ls=/bin/rm'],
    ['commands[ls]=/bin/rm'],
    ['precmd_functions=()'],
    ['for i in 1\ndo\n\ttrap "rm x" EXIT\ndone'],
  ])('refuses %j', (text) => {
    expect(forbiddenInZsh(text, [])).toBeTypeOf('string')
  })

  it.each([
    ['ls'],
    ['trap'],
    ['trap - INT'],
    ["trap '' HUP"],
    ['setopt autocd extendedglob'],
    ['set -x'],
    ['zmodload zsh/datetime'],
    ['zmodload -F zsh/stat b:zstat'],
    ['zle -N f'],
    ["bindkey '^T' f"],
    ['hash -d x=/srv'],
    ['echo $functions[f] $options[zle]'],
    ['f () {\n\tls\n}'],
    ['unset x'],
    ['unfunction f'],
    ['zle accept-line'],
  ])('leaves %j to the policy', (text) => {
    expect(forbiddenInZsh(text, [])).toBeUndefined()
  })

  it('lets start files add hooks and wrap widgets, but set no trap', () => {
    expect(forbiddenAtZshStart('precmd_functions+=(f) ')).toBeUndefined()
    expect(forbiddenAtZshStart('zle -N accept-line f')).toBeUndefined()
    expect(forbiddenAtZshStart('TRAPUSR1 () {\n\t:\n}')).toBeTypeOf('string')
    expect(forbiddenAtZshStart('zmodload zsh/files')).toBeTypeOf('string')
  })
})
