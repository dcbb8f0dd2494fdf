/**
 * Against real bash: what a generated script starts is among what the analysis predicted, word by word, or the analysis
 * called it opaque. 500 scripts in every run; 10,000 with SALLYPORT_LONG=1. The seed of a failure names the script.
 */
import { describe, expect, it } from 'vitest'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { generateScript } from './differential/generate.ts'
import { createPredictor } from './differential/predict.ts'
import { runScripts, sandboxProblem } from './differential/sandbox.ts'

const isLong = process.env.SALLYPORT_LONG === '1'
const COUNT = Number(process.env.SALLYPORT_SCRIPTS ?? (isLong ? 10_000 : 500))
const FIRST = Number(process.env.SALLYPORT_SEED ?? 1)
const problem = sandboxProblem()

describe('analysis against bash', () => {
  it.skipIf(problem !== undefined)(
    problem === undefined ? `predicts what ${COUNT} scripts start` : `needs a sandbox: ${problem}`,
    { timeout: 60_000 + COUNT * 400 },
    async () => {
      const scripts = Array.from({ length: COUNT }, (_, at) => ({ seed: FIRST + at, text: generateScript(FIRST + at) }))
      const predict = createPredictor(defaultCatalogue())
      const predictions = scripts.map(({ text }) => predict(text))
      // Opaque ones prove nothing, so bash need not run them.
      const decided = scripts
        .map((script, at) => ({ ...script, prediction: predictions[at] as ReturnType<typeof predict> }))
        .filter(({ prediction }) => !prediction.isOpaque)
      const started = await runScripts(decided.map(({ text }) => text))
      const violations = decided.flatMap(({ seed, text, prediction }, at) => {
        const missed = (started[at] ?? []).filter((words) => !prediction.includes(words))
        return missed.length === 0 ? [] : [{ seed, text, missed, predicted: prediction.commands }]
      })
      if (process.env.SALLYPORT_SHOW === '1') {
        console.log(
          `${decided.length} of ${COUNT} decided, ${started.flat().length} commands started, ${violations.length} violations`,
        )
        for (const each of violations.slice(0, 20)) console.log(JSON.stringify(each, null, 1))
      }
      expect(violations.slice(0, 5)).toEqual([])
      // The generator must leave enough for bash to disagree with.
      expect(decided.length).toBeGreaterThan(COUNT / 5)
    },
  )
})
