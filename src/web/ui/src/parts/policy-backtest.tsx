/** What a policy would have answered to what people really asked for lately. Asked for by a click: it reads the log. */
import { useEffect, useState } from 'preact/hooks'
import { ApiError, type BacktestView, post } from '../api.ts'
import { when } from '../time.ts'
import { ExactText } from './exact-text.tsx'

const DAYS = 14

export function PolicyBacktest({ text }: { readonly text: string }) {
  const [found, setFound] = useState<BacktestView | undefined>(undefined)
  const [failure, setFailure] = useState('')
  const [isAsking, setIsAsking] = useState(false)
  // Of another text it says nothing.
  useEffect(() => setFound(undefined), [text])
  const ask = async () => {
    setIsAsking(true)
    try {
      setFound(await post<BacktestView>('/policies/backtest', { text, days: DAYS }))
      setFailure('')
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
    }
    setIsAsking(false)
  }
  return (
    <section class="card" aria-label="Backtest">
      <h2>What it would have answered</h2>
      {failure !== '' && (
        <p class="warning" role="alert">
          There is no backtest: {failure}
        </p>
      )}
      {found === undefined ? (
        <button type="button" class="button" disabled={isAsking} onClick={() => void ask()}>
          Try it on the last {DAYS} days
        </button>
      ) : (
        <Difference found={found} />
      )}
    </section>
  )
}

function Difference({ found }: { readonly found: BacktestView }) {
  const { judged, before, after, changes, kinds, leftOut } = found
  const changed = changes.reduce((sum, { count }) => sum + count, 0)
  return (
    <>
      <p role="status">
        {judged} requests since {when(found.from)}; held {before.holds} before, {after.holds} with it.{' '}
        {kinds === 0 ? 'Nothing would be answered otherwise.' : `${changed} would be answered otherwise:`}
      </p>
      {changes.length > 0 && (
        <ul class="remarks">
          {changes.map((change, index) => (
            <li key={index}>
              <span class={`badge tone-${TONE[change.before.kind]}`}>{change.before.kind}</span> →{' '}
              <span class={`badge tone-${TONE[change.after.kind]}`}>{change.after.kind}</span> {change.count}×{' '}
              <code class="command">
                <ExactText text={change.text} />
              </code>
              <span class="sub">
                {change.people.join(', ')} on {change.target}; by “{change.after.rule}”, before by “{change.before.rule}
                ”
              </span>
            </li>
          ))}
        </ul>
      )}
      {Object.entries(leftOut).map(([reason, count]) => (
        <p class="note" key={reason}>
          {count} left out: {reason}
        </p>
      ))}
    </>
  )
}

const TONE = { allow: 'good', hold: 'wait', deny: 'bad' } as const
