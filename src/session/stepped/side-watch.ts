/** Notices that the way on which a gated shell asks is cut, or that nobody at its other end answers any more. */
import type { Clock } from '../../core/clock.ts'
import type { SideChannel } from '../channel.ts'

/** How often the other end is asked whether it is there, and how long it may take to say so. */
const PROBE_EVERY_MS = 5_000
const PROBE_LIMIT_MS = 10_000

/** Calls `onLost` once, when the way is lost; returns what stops the watch. */
export function watchSide(side: Pick<SideChannel, 'closed' | 'probe'>, clock: Clock, onLost: () => void): () => void {
  let isOver = false
  let stopTimer = () => {}
  const stop = () => {
    isOver = true
    stopTimer()
    side.closed.removeEventListener('abort', lose)
  }
  const lose = () => {
    stop()
    onLost()
  }
  const probe = async () => {
    stopTimer = clock.after(PROBE_LIMIT_MS, lose)
    await side.probe()
    stopTimer()
    if (!isOver) stopTimer = clock.after(PROBE_EVERY_MS, () => void probe())
  }
  if (side.closed.aborted) lose()
  else {
    side.closed.addEventListener('abort', lose, { once: true })
    stopTimer = clock.after(PROBE_EVERY_MS, () => void probe())
  }
  return stop
}
