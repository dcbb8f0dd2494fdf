/** What ran in a session, or wanted to: when, by whose word, and how it ended. */
import { useState } from 'preact/hooks'
import type { CommandView } from '../api.ts'
import { Link } from '../router.tsx'
import { useAnswer } from '../use-answer.ts'
import { visibleLine } from '../visible-text.ts'
import { MomentLink } from './moments.tsx'

const PAGE = 200

const TONES: Readonly<Record<string, string>> = {
  denied: 'bad',
  rejected: 'bad',
  expired: 'bad',
  withdrawn: 'flat',
  revoked: 'bad',
  pending: 'wait',
  entered: 'wait',
  unknown: 'wait',
}

export function Commands({ session }: { readonly session: string }) {
  const { answer } = useAnswer<{ readonly commands: readonly CommandView[] }>(
    `/recordings/${encodeURIComponent(session)}/commands`,
  )
  const [shown, setShown] = useState(PAGE)
  if (answer.kind !== 'here' || answer.data.commands.length === 0) return null
  const { commands } = answer.data
  return (
    <section class="card commands-card">
      <h2>
        Commands <span class="count">{commands.length}</span>
      </h2>
      <ol class="moments tall" aria-label="Commands">
        {commands.slice(0, shown).map((command, index) => (
          <li key={index}>
            <MomentLink seconds={command.seconds}>
              <code class="command one-line">{visibleLine(command.text)}</code>
            </MomentLink>
            <Outcome command={command} />
          </li>
        ))}
      </ol>
      {commands.length > shown && (
        <button type="button" class="button" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, commands.length - shown)} more of {commands.length - shown}
        </button>
      )}
    </section>
  )
}

function Outcome({ command }: { readonly command: CommandView }) {
  const { verdict, state, by, exitStatus, hold, isAhead } = command
  const word = verdict === 'held' ? (state ?? 'held') : verdict
  const names = by.length === 0 ? '' : ` by ${by.join(', ')}`
  return (
    <span class="outcome">
      {hold === null ? (
        <span class={`badge tone-${TONES[word] ?? 'good'}`}>{isAhead ? 'allowed ahead' : word}</span>
      ) : (
        <Link to={`/holds/${hold}`} class={`badge tone-${TONES[word] ?? 'good'}`}>
          held: {word}
          {names}
        </Link>
      )}
      {exitStatus !== null && (
        <span class={`badge tone-${exitStatus === 0 ? 'flat' : 'wait'}`}>exit status {exitStatus}</span>
      )}
    </span>
  )
}
