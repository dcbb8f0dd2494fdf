/** A person's passkeys, on their own page: add one, revoke one. */
import { useState } from 'preact/hooks'
import { ApiError, type PasskeysView, type PasskeyView, remove } from '../api.ts'
import { addPasskey } from '../passkey.ts'
import { ago, useNow } from '../time.ts'
import { useAnswer } from '../use-answer.ts'
import { Key } from './icons.tsx'
import { Answered } from './page.tsx'
import { SignInAgain, useFreshness } from './step-up.tsx'

export function PasskeySection() {
  const { answer, reload } = useAnswer<PasskeysView>('/passkeys')
  return (
    <section class="list-section" aria-label="Your passkeys">
      <h2>Your passkeys</h2>
      <p class="note">
        A passkey signs what you decide, so that nobody, not even the bastion, can say it was you when it was not.
      </p>
      <Answered answer={answer}>
        {({ usable, passkeys, stepUp }) => (
          <>
            {passkeys.length > 0 && (
              <ul class="rows">
                {passkeys.map((passkey) => (
                  <PasskeyRow key={passkey.id} passkey={passkey} changed={reload} />
                ))}
              </ul>
            )}
            {usable ? (
              <AddPasskey changed={reload} wanted={stepUp} />
            ) : (
              <p class="card">
                Passkeys cannot be used at this address: the bastion’s web.url has to be https with a domain name.
              </p>
            )}
          </>
        )}
      </Answered>
    </section>
  )
}

function useTask(changed: () => void) {
  const [isBusy, setIsBusy] = useState(false)
  const [failure, setFailure] = useState('')
  const run = async (task: () => Promise<unknown>) => {
    setIsBusy(true)
    setFailure('')
    try {
      await task()
      changed()
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'This page broke; reload it.')
    }
    setIsBusy(false)
  }
  const warning = failure !== '' && (
    <p class="warning" role="alert">
      {failure}
    </p>
  )
  return { isBusy, warning, run }
}

interface AddPasskeyProps {
  readonly changed: () => void
  readonly wanted: PasskeysView['stepUp']
}

function AddPasskey({ changed, wanted }: AddPasskeyProps) {
  const freshness = useFreshness(wanted)
  const [label, setLabel] = useState('')
  const { isBusy, warning, run } = useTask(() => {
    setLabel('')
    changed()
  })
  if (freshness === 'asking') return null
  if (freshness === 'old')
    return <SignInAgain wanted={wanted} page="/me" because="Adding a passkey" after="it is added here afterwards" />
  return (
    <form
      class="card confirmation"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isBusy) void run(() => addPasskey(label))
      }}
    >
      {warning}
      <label>
        <span>What you call it, for example “laptop”</span>
        <input required maxLength={60} value={label} onInput={(event) => setLabel(event.currentTarget.value)} />
      </label>
      <div class="buttons">
        <button type="submit" class="button" disabled={isBusy}>
          <Key /> Add a passkey
        </button>
      </div>
    </form>
  )
}

function PasskeyRow({ passkey, changed }: { readonly passkey: PasskeyView; readonly changed: () => void }) {
  const now = useNow()
  const [isSure, setIsSure] = useState(false)
  const { isBusy, warning, run } = useTask(changed)
  const isInForce = passkey.state === 'in-force'
  return (
    <li class={isInForce ? 'row key-row' : 'row key-row gone'}>
      <p class="key-name">
        <Key /> {passkey.label}
      </p>
      <p class="row-facts">
        <span>added {ago(passkey.registeredAt, now)}</span>
        <span>{passkey.lastUsedAt === null ? 'not used since' : `last signed ${ago(passkey.lastUsedAt, now)}`}</span>
        {!isInForce && <span>{passkey.state === 'revoked' ? 'revoked' : 'made for another address'}</span>}
      </p>
      {warning}
      {passkey.state !== 'revoked' && !isSure && (
        <p class="row-end">
          <button type="button" class="button" onClick={() => setIsSure(true)}>
            Revoke…
          </button>
        </p>
      )}
      {passkey.state !== 'revoked' && isSure && (
        <div class="row-question">
          <p>It signs nothing any more. What it has signed stays signed.</p>
          <div class="buttons">
            <button
              type="button"
              class="button reject"
              disabled={isBusy}
              onClick={() => run(() => remove(`/passkeys/${encodeURIComponent(passkey.id)}`))}
            >
              Revoke this passkey
            </button>
            <button type="button" class="button" disabled={isBusy} onClick={() => setIsSure(false)}>
              Back
            </button>
          </div>
        </div>
      )}
    </li>
  )
}
