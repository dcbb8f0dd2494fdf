/** One session: its recording, what was held in it, and ending it. */
import type { HoldView, SessionView } from '../api.ts'
import { useLive } from '../live.ts'
import { Commands } from '../parts/commands.tsx'
import { EndSession } from '../parts/end-session.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { GrantSection } from '../parts/grants.tsx'
import { HoldRow } from '../parts/hold-row.tsx'
import { Integrity } from '../parts/integrity.tsx'
import { LiveTerminal } from '../parts/live-screen.tsx'
import { Answered, Page } from '../parts/page.tsx'
import { Recording } from '../parts/recording.tsx'
import { lasted, SessionBadge } from '../parts/session-row.tsx'
import { useNow, when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'
import { visibleLine } from '../visible-text.ts'

interface SessionWithHolds {
  readonly session: SessionView
  readonly holds: readonly HoldView[]
}

export function SessionPage({ id }: { readonly id: string }) {
  const { answer, reload } = useAnswer<SessionWithHolds>(`/sessions/${encodeURIComponent(id)}`)
  useLive({
    sync: reload,
    sessions: reload,
    hold: (hold) => {
      if (hold.session === id) reload()
    },
  })
  const session = answer.kind === 'here' ? answer.data.session : undefined
  const title = session === undefined ? 'Session' : `${session.login}@${session.target}`
  return (
    <Page title={title} class="wide" aside={session && <SessionBadge session={session} />}>
      <Answered answer={answer}>
        {(data) => (
          <div class="columns">
            <div class="main-column">
              {data.session.viewer.mayWatch ? (
                <Watched session={data.session} />
              ) : (
                <p class="card why-not">
                  Its recording is not yours to watch: its owner, the reviewers of its holds and auditors may.
                </p>
              )}
              <GrantSection title="Granted in this session" shows={(grant) => grant.session === id} />
              <Holds holds={data.holds} />
            </div>
            <div class="side-column">
              <Details session={data.session} />
              {data.session.viewer.mayWatch && !data.session.isLive && <Integrity session={id} />}
              {data.session.viewer.mayEnd && (
                <EndSession
                  id={id}
                  of={data.session.viewer.isOwner ? undefined : data.session.person.name}
                  ended={reload}
                />
              )}
            </div>
          </div>
        )}
      </Answered>
    </Page>
  )
}

function Watched({ session }: { readonly session: SessionView }) {
  if (!session.isLive) return <Recording session={session.id} />
  return (
    <>
      {session.viewer.canWatchLive ? (
        <LiveTerminal session={session.id} />
      ) : (
        <p class="card why-not">This session has no terminal. Its recording is shown here when it is over.</p>
      )}
      <Commands session={session.id} />
    </>
  )
}

function Details({ session }: { readonly session: SessionView }) {
  const now = useNow()
  return (
    <section class="card" aria-label="Details">
      <Facts>
        <Fact name="Who">
          {session.person.name}
          {session.person.email !== null && <span class="sub">{session.person.email}</span>}
          <span class="sub mono">from {session.address}</span>
        </Fact>
        <Fact name="What">
          {session.command === null ? 'a shell' : <code class="command">{visibleLine(session.command)}</code>}
        </Fact>
        {session.ungated !== null && (
          <Fact name="Out of the gate’s sight">
            <code class="command">{visibleLine(session.ungated.program)}</code>
            <span class="sub">since {when(session.ungated.since)}: what is done in it is recorded, not judged</span>
          </Fact>
        )}
        <Fact name="Began">{when(session.startedAt)}</Fact>
        {session.endedAt !== null && <Fact name="Ended">{when(session.endedAt)}</Fact>}
        <Fact name="Lasted">{lasted(session, now) || 'not known'}</Fact>
        {session.endReason !== null && <Fact name="Why it ended">{session.endReason}</Fact>}
        <Fact name="Client">
          <span class="mono">{visibleLine(session.clientVersion)}</span>
        </Fact>
      </Facts>
    </section>
  )
}

function Holds({ holds }: { readonly holds: readonly HoldView[] }) {
  if (holds.length === 0) return null
  return (
    <section class="list-section">
      <h2>
        Held in this session <span class="count">{holds.length}</span>
      </h2>
      <ul class="rows">
        {holds.map((hold) => (
          <HoldRow key={hold.id} hold={hold} />
        ))}
      </ul>
    </section>
  )
}
