/** A person's own things: who they are here, their keys, their latest sessions, and leaving. */
import { useState } from 'preact/hooks'
import { ApiError, type KeyView, type MeView, remove, signOut } from '../api.ts'
import { useKeySetting } from '../keys.ts'
import { useLive } from '../live.ts'
import { Fact, Facts } from '../parts/facts.tsx'
import { GrantSection } from '../parts/grants.tsx'
import { Key } from '../parts/icons.tsx'
import { Answered, Page } from '../parts/page.tsx'
import { PasskeySection } from '../parts/passkeys.tsx'
import { SessionRow } from '../parts/session-row.tsx'
import { ago, useNow, when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'
import type { Sessions } from './sessions.tsx'

interface Keys {
  readonly keys: readonly KeyView[]
}

export function MePage({ me }: { readonly me: MeView }) {
  const keys = useAnswer<Keys>('/keys')
  const sessions = useAnswer<Sessions>('/sessions?limit=100')
  useLive({ sync: keys.reload, sessions: sessions.reload })
  return (
    <Page
      title={me.name}
      aside={
        <button type="button" class="button" onClick={() => void signOut()}>
          Sign out
        </button>
      }
    >
      <section class="card" aria-label="You">
        <Facts>
          {me.email !== null && <Fact name="E-mail">{me.email}</Fact>}
          <Fact name="Roles">{me.roles.length === 0 ? 'none' : me.roles.join(', ')}</Fact>
          <Fact name="Vouched for by">
            <span class="mono">{me.issuer}</span>
          </Fact>
          {me.signedInUntil !== null && <Fact name="Signed in until">{when(me.signedInUntil)}</Fact>}
        </Facts>
      </section>
      <KeySetting />
      <GrantSection title="Granted to you" shows={({ viewer }) => viewer.isOwner} />
      <section class="list-section">
        <h2>Your keys</h2>
        <p class="note">
          A key that your ssh client proved when you signed in lets it in again without a browser, until it expires.
        </p>
        <Answered answer={keys.answer}>{(data) => <KeyList keys={data.keys} changed={keys.reload} />}</Answered>
      </section>
      <PasskeySection />
      <Answered answer={sessions.answer}>
        {(data) => <RecentSessions sessions={data.sessions.filter(({ viewer }) => viewer.isOwner).slice(0, 8)} />}
      </Answered>
    </Page>
  )
}

function KeySetting() {
  const { isOn, toggle } = useKeySetting()
  return (
    <section class="card" aria-label="Shortcuts">
      <label class="choice">
        <input type="checkbox" checked={isOn} onInput={toggle} />{' '}
        <span>
          Single keys are shortcuts here: <kbd>j</kbd> and <kbd>k</kbd> go through lists, <kbd>a</kbd> and <kbd>r</kbd>{' '}
          begin to approve and reject
        </span>
      </label>
    </section>
  )
}

function KeyList({ keys, changed }: Keys & { readonly changed: () => void }) {
  if (keys.length === 0) return <p class="card">No key is bound to you.</p>
  const inForce = keys.filter(({ state }) => state === 'in-force')
  const others = keys.filter(({ state }) => state !== 'in-force')
  return (
    <>
      {inForce.length > 1 && <RevokeAll keys={inForce} changed={changed} />}
      <ul class="rows">
        {[...inForce, ...others].map((key) => (
          <KeyRow key={key.id} binding={key} changed={changed} />
        ))}
      </ul>
    </>
  )
}

/** For whoever has lost a machine and does not know which key was on it. */
function RevokeAll({ keys, changed }: Keys & { readonly changed: () => void }) {
  const [step, setStep] = useState<'idle' | 'sure' | 'sending'>('idle')
  const [failure, setFailure] = useState('')
  const revoke = async () => {
    setStep('sending')
    const results = await Promise.allSettled(keys.map(({ id }) => remove(`/keys/${encodeURIComponent(id)}`)))
    const [failed] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    if (failed !== undefined) setFailure(failed instanceof ApiError ? failed.message : 'This page broke; reload it.')
    setStep('idle')
    changed()
  }
  return (
    <div class="card">
      {failure !== '' && (
        <p class="warning" role="alert">
          Not every key was revoked: {failure}
        </p>
      )}
      {step === 'idle' ? (
        <button type="button" class="button" onClick={() => setStep('sure')}>
          Revoke all {keys.length} keys…
        </button>
      ) : (
        <>
          <p>Every connection that came in by one of them ends at once.</p>
          <div class="buttons">
            <button type="button" class="button reject" onClick={revoke} disabled={step === 'sending'}>
              Revoke all of them
            </button>
            <button type="button" class="button" onClick={() => setStep('idle')} disabled={step === 'sending'}>
              Back
            </button>
          </div>
        </>
      )}
    </div>
  )
}

function KeyRow({ binding, changed }: { readonly binding: KeyView; readonly changed: () => void }) {
  const now = useNow()
  const [step, setStep] = useState<'idle' | 'sure' | 'sending'>('idle')
  const [failure, setFailure] = useState('')
  const revoke = async () => {
    setStep('sending')
    try {
      await remove(`/keys/${encodeURIComponent(binding.id)}`)
      changed()
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'This page broke; reload it.')
    }
    setStep('idle')
  }
  const isInForce = binding.state === 'in-force'
  return (
    <li class={isInForce ? 'row key-row' : 'row key-row gone'}>
      <p class="key-name">
        <Key />
        <code class="command">{binding.fingerprint}</code>
      </p>
      <p class="row-facts">
        <span>bound {ago(binding.boundAt, now)}</span>
        <span class="mono">from {binding.address}</span>
        <span>{binding.lastUsedAt === null ? 'not used since' : `last used ${ago(binding.lastUsedAt, now)}`}</span>
        <span title={when(binding.expiresAt)}>
          {isInForce ? `expires ${ago(binding.expiresAt, now)}` : binding.state}
        </span>
      </p>
      {failure !== '' && (
        <p class="warning" role="alert">
          {failure}
        </p>
      )}
      {isInForce && step === 'idle' && (
        <p class="row-end">
          <button type="button" class="button" onClick={() => setStep('sure')}>
            Revoke…
          </button>
        </p>
      )}
      {step !== 'idle' && (
        <div class="row-question">
          <p>Every connection that came in by this key ends at once, and the next one has to sign in with a browser.</p>
          <div class="buttons">
            <button type="button" class="button reject" onClick={revoke} disabled={step === 'sending'}>
              Revoke this key
            </button>
            <button type="button" class="button" onClick={() => setStep('idle')} disabled={step === 'sending'}>
              Back
            </button>
          </div>
        </div>
      )}
    </li>
  )
}

function RecentSessions({ sessions }: Sessions) {
  if (sessions.length === 0) return null
  return (
    <section class="list-section">
      <h2>Your latest sessions</h2>
      <ul class="rows">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
    </section>
  )
}
