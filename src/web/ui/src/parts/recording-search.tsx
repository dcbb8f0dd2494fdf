/** Search in one recording or in all that the person may watch; each hit is a link to its moment. */
import { useState } from 'preact/hooks'
import { ApiError, type HitView, read, type SessionView } from '../api.ts'
import { countdown } from '../duration.ts'
import { momentHash } from '../moment.ts'
import { Link } from '../router.tsx'
import { visibleLine } from '../visible-text.ts'
import { MomentLink } from './moments.tsx'

interface Found {
  readonly hits: readonly HitView[]
  readonly hasMore: boolean
  readonly recordings: readonly { readonly session: SessionView }[]
}

type State =
  | { readonly kind: 'idle' | 'asking' }
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'failed'; readonly message: string }

/** `session`: in its recording alone. */
export function RecordingSearch({ session }: { readonly session?: string }) {
  const [words, setWords] = useState('')
  const [state, setState] = useState<State>({ kind: 'idle' })
  const search = async (event: Event) => {
    event.preventDefault()
    if (words.trim() === '') return setState({ kind: 'idle' })
    setState({ kind: 'asking' })
    const query = new URLSearchParams({ search: words, ...(session !== undefined && { session }) })
    try {
      setState({ kind: 'found', found: await read<Found>(`/recordings?${query}`) })
    } catch (error) {
      const message = error instanceof ApiError ? error.message : 'This page broke; reload it.'
      setState({ kind: 'failed', message })
    }
  }
  const place = session === undefined ? 'all recordings' : 'this recording'
  return (
    <search class="card search-card">
      <form class="search-form" onSubmit={(event) => void search(event)}>
        <label>
          <span class="sub">What was on the screen or was run, in {place}</span>
          <input
            type="search"
            maxLength={200}
            value={words}
            onInput={({ currentTarget }) => setWords(currentTarget.value)}
          />
        </label>
        <button type="submit" class="button" disabled={state.kind === 'asking'}>
          Search
        </button>
      </form>
      <div role="status">
        {state.kind === 'asking' && <p class="waiting">Searching…</p>}
        {state.kind === 'failed' && <p class="warning">{state.message}</p>}
        {state.kind === 'found' && <Count found={state.found} />}
      </div>
      {state.kind === 'found' && <Hits found={state.found} isOne={session !== undefined} />}
    </search>
  )
}

function Count({ found: { hits, hasMore, recordings } }: { readonly found: Found }) {
  if (hits.length === 0) return <p>Nothing was found. Recordings of sessions that still run are not looked through.</p>
  const places = `${hits.length}${hasMore ? ' first' : ''} ${hits.length === 1 ? 'place' : 'places'}`
  return (
    <p class="note">
      {places} in {recordings.length} {recordings.length === 1 ? 'recording' : 'recordings'}
    </p>
  )
}

function Hits({ found, isOne }: { readonly found: Found; readonly isOne: boolean }) {
  if (isOne) {
    return (
      <ol class="moments" aria-label="Found">
        {found.hits.map((hit, index) => (
          <li key={index}>
            <MomentLink seconds={hit.seconds}>
              <HitText hit={hit} />
            </MomentLink>
          </li>
        ))}
      </ol>
    )
  }
  return found.recordings.map(({ session }) => (
    <section key={session.id} class="found">
      <h3>
        {session.person.name} on {session.login}@{session.target}
      </h3>
      <ol class="moments" aria-label={`Found in the session of ${session.person.name}`}>
        {found.hits
          .filter((hit) => hit.session === session.id)
          .map((hit, index) => (
            <li key={index}>
              <Link class="moment" to={`/sessions/${session.id}${momentHash(hit.seconds)}`}>
                <span class="at">{countdown(Math.floor(hit.seconds) * 1000)}</span>
                <HitText hit={hit} />
              </Link>
            </li>
          ))}
      </ol>
    </section>
  ))
}

function HitText({ hit }: { readonly hit: HitView }) {
  return (
    <>
      <code class="command one-line">{visibleLine(hit.text)}</code>
      {hit.kind === 'run' && <span class="badge tone-flat">command</span>}
    </>
  )
}
