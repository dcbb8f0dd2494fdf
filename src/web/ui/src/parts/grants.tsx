/** Grants in force, each with a way to take it back. A list without any is not shown. */
import { useState } from 'preact/hooks'
import { ApiError, type GrantView, remove } from '../api.ts'
import { countdown } from '../duration.ts'
import { useLive } from '../live.ts'
import { ago, useNow, when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'
import { ExactText } from './exact-text.tsx'

interface Grants {
  readonly grants: readonly GrantView[]
}

interface GrantSectionProps {
  readonly title: string
  readonly shows: (grant: GrantView) => boolean
}

export function GrantSection({ title, shows }: GrantSectionProps) {
  const { answer, reload } = useAnswer<Grants>('/grants')
  const now = useNow()
  useLive({ sync: reload, grants: reload, sessions: reload })
  if (answer.kind !== 'here') return null
  const live = answer.data.grants.filter((grant) => shows(grant) && Date.parse(grant.until) > now)
  if (live.length === 0) return null
  return (
    <section class="list-section">
      <h2>
        {title} <span class="count">{live.length}</span>
      </h2>
      <ul class="rows">
        {live.map((grant) => (
          <GrantRow key={grant.id} grant={grant} now={now} changed={reload} />
        ))}
      </ul>
    </section>
  )
}

interface GrantRowProps {
  readonly grant: GrantView
  readonly now: number
  readonly changed: () => void
}

function GrantRow({ grant, now, changed }: GrantRowProps) {
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState('')
  const revoke = async () => {
    setIsSending(true)
    try {
      await remove(`/grants/${encodeURIComponent(grant.id)}`)
      changed()
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'This page broke; reload it.')
    }
    setIsSending(false)
  }
  const used = grant.uses === 1 ? 'used once' : `used ${grant.uses} times`
  return (
    <li class="row">
      <code class="command">
        <ExactText text={grant.text} />
      </code>
      <p class="row-facts">
        <span class="where">
          {grant.login}@{grant.target}
        </span>
        <span>
          {grant.viewer.isOwner ? 'you' : grant.person.name},{' '}
          {grant.scope === 'session' ? 'in one session' : 'in every session'}
        </span>
        <span>by {grant.by.name}</span>
        <span title={when(grant.until)}>{countdown(Date.parse(grant.until) - now)} left</span>
        <span>{grant.lastUsedAt === null ? 'not used yet' : `${used}, last ${ago(grant.lastUsedAt, now)}`}</span>
      </p>
      {failure !== '' && (
        <p class="warning" role="alert">
          {failure}
        </p>
      )}
      {grant.viewer.mayRevoke && (
        <p class="row-end">
          <button type="button" class="button" onClick={revoke} disabled={isSending}>
            Revoke
          </button>
        </p>
      )}
    </li>
  )
}
