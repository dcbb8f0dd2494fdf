/** zsh, from 5.1 on; tried on 5.9. */
import { betweenSteps } from '../../shell/between-steps.ts'
import { ofZshStep } from '../../shell/zsh-step.ts'
import type { StepDialect } from './dialect.ts'
import { ZSH_FIRST_LINE, ZSH_INIT_STEPS, zshLauncher } from './zsh-init.ts'
import { forbiddenAtZshStart, forbiddenInZsh } from './zsh-invariants.ts'

const NOTHING = { commands: [], effects: [], objects: [] } as const

export const zsh: StepDialect = {
  kind: 'zsh',
  reports: 'steps',
  canStep(version) {
    // `typeset` and its like are reserved words, which no function can stand in for, from 5.1 on.
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
    return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 1)
  },
  launcher: zshLauncher,
  firstLine: ZSH_FIRST_LINE,
  takesAhead: true,
  hasWidgets: true,
  tells: false,
  nesting: undefined,
  initSteps: new Set(ZSH_INIT_STEPS),
  parseable: (step) => step,
  // Hooks of the line editor (Debian's `zle-line-init`) are steps of a line that is not finished.
  tellsAll: true,
  // zsh's steps tell everything, redirections of compound commands too, so a line it can read and we cannot is no risk.
  between: (text, analyse) =>
    betweenSteps(text, analyse).kind === 'incomplete' ? { kind: 'incomplete' } : { kind: 'read', analysis: NOTHING },
  alone: ({ text, isFunctionCall }, { analyse, isStarting }) =>
    ofZshStep({ text, isFunctionCall, isStarting }, analyse),
  forbidden: forbiddenInZsh,
  forbiddenAtStart: forbiddenAtZshStart,
}
