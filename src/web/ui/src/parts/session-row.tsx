/** One session in a list. */
import type { SessionView } from '../api.ts'
import { duration } from '../duration.ts'
import { Link } from '../router.tsx'
import { ago, useNow } from '../time.ts'
import { visibleLine } from '../visible-text.ts'

export function SessionRow({ session }: { readonly session: SessionView }) {
  const now = useNow()
  return (
    <li class="row">
      <Link to={`/sessions/${session.id}`} class="row-link session-link">
        <span class="where">
          {session.login}@{session.target}
        </span>
        <code class="command one-line">{session.command === null ? 'shell' : visibleLine(session.command)}</code>
      </Link>
      <p class="row-facts">
        <span>
          {session.viewer.isOwner ? 'you' : session.person.name}, {ago(session.startedAt, now)}
        </span>
        <span>{lasted(session, now)}</span>
        <span class="mono">{session.address}</span>
      </p>
      <p class="row-end">
        <SessionBadge session={session} />
      </p>
    </li>
  )
}

export function SessionBadge({ session }: { readonly session: SessionView }) {
  if (session.isLive && session.ungated !== null) return <span class="badge tone-wait">live, ungated</span>
  if (session.isLive) return <span class="badge tone-live">live</span>
  if (session.endReason !== null) return <span class="badge tone-bad">ended by the bastion</span>
  if (session.endedAt === null) return <span class="badge tone-wait">end not recorded</span>
  if (session.exitStatus === null) return <span class="badge tone-flat">ended</span>
  return (
    <span class={`badge tone-${session.exitStatus === 0 ? 'flat' : 'wait'}`}>exit status {session.exitStatus}</span>
  )
}

export function lasted(session: SessionView, now: number): string {
  if (session.endedAt === null && !session.isLive) return ''
  const end = session.endedAt === null ? now : Date.parse(session.endedAt)
  return duration(end - Date.parse(session.startedAt))
}
