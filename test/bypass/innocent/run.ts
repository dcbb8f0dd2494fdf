/** Plays innocent sessions, several at once, each in an account of its own. */
import type { Shell } from '../trick.ts'
import type { Place } from './place.ts'
import { type Fault, play } from './play.ts'
import type { Session } from './session.ts'

export interface Played {
  readonly session: Session
  readonly faults: readonly Fault[]
}

export async function playAll(
  sessions: readonly Session[],
  place: Place,
  onPlayed: (played: Played) => void = () => {},
): Promise<readonly Played[]> {
  const all: Played[] = []
  for (const shell of new Set<Shell>(sessions.map((session) => session.shell))) {
    const queue = sessions.filter((session) => session.shell === shell).values()
    await Promise.all(
      place.seats(shell).map(async (seat) => {
        for (const session of queue) {
          const played = { session, faults: await play(session, seat, place) }
          all.push(played)
          onPlayed(played)
        }
      }),
    )
  }
  return all
}
