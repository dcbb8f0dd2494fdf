/** How far connections with a key came. */
import type { TrialView } from '../api.ts'
import { visibleLine } from '../visible-text.ts'

const WORD: Readonly<Record<TrialView['outcome'], string>> = {
  opened: 'opens',
  refused: 'key refused',
  'wrong-host': 'wrong host key',
  unreachable: 'no answer',
  'no-key': 'no key',
}

export function TrialList({ trials }: { readonly trials: readonly TrialView[] }) {
  if (trials.length === 0) return <p class="note">No target opens with it, so there was nothing to try.</p>
  return (
    <ul class="remarks">
      {trials.map((trial) => (
        <li key={`${trial.login}@${trial.target}`}>
          <TrialBadge trial={trial} />{' '}
          <span class="where">
            {trial.login}@{trial.target}
          </span>{' '}
          {visibleLine(trial.message)}
        </li>
      ))}
    </ul>
  )
}

export function TrialBadge({ trial: { outcome } }: { readonly trial: TrialView }) {
  return <span class={`badge tone-${outcome === 'opened' ? 'good' : 'bad'}`}>{WORD[outcome]}</span>
}
