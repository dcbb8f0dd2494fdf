/** One hold in a list. The whole row leads to its page. */
import type { HoldView } from '../api.ts'
import { Link } from '../router.tsx'
import { ago, useNow } from '../time.ts'
import { Effects } from './effects.tsx'
import { ExactText } from './exact-text.tsx'
import { StateBadge, TimeLeft } from './hold-state.tsx'

export function HoldRow({ hold }: { readonly hold: HoldView }) {
  const now = useNow()
  const isPending = hold.state.kind === 'pending'
  return (
    <li class="row hold-row">
      <Link to={`/holds/${hold.id}`} class="row-link">
        <code class="command">
          <ExactText text={hold.text} />
        </code>
      </Link>
      <p class="row-facts">
        <span class="where">
          {hold.login}@{hold.target.name}
        </span>
        <span>
          {hold.viewer.isRequester ? 'you' : hold.requester.name}, {ago(hold.createdAt, now)}
        </span>
        <Effects effects={hold.effects} />
      </p>
      <p class="row-end">{isPending ? <TimeLeft hold={hold} /> : <StateBadge hold={hold} />}</p>
    </li>
  )
}
