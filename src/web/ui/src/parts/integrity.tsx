/** Whether a recording is what was signed, as this browser found it. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { ApiError, type RecordingEvidence, read, readBytes } from '../api.ts'
import { checkRecording, type Grade } from '../integrity.ts'

type State =
  | { readonly kind: 'asking' | 'large' }
  | { readonly kind: 'checking'; readonly chunks: number }
  | { readonly kind: 'graded'; readonly grade: Grade }
  | { readonly kind: 'failed'; readonly message: string }

/** What is checked without being asked for: about what the page fetches anyway. */
const SMALL_BYTES = 4 * 1024 * 1024

export function Integrity({ session }: { readonly session: string }) {
  const [state, setState] = useState<State>({ kind: 'asking' })
  const [evidence, setEvidence] = useState<RecordingEvidence | undefined>(undefined)
  const path = `/recordings/${encodeURIComponent(session)}`
  const check = useCallback(
    async (of: RecordingEvidence) => {
      setState({ kind: 'checking', chunks: 0 })
      try {
        const bytes = await readBytes(`${path}/cast?way=check`)
        const grade = await checkRecording(of, pieces(bytes), (chunks) => setState({ kind: 'checking', chunks }))
        setState({ kind: 'graded', grade })
      } catch (error) {
        setState(failed(error))
      }
    },
    [path],
  )
  useEffect(() => {
    read<RecordingEvidence>(`${path}/evidence`).then(
      (found) => {
        setEvidence(found)
        if (found.sizeBytes > SMALL_BYTES) setState({ kind: 'large' })
        else void check(found)
      },
      (error) => setState(failed(error)),
    )
  }, [path, check])
  return (
    <section class="card integrity" aria-label="Integrity">
      <h2>Integrity</h2>
      <div role="status">
        <Told state={state} />
      </div>
      {evidence !== undefined && state.kind === 'large' && (
        <button type="button" class="button" onClick={() => void check(evidence)}>
          Check all {Math.ceil(evidence.sizeBytes / 1_000_000)} MB here
        </button>
      )}
    </section>
  )
}

function Told({ state }: { readonly state: State }) {
  switch (state.kind) {
    case 'asking':
      return <p class="waiting">Asking for the log’s proofs…</p>
    case 'checking':
      return <p class="waiting">Checking in this browser: chunk {state.chunks + 1}…</p>
    case 'large':
      return <p class="note">It is large, so it is checked when you ask for it.</p>
    case 'failed':
      return <p class="warning">{state.message}</p>
    case 'graded':
      return <Graded grade={state.grade} />
  }
}

function Graded({ grade }: { readonly grade: Grade }) {
  switch (grade.kind) {
    case 'sealed':
      return (
        <>
          <p>
            <span class="badge tone-good">checked here</span>
          </p>
          <p class="note">
            All {grade.chunks} chunks are what the log signed, up to checkpoint {grade.checkpoint}, by the key{' '}
            <span class="mono key">{grade.key}</span>. This browser computed it; whether the key is the log’s, compare
            with one that was kept elsewhere.
          </p>
        </>
      )
    case 'open':
      return (
        <>
          <p>
            <span class="badge tone-wait">not yet sealed</span>
          </p>
          <p class="note">
            {grade.chunks === 0
              ? 'None of it is signed in the log yet.'
              : `The first ${grade.chunks} chunks are what the log signed; the rest, or its end, is not signed yet.`}
          </p>
        </>
      )
    case 'differs':
      return (
        <>
          <p>
            <span class="badge tone-bad">
              {grade.chunk === 0 ? 'does not match' : `does not match at chunk ${grade.chunk}`}
            </span>
          </p>
          <p class="note">This recording is not what was signed: {grade.why}. Do not rely on what is shown.</p>
        </>
      )
    case 'unsupported':
      return (
        <p class="note">
          This browser cannot check it here: it needs https and Ed25519. Run <code>sallyport recordings verify</code>.
        </p>
      )
  }
}

function failed(error: unknown): State {
  const isApi = error instanceof ApiError
  return { kind: 'failed', message: isApi ? error.message : 'It could not be checked; reload the page to try again.' }
}

async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel()
  }
}
