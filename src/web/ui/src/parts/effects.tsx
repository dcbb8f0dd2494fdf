/** What a command does, and how sure we are of its text: the words of core/action.ts with a sentence for each. */
import type { HoldView } from '../api.ts'

type Effect = HoldView['effects'][number]
type Assurance = HoldView['assurance']

const MEANING: Readonly<Record<Effect, string>> = {
  read: 'reads',
  write: 'changes something',
  destroy: 'removes or overwrites beyond recovery',
  privilege: 'gains other rights',
  transfer: 'moves data in or out of the host',
  escape: 'starts something that can run further commands out of the gate’s sight',
  opaque: 'cannot be decided from its text',
  unknown: 'is not in the catalogue of commands',
}

const WORST_FIRST: readonly Effect[] = [
  'destroy',
  'escape',
  'opaque',
  'unknown',
  'privilege',
  'transfer',
  'write',
  'read',
]

/** Which of them a reader should see first. */
export function worstOf(effects: readonly Effect[]): Effect | 'none' {
  return WORST_FIRST.find((effect) => effects.includes(effect)) ?? 'none'
}

export function Effects({ effects }: { readonly effects: readonly Effect[] }) {
  if (effects.length === 0) return null
  return (
    <ul class="chips" aria-label="Effects">
      {effects.map((effect) => (
        <li key={effect} class={`chip effect-${effect}`} title={MEANING[effect]}>
          {effect}
        </li>
      ))}
    </ul>
  )
}

const SURE: Readonly<Record<Assurance, string>> = {
  exact: 'The whole text was known before anything ran; this is what will run.',
  stepped: 'The target’s own shell reported this command before running it, and waits for the answer.',
  inferred: 'Read from the screen when Enter was pressed. What runs may differ from it.',
}

export function AssuranceBadge({ assurance }: { readonly assurance: Assurance }) {
  return (
    <p class={`assurance assurance-${assurance}`}>
      <strong>{assurance}</strong> {SURE[assurance]}
    </p>
  )
}
