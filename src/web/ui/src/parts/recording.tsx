/** A recording, played. The player is a large piece of code, and is fetched only where a recording is shown. */
import type { Player } from 'asciinema-player'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, readText } from '../api.ts'
import { type Cast, type Marker, readCast } from '../cast.ts'
import { countdown } from '../duration.ts'
import { visibleLine } from '../visible-text.ts'

type Loaded =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'here'; readonly cast: Cast }
  | { readonly kind: 'failed'; readonly message: string }

export function Recording({ session, isLive }: { readonly session: string; readonly isLive: boolean }) {
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'waiting' })
  const load = () => {
    readText(`/recordings/${encodeURIComponent(session)}/cast`)
      .then((text) => setLoaded({ kind: 'here', cast: readCast(text) }))
      .catch((error) =>
        setLoaded({
          kind: 'failed',
          message: error instanceof ApiError ? error.message : 'The recording is damaged and cannot be shown.',
        }),
      )
  }
  useEffect(load, [session])
  return (
    <section class="card recording" aria-label="Recording">
      {isLive && (
        <div class="live-note" role="note">
          <p>This session is still running. The recording is shown as far as it went when you opened it.</p>
          <button type="button" class="button" onClick={load}>
            Load what came since
          </button>
        </div>
      )}
      {loaded.kind === 'waiting' && <p class="waiting">Fetching the recording…</p>}
      {loaded.kind === 'failed' && <p class="warning">{loaded.message}</p>}
      {loaded.kind === 'here' && loaded.cast.isEmpty && <p>Nothing has been recorded yet.</p>}
      {loaded.kind === 'here' && !loaded.cast.isEmpty && <Playback cast={loaded.cast} />}
    </section>
  )
}

function Playback({ cast }: { readonly cast: Cast }) {
  const box = useRef<HTMLDivElement>(null)
  const player = useRef<Player | undefined>(undefined)
  const [failure, setFailure] = useState('')
  const isDark = useIsDark()
  useEffect(() => {
    let isGone = false
    Promise.all([import('asciinema-player'), import('asciinema-player/dist/bundle/asciinema-player.css')]).then(
      ([{ create }]) => {
        if (isGone || box.current === null) return
        player.current = create({ data: cast.text }, box.current, {
          fit: 'width',
          controls: true,
          preload: true,
          idleTimeLimit: 2,
          poster: 'npt:3600:00:00',
          theme: isDark ? 'sallyport-dark' : 'sallyport-light',
          terminalFontFamily: 'ui-monospace, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace',
        })
      },
      () => setFailure('The player could not be loaded; reload the page.'),
    )
    return () => {
      isGone = true
      player.current?.dispose()
      player.current = undefined
    }
  }, [cast, isDark])
  return (
    <>
      {failure !== '' && <p class="warning">{failure}</p>}
      <div class="player" ref={box} />
      <Markers markers={cast.markers} seek={(marker) => void playFrom(player.current, marker)} />
    </>
  )
}

async function playFrom(player: Player | undefined, marker: number): Promise<void> {
  await player?.seek({ marker })
  await player?.play()
}

function Markers({ markers, seek }: { readonly markers: readonly Marker[]; readonly seek: (index: number) => void }) {
  if (markers.length === 0) return null
  return (
    <ol class="markers" aria-label="Marked moments">
      {markers.map((marker, index) => (
        <li key={index}>
          <button type="button" onClick={() => seek(index)}>
            <span class="at">{countdown(Math.floor(marker.seconds) * 1000)}</span>
            <span>{visibleLine(marker.label)}</span>
          </button>
        </li>
      ))}
    </ol>
  )
}

function useIsDark(): boolean {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'))
  const [isDark, setIsDark] = useState(query.matches)
  useEffect(() => {
    const changed = () => setIsDark(query.matches)
    query.addEventListener('change', changed)
    return () => query.removeEventListener('change', changed)
  }, [query])
  return isDark
}
