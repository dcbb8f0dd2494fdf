/** The player in a page. It is a large piece of code, and is fetched only where a recording is shown. */
import type { Options, Player, Source } from 'asciinema-player'
import { useEffect, useRef, useState } from 'preact/hooks'

/** In played seconds, which the player counts in. */
export interface Handle {
  seek(seconds: number): void
  /** Where it is; undefined before it has loaded. */
  now(): number | undefined
  /** What stands on its screen. */
  text(): string
}

interface PlayerProps {
  readonly source: Source
  /** Changes where another player is needed. */
  readonly name: string
  readonly options: Options
  readonly ready?: (handle: Handle) => void
}

export function PlayerBox({ source, name, options, ready }: PlayerProps) {
  const box = useRef<HTMLDivElement>(null)
  const [failure, setFailure] = useState('')
  const isDark = useIsDark()
  // The name stands for the source and its options, which are made anew with each drawing of the page.
  useEffect(() => {
    let isGone = false
    let player: Player | undefined
    Promise.all([import('asciinema-player'), import('asciinema-player/dist/bundle/asciinema-player.css')]).then(
      ([{ create }]) => {
        if (isGone || box.current === null) return
        player = create(source, box.current, {
          fit: 'width',
          controls: true,
          theme: isDark ? 'sallyport-dark' : 'sallyport-light',
          terminalFontFamily: 'ui-monospace, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace',
          ...options,
        })
        ready?.(handleOf(player, box.current))
      },
      () => setFailure('The player could not be loaded; reload the page.'),
    )
    return () => {
      isGone = true
      player?.dispose()
    }
  }, [name, isDark])
  return (
    <>
      {failure !== '' && <p class="warning">{failure}</p>}
      <div class="player" ref={box} />
    </>
  )
}

function handleOf(player: Player, box: HTMLElement): Handle {
  return {
    seek: (seconds) => void player.seek(seconds).catch(() => {}),
    now: () => player.getCurrentTime(),
    text: () =>
      [...box.querySelectorAll('.ap-line')]
        .map((line) => line.textContent?.trimEnd() ?? '')
        .join('\n')
        .trimEnd(),
  }
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
