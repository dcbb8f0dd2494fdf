/** One hold: everything a person needs to decide about it, on one screen, and then what became of it. */
import type { HoldView } from '../api.ts'
import { useLive } from '../live.ts'
import { Conversation } from '../parts/conversation.tsx'
import { DebtPanel } from '../parts/debts.tsx'
import { DecisionPanel } from '../parts/decision.tsx'
import { AssuranceBadge, Effects } from '../parts/effects.tsx'
import { EndSession } from '../parts/end-session.tsx'
import { ExactText, ExactTextBox } from '../parts/exact-text.tsx'
import { Fact, Facts, Labels } from '../parts/facts.tsx'
import { GlassPanel } from '../parts/glass.tsx'
import { GrantSection } from '../parts/grants.tsx'
import { HoldRow } from '../parts/hold-row.tsx'
import { isGlassBroken, StateBadge } from '../parts/hold-state.tsx'
import { Answered, Page } from '../parts/page.tsx'
import { Screen } from '../parts/screen.tsx'
import { Link } from '../router.tsx'
import { ago, useNow, when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'

export function HoldPage({ id }: { readonly id: string }) {
  const { answer, reload, put } = useAnswer<HoldView>(`/holds/${encodeURIComponent(id)}`)
  useLive({
    sync: reload,
    hold: (hold) => {
      if (hold.id === id) put(() => hold)
    },
  })
  const hold = answer.kind === 'here' ? answer.data : undefined
  const title =
    hold === undefined ? 'Request' : hold.viewer.isRequester ? 'Your request' : `${hold.requester.name} asks`
  return (
    <Page title={title} class="wide" aside={hold && hold.state.kind !== 'pending' && <StateBadge hold={hold} />}>
      <Answered answer={answer}>{(data) => <HoldDetail hold={data} changed={(newer) => put(() => newer)} />}</Answered>
    </Page>
  )
}

interface HoldDetailProps {
  readonly hold: HoldView
  readonly changed: (hold: HoldView) => void
}

function HoldDetail({ hold, changed }: HoldDetailProps) {
  return (
    <div class="columns">
      <div class="main-column">
        <section class="card">
          <div class="text-head">
            <h2>
              What would run on{' '}
              <strong>
                {hold.login}@{hold.target.name}
              </strong>
            </h2>
            <Labels labels={hold.target.labels} />
          </div>
          <ExactTextBox text={hold.text} label="The exact text" commands={hold.commands} />
          <Effects effects={hold.effects} />
          <AssuranceBadge assurance={hold.assurance} />
          {hold.message !== null && <p class="message">{hold.message}</p>}
          <Conversation hold={hold} changed={changed} />
        </section>
        <DecisionPanel hold={hold} changed={changed} />
        <GlassPanel hold={hold} changed={changed} />
        {isGlassBroken(hold) && <DebtPanel hold={hold.id} />}
        <GrantSection title="Granted with this approval" shows={(grant) => grant.hold === hold.id} />
        <Commands hold={hold} />
        <Screen lines={hold.screen} session={hold.session} isPending={hold.state.kind === 'pending'} />
      </div>
      <div class="side-column">
        <Who hold={hold} />
        <Decisions hold={hold} />
        <Similar id={hold.id} />
        {hold.viewer.mayEndSession && (
          <EndSession id={hold.session} of={hold.requester.name} ended={() => changed(hold)} />
        )}
      </div>
    </div>
  )
}

function Who({ hold }: { readonly hold: HoldView }) {
  const now = useNow()
  const { quorum, requester, rule } = hold
  return (
    <section class="card" aria-label="Who, where and why">
      <Facts>
        <Fact name="Requester">
          {requester.name}
          {requester.email !== null && <span class="sub">{requester.email}</span>}
          <span class="sub mono">from {hold.address}</span>
        </Fact>
        <Fact name="Held by the rule" isLong>
          {rule.name}
          <span class="sub mono">
            {rule.file}:{rule.line}
          </span>
        </Fact>
        <Fact name="May decide">
          {quorum.count === 1 ? 'one person' : `${quorum.count} people`} with the role {quorum.reviewers.join(' or ')}
          {quorum.escalation !== null && (
            <span class="sub">
              {quorum.escalation.isDone
                ? `${quorum.escalation.to.join(' and ')} since ${when(quorum.escalation.at)}`
                : `from ${when(quorum.escalation.at)} on also ${quorum.escalation.to.join(' or ')}`}
            </span>
          )}
          {quorum.distinctRoles && <span class="sub">each from another role</span>}
          {quorum.stepUp !== null && <span class="sub">each approval by a fresh sign-in</span>}
          {quorum.sign === 'passkey' && <span class="sub">each approval signed with a passkey</span>}
          {hold.state.kind === 'pending' && (
            <span class="sub">
              {hold.online.length === 0 ? 'nobody of them is online' : `online: ${hold.online.join(', ')}`}
            </span>
          )}
        </Fact>
        <Fact name="Asked">
          <time dateTime={hold.createdAt} title={when(hold.createdAt)}>
            {ago(hold.createdAt, now)}
          </time>
          <span class="sub">{when(hold.createdAt)}</span>
        </Fact>
        <Fact name="Session">
          <Link to={`/sessions/${hold.session}`}>See the session</Link>
        </Fact>
      </Facts>
    </section>
  )
}

const DECIDED = {
  approve: { text: 'approved', tone: 'good' },
  reject: { text: 'rejected', tone: 'bad' },
  'break-glass': { text: 'broke the glass', tone: 'wait' },
} as const

function Decisions({ hold }: { readonly hold: HoldView }) {
  if (hold.decisions.length === 0) return null
  return (
    <section class="card">
      <h2>Decisions</h2>
      <ol class="decisions">
        {hold.decisions.map((decision) => (
          <li key={decision.by.id}>
            <span class={`badge tone-${DECIDED[decision.kind].tone}`}>{DECIDED[decision.kind].text}</span>{' '}
            {decision.by.name}
            <span class="sub">{when(decision.at)}</span>
            <span class="sub">{decision.vouchedBy === 'passkey' ? 'signed with a passkey' : 'vouched by server'}</span>
            {decision.reason !== '' && <p class="reason">{decision.reason}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** How the same was decided before. It is asked for once: what is decided meanwhile is not what this person goes by. */
function Similar({ id }: { readonly id: string }) {
  const { answer } = useAnswer<{ readonly holds: readonly HoldView[] }>(`/holds/${encodeURIComponent(id)}/similar`)
  if (answer.kind !== 'here' || answer.data.holds.length === 0) return null
  return (
    <section class="list-section similar">
      <h2>Decided before</h2>
      <ul class="rows">
        {answer.data.holds.map((hold) => (
          <HoldRow key={hold.id} hold={hold} />
        ))}
      </ul>
    </section>
  )
}

function Commands({ hold }: { readonly hold: HoldView }) {
  if (hold.commands.length === 0) return null
  // Then it stands above already.
  const isOne = hold.commands.length === 1 && hold.commands[0]?.text === hold.text
  return (
    <section class="card">
      <h2>{isOne ? 'What it does' : `The ${hold.commands.length} commands in it`}</h2>
      <ol class="commands">
        {hold.commands.map((command, index) => (
          <li key={index}>
            {!isOne && (
              <>
                <code class="command" data-number={index + 1}>
                  <ExactText text={command.text} />
                </code>
                <Effects effects={command.effects} />
              </>
            )}
            <p class="because">{command.because}</p>
            {command.objects.length > 0 && (
              <p class="objects">
                {command.objects.map((object, at) => (
                  <span key={at} class="object">
                    {object.kind}{' '}
                    {object.value === null ? (
                      <em>not known from the text</em>
                    ) : (
                      <code>
                        <ExactText text={object.value} />
                      </code>
                    )}
                  </span>
                ))}
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
