/**
 * The page a terminal sends its person to. It shows who asks, waits until the identity provider has confirmed the code,
 * and then wants the words picked that stand in the terminal: that click, and nothing before it, is the consent.
 */
import { useEffect, useState } from 'preact/hooks'
import { ApiError, type LoginView, type MeView, post } from '../api.ts'
import { countdown } from '../duration.ts'
import { Origin, Steps } from '../parts/login-origin.tsx'
import { Failure, Page } from '../parts/page.tsx'
import { go } from '../router.tsx'
import { useNow } from '../time.ts'
import { useAnswer } from '../use-answer.ts'

const POLL_MS = 700

type Ending = 'let-in' | 'refused'

export function CodePage() {
  const [code, setCode] = useState('')
  return (
    <Page title="Sign in a terminal" class="narrow">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault()
          go(`/d/${encodeURIComponent(code.trim())}`)
        }}
      >
        <label>
          The code that your terminal shows
          <input
            class="code-input"
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
            placeholder="WDJB-MJHT"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxLength={32}
            pattern="\s*[A-Za-z0-9\-]+\s*"
            required
          />
        </label>
        <div class="buttons">
          <button type="submit" class="button primary">
            Go on
          </button>
        </div>
      </form>
    </Page>
  )
}

export function ConsentPage({ code, me }: { readonly code: string; readonly me: MeView }) {
  const { answer, reload } = useAnswer<LoginView>(`/logins/${encodeURIComponent(code)}`)
  const [ending, setEnding] = useState<Ending | undefined>(undefined)
  const [failure, setFailure] = useState<ApiError | undefined>(undefined)
  const waitsForIdentity = answer.kind === 'here' && answer.data.waitsFor === 'identity' && ending === undefined
  useEffect(() => {
    if (!waitsForIdentity) return
    const timer = setInterval(reload, POLL_MS)
    return () => clearInterval(timer)
  }, [waitsForIdentity, reload])

  const say = async (path: 'consent' | 'deny', body: unknown, then: Ending) => {
    try {
      await post(`/logins/${encodeURIComponent(code)}/${path}`, body)
      setEnding(then)
    } catch (error) {
      setFailure(error instanceof ApiError ? error : new ApiError(0, 'This page broke; reload it.'))
    }
  }

  return (
    <Page title="A terminal asks to be let in" class="narrow">
      {ending !== undefined ? (
        <Done ending={ending} />
      ) : failure !== undefined ? (
        <Failure error={failure} />
      ) : answer.kind === 'failed' ? (
        <Failure error={answer.error} />
      ) : answer.kind === 'waiting' ? (
        <p class="waiting">Asking the bastion…</p>
      ) : (
        <Question
          code={code}
          login={answer.data}
          me={me}
          pick={(words) => say('consent', { words }, 'let-in')}
          refuse={(notMe) => say('deny', { notMe }, 'refused')}
        />
      )}
    </Page>
  )
}

function Done({ ending }: { readonly ending: Ending }) {
  return ending === 'let-in' ? (
    <div class="card ending good" role="status">
      <h2>Your terminal goes on</h2>
      <p>You can close this page.</p>
    </div>
  ) : (
    <div class="card ending" role="status">
      <h2>The terminal was refused</h2>
      <p>Nobody was let in, and the attempt is in the audit log. You can close this page.</p>
    </div>
  )
}

interface QuestionProps {
  readonly code: string
  readonly login: LoginView
  readonly me: MeView
  readonly pick: (words: string) => Promise<void>
  readonly refuse: (notMe: boolean) => Promise<void>
}

function Question({ code, login, me, pick, refuse }: QuestionProps) {
  const now = useNow()
  const [isSending, setIsSending] = useState(false)
  const once = (act: () => Promise<void>) => () => {
    setIsSending(true)
    void act()
  }
  return (
    <>
      <Origin login={login} now={now} />
      {login.waitsFor === 'other-person' ? (
        <div class="card failure" role="alert">
          <h2>Somebody else confirmed this code</h2>
          <p>
            You are signed in as {me.name}, and the code was confirmed by another person at the identity provider. The
            terminal is not let in. If you did not start this, say so below.
          </p>
        </div>
      ) : (
        <div class="card" aria-live="polite">
          <Steps at={login.waitsFor === 'identity' ? 1 : 2} />
          {login.waitsFor === 'identity' ? (
            <ConfirmCode code={code} login={login} />
          ) : (
            <fieldset class="words" disabled={isSending}>
              <legend>Pick the words your terminal shows</legend>
              {login.choices.map((words) => (
                <button key={words} type="button" class="button word" onClick={once(() => pick(words))}>
                  {words}
                </button>
              ))}
            </fieldset>
          )}
        </div>
      )}
      <div class="buttons refusals">
        <button type="button" class="button" disabled={isSending} onClick={once(() => refuse(false))}>
          Refuse
        </button>
        <button type="button" class="button reject" disabled={isSending} onClick={once(() => refuse(true))}>
          This was not me
        </button>
        <p class="note">
          {Date.parse(login.expiresAt) > now
            ? `The code is good for ${countdown(Date.parse(login.expiresAt) - now)}.`
            : 'The code has expired.'}
        </p>
      </div>
    </>
  )
}

function ConfirmCode({ code, login }: { readonly code: string; readonly login: LoginView }) {
  return (
    <>
      <p>
        First confirm at the identity provider that you started this. It shows the same code:{' '}
        <strong class="code">{code.toUpperCase()}</strong>
      </p>
      <p>
        <a class="button primary" href={login.verificationUrl} target="_blank" rel="noopener noreferrer">
          Confirm the code
        </a>
      </p>
      <p class="waiting">This page goes on by itself.</p>
    </>
  )
}
