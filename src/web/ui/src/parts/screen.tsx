/** The last lines of a terminal, as plain text: live while somebody waits for a decision, else as they were then. */
import { visibleLine } from '../visible-text.ts'
import { useLastLines } from './live-screen.tsx'

interface ScreenProps {
  readonly lines: readonly string[]
  readonly session: string
  readonly isPending: boolean
}

export function Screen({ lines, session, isPending }: ScreenProps) {
  const now = useLastLines(session, isPending)
  const shown = now ?? lines.map(visibleLine)
  if (shown.length === 0) return null
  return (
    <section class="card">
      <h2>
        {now === undefined ? 'The screen when it was held' : 'The screen now'}{' '}
        {now !== undefined && <span class="badge tone-live">live</span>}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <section class="screen" tabIndex={0} aria-label="The session's last lines">
        <pre>{shown.join('\n')}</pre>
      </section>
    </section>
  )
}
