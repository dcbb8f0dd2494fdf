/** A recording: played, live or from any moment, with what ran in it, what can be found in it, and whether it is whole. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { PlayingTime } from '../../../../core/playing-time.ts'
import type { ReplayView } from '../api.ts'
import { momentHash, momentOf } from '../moment.ts'
import { useAnswer } from '../use-answer.ts'
import { Commands } from './commands.tsx'
import { Moments } from './moments.tsx'
import { Answered } from './page.tsx'
import { type Handle, PlayerBox } from './player.tsx'
import { RecordingSearch } from './recording-search.tsx'

export function Recording({ session }: { readonly session: string }) {
  const [pauses, setPauses] = useState<'cut' | 'whole'>('cut')
  const path = `/recordings/${encodeURIComponent(session)}/replay?pauses=${pauses}`
  const { answer } = useAnswer<ReplayView>(path)
  return (
    <>
      <section class="card recording" aria-label="Recording">
        <Answered answer={answer}>
          {(replay) =>
            replay.segments.length === 0 ? (
              <p>Nothing has been recorded.</p>
            ) : (
              <Playback
                replay={replay}
                path={path}
                skipsPauses={pauses === 'cut'}
                skipPauses={(isWanted) => setPauses(isWanted ? 'cut' : 'whole')}
              />
            )
          }
        </Answered>
      </section>
      <RecordingSearch session={session} />
      <Commands session={session} />
    </>
  )
}

interface PlaybackProps {
  readonly replay: ReplayView
  readonly path: string
  readonly skipsPauses: boolean
  readonly skipPauses: (isWanted: boolean) => void
}

function Playback({ replay, path, skipsPauses, skipPauses }: PlaybackProps) {
  const player = useRef<Handle | undefined>(undefined)
  const [said, setSaid] = useState('')
  const time = useMemo(() => new PlayingTime(skipsPauses ? replay.pauses : []), [replay, skipsPauses])
  const begin = momentOf(location.hash)
  const seek = useCallback(() => {
    const moment = momentOf(location.hash)
    if (moment !== undefined) player.current?.seek(time.played(moment))
  }, [time])
  useSeekTo(seek)
  const now = () => time.recorded(player.current?.now() ?? 0)
  const copy = async (what: string, text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid(`${what} copied.`)
    } catch {
      setSaid('This browser does not let the page copy.')
    }
  }
  return (
    <>
      <PlayerBox
        name={path}
        source={segmented(`/api/v1${path}`)}
        options={{ preload: true }}
        ready={(handle) => {
          player.current = handle
          // No poster: the player would forget what it shows when it is sought from there.
          handle.seek(begin === undefined ? replay.duration : time.played(begin))
        }}
      />
      <div class="player-tools">
        <label class="check">
          <input
            type="checkbox"
            checked={skipsPauses}
            onChange={({ currentTarget }) => skipPauses(currentTarget.checked)}
          />
          Skip pauses
        </label>
        <button
          type="button"
          class="button small"
          onClick={() => void copy('The screen was', player.current?.text() ?? '')}
        >
          Copy the screen
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => void copy('The link was', `${location.origin}${location.pathname}${momentHash(now())}`)}
        >
          Copy a link to this moment
        </button>
        <span class="note" role="status">
          {said}
        </span>
      </div>
      <Moments
        label="Marked moments"
        moments={replay.markers.map(([seconds, text]) => ({ seconds: time.recorded(seconds), text }))}
      />
    </>
  )
}

function segmented(url: string): { readonly url: string; readonly format: 'segmented' } {
  return { url, format: 'segmented' }
}

/** Calls `seek` when the address names another moment, or the same one again. */
function useSeekTo(seek: () => void): void {
  useEffect(() => {
    addEventListener('hashchange', seek)
    addEventListener('moment-again', seek)
    return () => {
      removeEventListener('hashchange', seek)
      removeEventListener('moment-again', seek)
    }
  }, [seek])
}
