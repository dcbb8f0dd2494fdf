/** Bash, from 4.4 on: `${x@Q}`, `{fd}<>` and `bind -x` with a line are all there from that version. */
import { bashLauncher, INIT_STEPS, START_FILE_STEPS } from './bash-init.ts'
import type { Dialect } from './dialect.ts'
import { forbiddenAtStart, forbiddenInGate } from './invariants.ts'
import { parseable } from './step-text.ts'

export const bash: Dialect = {
  kind: 'bash',
  canStep(version) {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
    return Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 4)
  },
  launcher: bashLauncher,
  initSteps: new Set<string>([...INIT_STEPS, ...START_FILE_STEPS]),
  parseable,
  forbidden: forbiddenInGate,
  forbiddenAtStart,
}
