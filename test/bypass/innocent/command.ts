/** `npm run bypass -- --innocents`: plays every innocent session, and says of each what was wrong. */
import type { Shell } from '../trick.ts'
import { openPlace } from './place.ts'
import type { Fault } from './play.ts'
import { playAll } from './run.ts'
import { title } from './session.ts'
import { SESSIONS } from './sessions/index.ts'

export interface InnocentOptions {
  readonly shells: readonly Shell[]
  readonly jobs: number
  readonly json: boolean
}

/** Resolves to the exit status: 1 where a session was held wrongly, or looked different. */
export async function playInnocents({ shells, jobs, json }: InnocentOptions): Promise<number> {
  const sessions = SESSIONS.filter(({ shell }) => shells.includes(shell))
  const place = await openPlace(shells, jobs)
  try {
    const played = await playAll(sessions, place)
    if (json) {
      const results = played.map(({ session, faults }) => ({ shell: session.shell, name: session.name, faults }))
      console.log(JSON.stringify({ results }, null, 1))
    } else {
      for (const { session, faults } of played.filter((found) => found.faults.length > 0)) {
        console.log(`${title(session)}\n${faults.map(told).join('\n')}`)
      }
      for (const shell of shells) {
        const mine = played.filter(({ session }) => session.shell === shell)
        console.log(`${shell}: ${mine.filter(({ faults }) => faults.length === 0).length} of ${mine.length} clean`)
      }
    }
    return played.every(({ faults }) => faults.length === 0) ? 0 : 1
  } finally {
    await place.close()
  }
}

function told(fault: Fault): string {
  if (fault.kind === 'stuck') return fault.message
  if (fault.kind === 'verdict') return `  ${fault.event}: ${JSON.stringify(fault.detail)}`
  const rows = Array.from({ length: Math.max(fault.direct.length, fault.through.length) }, (_, row) => row)
  return [
    `  after ${fault.after}`,
    ...rows
      .filter((row) => fault.direct[row] !== fault.through[row])
      .flatMap((row) => [`  - ${fault.direct[row] ?? ''}`, `  + ${fault.through[row] ?? ''}`]),
  ].join('\n')
}
