/** Bash, from 4.4 on: `${x@Q}`, `{fd}<>` and `bind -x` with a line are all there from that version. */
import { betweenSteps } from '../../shell/between-steps.ts'
import { ofFunctionCall, ofStepAlone } from '../../shell/step.ts'
import { bashInit, bashLauncher, INIT_STEPS, START_FILE_STEPS } from './bash-init.ts'
import type { StepDialect } from './dialect.ts'
import { forbiddenAtStart, forbiddenInGate } from './invariants.ts'
import { parseable } from './step-text.ts'

export const bash: StepDialect = {
  kind: 'bash',
  reports: 'steps',
  canStep(version) {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
    return Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 4)
  },
  launcher: bashLauncher,
  firstLine: undefined,
  takesAhead: true,
  hasWidgets: false,
  tells: true,
  nesting: { init: bashInit },
  tellsAll: false,
  initSteps: new Set<string>([...INIT_STEPS, ...START_FILE_STEPS]),
  parseable,
  between: betweenSteps,
  alone({ text, isFunctionCall }, { analyse }) {
    const readable = parseable(text)
    return isFunctionCall ? ofFunctionCall(readable, analyse) : ofStepAlone(readable, analyse(readable))
  },
  forbidden: forbiddenInGate,
  forbiddenAtStart,
}
