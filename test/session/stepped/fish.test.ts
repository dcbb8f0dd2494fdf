import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { fish } from '../../../src/session/stepped/fish.ts'
import { fishInit, fishLauncher } from '../../../src/session/stepped/fish-init.ts'
import { createAnalyser } from '../../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../../src/shell/catalogue/catalogue.ts'

const analyse = createAnalyser(defaultCatalogue())

describe('fish.forbidden()', () => {
  it.each([
    'bind \\cx execute',
    "'bi'nd \\cx execute",
    'builtin bind \\cx execute',
    'true; and bind x y',
    'echo (bind)',
    'abbr -a x y',
    'block -g',
    'breakpoint',
    'commandline -f execute',
    'emit fish_preexec',
    'fish_vi_key_bindings',
    'functions -e x',
    'functions --erase x',
    'functions -c a b',
    'function x --on-event fish_prompt; end',
    'function x -e fish_prompt; end',
    'function fish_prompt; end',
    'set -g fish_function_path x',
    'set --show',
    'set',
    'set -S; ls',
    'echo $__sallyport_key',
    'functions __sally""port_check',
    'kill -9 $fish_pid',
    'kill -9 %self',
  ])('denies %j', (line) => {
    expect(fish.forbidden(line, [])).toBeDefined()
  })

  it.each([
    'ls',
    'echo bind',
    'grep -r abbr .',
    'man bind',
    'git commit -m "block the emit"',
    'set x 1',
    'set -gx EDITOR vi',
    'functions',
    'function x; ls; end',
    'cat fish_config.txt',
    'kill 12',
  ])('has nothing against %j', (line) => {
    expect(fish.forbidden(line, [])).toBeUndefined()
  })
})

describe('fish.wholeLine()', () => {
  it('takes what the shell knows of the words apart from the line', () => {
    const { text, analysis } = fish.wholeLine!('ls x!\nls; x\ny', analyse)
    expect(text).toBe('ls; x\ny')
    expect(analysis.effects).toContain('opaque')
    expect(fish.wholeLine!('ls\nls', analyse)).toMatchObject({ text: 'ls', analysis: { effects: ['read'] } })
    expect(fish.wholeLine!('\nls', analyse)).toMatchObject({ text: 'ls', analysis: { effects: ['read'] } })
  })
})

describe('fish.canStep()', () => {
  it.each([
    ['3.3.1', false],
    ['3.4.0', true],
    ['3.6.0', true],
    ['4.0.2', true],
    ['5.0.0', false],
    ['', false],
  ])('of %s is %s', (version, expected) => {
    expect(fish.canStep(version)).toBe(expected)
  })
})

describe('fishLauncher()', () => {
  it('is read by fish as the command that it is, and the init text in it by fish as well', () => {
    const launcher = fishLauncher('/usr/bin/fish', 4711)
    expect(spawnSync('fish', ['--no-config', '--no-execute', '-c', launcher]).status).toBe(0)
    expect(spawnSync('fish', ['--no-config', '--no-execute', '-c', fishInit(4711)]).status).toBe(0)
    const script = spawnSync('fish', ['--no-config', '-c', launcher.replace('exec /bin/sh -c', 'printf %s')]).stdout
    expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0)
  })
})
