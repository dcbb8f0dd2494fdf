/** The audit log, newest first, for those who may read it. */
import { useState } from 'preact/hooks'
import { ApiError, type AuditEventView, read } from '../api.ts'
import { Answered, Page } from '../parts/page.tsx'
import { Link } from '../router.tsx'
import { when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'
import { visibleLine } from '../visible-text.ts'

interface Events {
  readonly events: readonly AuditEventView[]
  readonly next: number | null
}

export function AuditPage() {
  const { answer, reload, put } = useAnswer<Events>('/audit')
  const [failure, setFailure] = useState('')
  const more = async (before: number) => {
    try {
      const older = await read<Events>(`/audit?before=${before}`)
      put((data) => ({ events: [...data.events, ...older.events], next: older.next }))
      setFailure('')
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'This page broke; reload it.')
    }
  }
  return (
    <Page
      title="Audit"
      class="wide"
      aside={
        <button type="button" class="button" onClick={reload}>
          Newest
        </button>
      }
    >
      <Answered answer={answer}>
        {({ events, next }) => (
          <>
            <EventTable events={events} />
            {failure !== '' && (
              <p class="warning" role="alert">
                {failure}
              </p>
            )}
            {next === null ? (
              <p class="note">This is the beginning of the log.</p>
            ) : (
              <button type="button" class="button" onClick={() => void more(next)}>
                Older events
              </button>
            )}
          </>
        )}
      </Answered>
    </Page>
  )
}

function EventTable({ events }: { readonly events: readonly AuditEventView[] }) {
  return (
    <div class="card table-card">
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Who</th>
            <th scope="col">About</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.seq}>
              <td class="number">{event.seq}</td>
              <td class="time">
                <time dateTime={event.at}>{when(event.at)}</time>
              </td>
              <td>
                <code class={`event ${familyOf(event.type)}`}>{event.type}</code>
              </td>
              <td>{event.actorName ?? 'the bastion'}</td>
              <td class="about">
                <About event={event} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function About({ event }: { readonly event: AuditEventView }) {
  const { text, ...rest } = event.detail
  const details = Object.entries(rest)
  return (
    <>
      {typeof text === 'string' && <code class="command one-line">{visibleLine(text)}</code>}
      <div class="row-facts">
        {event.hold !== null && <Link to={`/holds/${event.hold}`}>request {event.hold}</Link>}
        {event.session !== null && <Link to={`/sessions/${event.session}`}>session</Link>}
        {details.length > 0 && (
          <details>
            <summary>Details</summary>
            <dl class="facts small">
              {details.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd class="mono">{visibleLine(typeof value === 'string' ? value : JSON.stringify(value))}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </>
  )
}

function familyOf(type: string): string {
  if (/\.(?:denied|refused|failed|rejected|killed|broken|overdue)$/.test(type)) return 'event-bad'
  if (/\.(?:approved|released|finished)$/.test(type)) return 'event-good'
  if (/\.(?:held|expired|withdrawn|revoked)$/.test(type)) return 'event-wait'
  return ''
}
