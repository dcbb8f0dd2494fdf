/** One session: its recording, what was held in it, and ending it. */
import { useState } from 'preact/hooks'
import { ApiError, type HoldView, remove, type SessionView } from '../api.ts'
import { useLive } from '../live.ts'
import { Fact, Facts } from '../parts/facts.tsx'
import { HoldRow } from '../parts/hold-row.tsx'
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
                <Recording session={id} isLive={data.session.isLive} />
              ) : (
                <p class="card why-not">
                  Its recording is not yours to watch: its owner, the reviewers of its holds and auditors may.
                </p>
              )}
              <Holds holds={data.holds} />
            </div>
            <div class="side-column">
              <Details session={data.session} />
              {data.session.viewer.mayEnd && <EndSession session={data.session} ended={reload} />}
            </div>
          </div>
        )}
      </Answered>
    </Page>
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

function EndSession({ session, ended }: { readonly session: SessionView; readonly ended: () => void }) {
  const [step, setStep] = useState<'idle' | 'sure' | 'sending'>('idle')
  const [failure, setFailure] = useState('')
  const end = async () => {
    setStep('sending')
    try {
      await remove(`/sessions/${encodeURIComponent(session.id)}`)
      ended()
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'This page broke; reload it.')
      setStep('idle')
    }
  }
  return (
    <section class="card" aria-label="Ending the session">
      {failure !== '' && (
        <p class="warning" role="alert">
          {failure}
        </p>
      )}
      {step === 'idle' ? (
        <button type="button" class="button" onClick={() => setStep('sure')}>
          End this session…
        </button>
      ) : (
        <>
          <p>
            {session.viewer.isOwner ? '' : `${session.person.name} is told. `}What runs in it is cut off, and its
            recording is closed.
          </p>
          <div class="buttons">
            <button type="button" class="button reject" onClick={end} disabled={step === 'sending'}>
              End it now
            </button>
            <button type="button" class="button" onClick={() => setStep('idle')} disabled={step === 'sending'}>
              Back
            </button>
          </div>
        </>
      )}
    </section>
  )
}
