/**
 * What was answered runs, and where it would be something else by then, it is asked for anew. Real shells under their gates;
 * the test is the one who answers, so the questions are seen as they come, each answer good for one.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bash } from '../../src/session/stepped/bash.ts'
import { fish } from '../../src/session/stepped/fish.ts'
import { GO, NO, type Question } from '../../src/session/stepped/question.ts'
import { zsh } from '../../src/session/stepped/zsh.ts'
import { type AskingShell, askingShell } from '../support/asking-shell.ts'

const SHELLS = [
  { dialect: bash, path: '/bin/bash', prompt: /[$#] \x07?$/ },
  { dialect: zsh, path: '/usr/bin/zsh', prompt: /# .*\x1b\[\?2004h$/s },
] as const
const FISH = { dialect: fish, path: '/usr/bin/fish', prompt: /> [^\n]*$/ } as const

let shell: AskingShell
let folder: string
/** What waits until the test answers it. */
let waits: (question: Question) => boolean
let refused: (question: Question) => boolean

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-approved-'))
  waits = () => false
  refused = () => false
})

afterEach(() => {
  shell.close()
  rmSync(folder, { recursive: true })
})

async function open(which: (typeof SHELLS)[number] | typeof FISH): Promise<void> {
  const answerTo = (question: Question) => (waits(question) ? 'wait' : refused(question) ? NO : GO)
  shell = await askingShell({ ...which, answerTo })
}

const steps = () => shell.of('step').map(({ question }) => question.text)
/** How often a step of these words was asked for. zsh ends some of its steps with a space. */
const timesAsked = (text: string) => steps().filter((step) => step.trim() === text).length
const isTouch = ({ kind, text }: Question) => kind === 'step' && text.startsWith('touch')
const isThere = (name: string) => existsSync(join(folder, name))

describe.each(SHELLS)('in $path', (which) => {
  it('an approved step runs as it stood when it was asked for, whatever a background job does meanwhile', async () => {
    await open(which)
    await shell.line(`cd ${folder}; X=one`, /X=one/)
    waits = isTouch
    // The job has its own $X and its own alias; it is over before the answer.
    shell.type('{ X=two; alias touch=rm; echo over > job; } & touch "$X"\r')
    await expect.poll(() => timesAsked('touch "$X"'), { timeout: 10_000 }).toBe(1)
    await expect.poll(() => isThere('job'), { timeout: 10_000 }).toBe(true)
    expect(isThere('one')).toBe(false)
    shell.answer(shell.of('step').find(({ question }) => isTouch(question))!)
    await expect.poll(() => isThere('one'), { timeout: 10_000 }).toBe(true)
    expect(isThere('two')).toBe(false)
  })

  it('the same words with another value are asked for anew', async () => {
    await open(which)
    await shell.line(`cd ${folder}; X=one`, /X=one/)
    await shell.line('touch "$X"', /touch/)
    expect(timesAsked('touch "$X"')).toBe(1)
    await shell.line('X=two', /X=two/)
    refused = isTouch
    await shell.line('touch "$X"', /touch/)
    expect(timesAsked('touch "$X"')).toBe(2)
    await shell.line('for X in three four; do touch "$X"; done', /done/)
    // A refusal ends the line.
    expect(timesAsked('touch "$X"')).toBe(3)
    expect(['one', 'two', 'three', 'four'].filter(isThere)).toEqual(['one'])
  })

  it('an alias and a function that became something else are asked for as what they are now', async () => {
    await open(which)
    await shell.line(`cd ${folder}; alias a="touch one"; f() { touch two; }`, /touch two/)
    await shell.line('a; f', /a; f/)
    expect(['one', 'two'].filter(isThere)).toEqual(['one', 'two'])
    refused = (question) => isTouch(question) && /three|four/.test(question.text)
    await shell.line('alias a="touch three"; f() { touch four; }', /touch four/)
    await shell.line('a', /a/)
    await shell.line('f', /f/)
    expect([timesAsked('touch three'), timesAsked('touch four')]).toEqual([1, 1])
    expect(['three', 'four'].filter(isThere)).toEqual([])
  })
})

describe('in zsh', () => {
  it('a line that its editor changes behind the answer is asked for as what it is then', async () => {
    await open(SHELLS[1])
    await shell.line(`cd ${folder}; zle-line-finish() { BUFFER="touch changed"; }; zle -N zle-line-finish`, /zle -N/)
    refused = isTouch
    await shell.line('touch approved', /touch approved/)
    expect(shell.of('line').at(-1)?.question.text).toBe('touch approved')
    expect(timesAsked('touch changed')).toBe(1)
    expect(['approved', 'changed'].filter(isThere)).toEqual([])
  })
})

describe('in fish', () => {
  it('a line is approved once, and asked for anew with another value', async () => {
    await open(FISH)
    const lines = () => shell.of('line').filter(({ question }) => question.text.endsWith('touch "$X"'))
    await shell.line(`cd ${folder}; set X one`, /set X one/)
    await shell.line('touch "$X"', /touch/)
    expect(lines()).toHaveLength(1)
    await shell.line('set X two', /two/)
    refused = ({ text }) => text.includes('touch')
    await shell.line('touch "$X"', /touch/)
    expect(lines()).toHaveLength(2)
    expect(['one', 'two'].filter(isThere)).toEqual(['one'])
  })

  it('what is executed and is not the answered line ends the shell', async () => {
    await open(FISH)
    // The bastion refuses `bind`; here it was let through.
    await shell.line(
      `cd ${folder}; bind \\cx 'commandline --replace "touch changed"; commandline --function execute'`,
      /execute/,
    )
    shell.type('touch approved\x18')
    await shell.over
    expect(['approved', 'changed'].filter(isThere)).toEqual([])
  })
})
