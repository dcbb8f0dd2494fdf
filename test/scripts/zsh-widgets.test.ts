/** What a gated zsh asks for inside of its line editor: a verdict ahead for a widget's step is no verdict for a line's. */
import { afterEach, expect, it } from 'vitest'
import type { Answer, Question } from '../../src/session/stepped/question.ts'
import { zsh } from '../../src/session/stepped/zsh.ts'
import { type AskingShell, askingShell } from '../support/asking-shell.ts'

let shell: AskingShell
afterEach(() => shell.close())

const open = async (aheadOf: (kind: Question['kind']) => Pick<Answer & { word: 'go' }, 'ahead' | 'widgets'>) => {
  shell = await askingShell({
    dialect: zsh,
    path: '/usr/bin/zsh',
    prompt: /# .*\x1b\[\?2004h$/s,
    answerTo: ({ kind }) => ({ word: 'go', ...aheadOf(kind) }),
  })
}

/** Debian's own hooks (/etc/zsh/zshrc): `zle-line-init` behind the prompt, `zle-line-finish` behind the line. */
const FINISH = "printf '%s' ${terminfo[rmkx]}"
const asksFor = (text: string) => shell.of('step').some(({ question }) => question.text === text)

it('is not asked for where it has its verdict', async () => {
  await open((kind) => ({ ahead: [], widgets: kind === 'line' ? [FINISH] : [] }))
  await shell.line('echo one', /one/)
  expect(asksFor('emulate -L zsh')).toBe(true)
  expect(asksFor(FINISH)).toBe(false)
})

it('is asked for where only a line’s step of the same words has one, and the other way round', async () => {
  await open(() => ({ ahead: [FINISH], widgets: ['echo one'] }))
  await shell.line('echo one', /one/)
  expect(asksFor(FINISH)).toBe(true)
  expect(asksFor('echo one')).toBe(true)
})
