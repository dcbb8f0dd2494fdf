/** The sessions a person may see: the live ones first. */
import type { SessionView } from '../api.ts'
import { useLive } from '../live.ts'
import { Answered, Page } from '../parts/page.tsx'
import { RecordingSearch } from '../parts/recording-search.tsx'
import { SessionRow } from '../parts/session-row.tsx'
import { useAnswer } from '../use-answer.ts'

export interface Sessions {
  readonly sessions: readonly SessionView[]
}

export function SessionsPage() {
  const { answer, reload } = useAnswer<Sessions>('/sessions')
  useLive({ sync: reload, sessions: reload })
  return (
    <Page title="Sessions">
      <Answered answer={answer}>
        {({ sessions }) =>
          sessions.length === 0 ? (
            <div class="card empty">
              <h2>No sessions yet</h2>
              <p>Each session that you open over ssh appears here with its recording.</p>
            </div>
          ) : (
            <>
              <RecordingSearch />
              <Section title="Live" sessions={sessions.filter(({ isLive }) => isLive)} />
              <Section title="Ended" sessions={sessions.filter(({ isLive }) => !isLive)} />
            </>
          )
        }
      </Answered>
    </Page>
  )
}

function Section({ title, sessions }: Sessions & { readonly title: string }) {
  if (sessions.length === 0) return null
  return (
    <section class="list-section">
      <h2>
        {title} <span class="count">{sessions.length}</span>
      </h2>
      <ul class="rows">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
    </section>
  )
}
