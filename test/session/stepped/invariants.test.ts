import { describe, expect, it } from 'vitest'
import { forbiddenAtStart, forbiddenInGate } from '../../../src/session/stepped/invariants.ts'
import { parseable } from '../../../src/session/stepped/step-text.ts'
import { createAnalyser } from '../../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../../src/shell/catalogue/catalogue.ts'

const analyse = createAnalyser(defaultCatalogue())
const isForbidden = (text: string) => forbiddenInGate(text, analyse(text).commands) !== undefined

describe('forbiddenInGate()', () => {
  it.each([
    'trap - DEBUG',
    "trap '' DEBUG",
    "trap 'ls' DEBUG",
    "trap - DE''BUG",
    'trap - SIGINT DEBUG',
    'trap - $x',
    'builtin trap - DEBUG',
    'command -p trap - DEBUG',
    'shopt -u extdebug',
    'shopt -qu extdebug',
    'shopt -u $x',
    'set +T',
    'set +eT',
    'set +o functrace',
    'set $x',
    'enable -n trap',
    'enable -f ./x.so x',
    'bind -x \'"\\C-t": rm\'',
    'bind \'"\\C-m": accept-line\'',
    'hash -p /bin/rm ls',
    'PROMPT_COMMAND=x',
    'PROMPT_COMMAND+=(x)',
    'unset PROMPT_COMMAND',
    'POSIXLY_CORRECT=1',
    'readonly POSIXLY_CORRECT',
    'readonly FUNCNEST=1',
    'declare -r FUNCNEST',
    'export COMP_LINE=x',
    'echo $__sallyport_key',
    '__sallyport_gate() { :; }',
    "eval 'trap - DEBUG'",
    'trap',
    'trap -p',
    "trap 'ls' USR1",
    'trap ls RETURN',
    'trap ls EXIT ERR',
    'trap -- ls INT',
    'trap - $x EXIT',
    'trap ls $x EXIT',
    'trap - {DEBUG,INT}',
    'trap - DEBU?',
    'readonly "$a$b"',
    'declare -n "$x"=y',
    'declare -i __sally$x',
    'printf -v "$a" %s x',
    'printf -v"$a" %s x',
    'read -r "$x"',
    'mapfile $x',
    'unset -v "BASH_$x"',
    'builtin unset "$x"',
    'export "$x=1"',
  ])('forbids %s', (text) => {
    expect(isForbidden(text)).toBe(true)
  })

  it.each([
    'trap -p EXIT',
    "trap 'echo bye' EXIT",
    'trap "rm -f $tmp" EXIT',
    'trap - INT',
    "trap '' INT TERM",
    'export FOO_$x=1',
    'export PATH=$PATH:/opt/bin',
    'read -r -p "$question" answer',
    "printf '%s %s' $a $b",
    'unset "x$y"',
    'declare -a list=($x)',
    'shopt',
    'shopt -s histappend',
    'shopt -q login_shell',
    'set -e',
    'set +e',
    'set -o pipefail',
    'set -- $args',
    'enable',
    'enable -a',
    'bind -p',
    'hash -r',
    'export PATH',
    'unset x',
    'read -r line',
    'echo trap - DEBUG',
    'ls debug',
  ])('leaves %s to the policy', (text) => {
    expect(isForbidden(text)).toBe(false)
  })

  it('lets start files set a prompt command and bind keys, and nothing else of it', () => {
    expect(forbiddenAtStart('PROMPT_COMMAND="history -a"')).toBeUndefined()
    expect(forbiddenAtStart('bind \'"\\e[A": history-search-backward\'')).toBeUndefined()
    expect(forbiddenAtStart('trap - DEBUG')).toBeDefined()
    expect(forbiddenAtStart('__sallyport_key=x')).toBeDefined()
  })
})

describe('parseable()', () => {
  it.each([
    ['for i in 1 2', []],
    ['for i in $(rm x)', ['destroy', 'read']],
    ['for f', []],
    ['select x in a b', []],
    ['case "$x" in ', []],
    ['case $(rm x) in ', ['destroy']],
    // A variable's value is evaluated as an expression, which may hold a substitution (bash manual, "Shell Arithmetic").
    ['((i < 3))', ['opaque']],
    ['[[ -n $x ]]', []],
  ])('lets the head %s be read for its own effects', (step, effects) => {
    const found = analyse(parseable(step)).effects.filter((effect) => effect !== 'read')
    expect(found).toEqual(effects.filter((effect) => effect !== 'read'))
  })

  it('leaves a simple command as it is', () => {
    expect(parseable('rm -rf x')).toBe('rm -rf x')
    expect(parseable('for_each x')).toBe('for_each x')
  })
})
