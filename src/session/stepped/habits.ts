/**
 * What a line, or a prompt, asked for the last time it came: an alias that it uses, what its loop goes through, what the
 * prompt's own substitutions run. It will probably ask for the same again, so the verdict can be sent ahead. A habit is
 * never a verdict: each of these texts is judged anew each time.
 */
import type { Stage } from './drafts.ts'

/** Lines that are remembered, and steps of each. */
const MOST_LINES = 100
const MOST_STEPS = 16

/** Where a step is asked for: by the line (or the prompt) itself, or inside of a widget of the line editor. */
export type Place = 'line' | 'widget'

export class Habits {
  readonly #steps = new Map<string, Set<string>>()

  /** Keeps a step that was asked for and allowed. */
  keep(stage: Stage, step: string, place: Place = 'line'): void {
    const key = keyOf(stage, place)
    if (key === undefined) return
    const steps = this.#steps.get(key) ?? new Set()
    this.#steps.delete(key)
    this.#steps.set(key, steps)
    if (steps.size < MOST_STEPS) steps.add(step)
    if (this.#steps.size > MOST_LINES) this.#steps.delete(this.#steps.keys().next().value!)
  }

  of(stage: Stage, place: Place = 'line'): readonly string[] {
    return [...(this.#steps.get(keyOf(stage, place) ?? '') ?? [])]
  }
}

/** The hooks of a line editor run for each line, whatever it says. */
function keyOf(stage: Stage, place: Place): string | undefined {
  if (stage.kind === 'starting') return undefined
  if (place === 'widget') return `\0widgets of a ${stage.kind}`
  return stage.kind === 'prompt' ? '\0prompt' : stage.text
}
