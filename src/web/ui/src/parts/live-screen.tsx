/** A live session: its terminal as it goes on, from the screen that it has now; or, on other pages, its last lines as text. */
import { useEffect, useState } from 'preact/hooks'
import { read } from '../api.ts'
import { visibleLine } from '../visible-text.ts'
import { PlayerBox } from './player.tsx'

export function LiveTerminal({ session }: { readonly session: string }) {
  const path = `/api/v1/recordings/${encodeURIComponent(session)}/live`
  return (
    <section class="card recording" aria-label="Live terminal">
      <div class="live-note" role="note">
        <p>
          <span class="badge tone-live">live</span> What the person sees, as it is stored. That you watch is recorded.
        </p>
      </div>
      <PlayerBox name={path} source={live(path)} options={{ autoPlay: true, controls: false }} />
    </section>
  )
}

function live(url: string): { readonly url: string; readonly driver: 'eventsource'; readonly bufferTime: number } {
  return { url, driver: 'eventsource', bufferTime: 0 }
}

const EVERY_MS = 1_000

/** What stands on the screen now, where the page may draw no terminal; undefined when nobody may look or it is over. */
export function useLastLines(session: string, isWanted: boolean): readonly string[] | undefined {
  const [lines, setLines] = useState<readonly string[] | undefined>(undefined)
  useEffect(() => {
    if (!isWanted) return
    let isGone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      try {
        const answer = await read<{ lines: readonly string[] }>(`/recordings/${encodeURIComponent(session)}/screen`)
        if (isGone) return
        setLines(answer.lines.map(visibleLine))
        timer = setTimeout(() => void ask(), EVERY_MS)
      } catch {
        if (!isGone) setLines(undefined)
      }
    }
    void ask()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [session, isWanted])
  return lines
}
