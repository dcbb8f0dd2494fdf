/** Who asks to be let in, large enough to be read before anything is clicked; a difference of address in red. */
import type { LoginView } from '../api.ts'
import { ago, when } from '../time.ts'
import { visibleLine } from '../visible-text.ts'
import { Fact, Facts } from './facts.tsx'
import { Alert } from './icons.tsx'

export function Origin({ login, now }: { readonly login: LoginView; readonly now: number }) {
  return (
    <section class="card origin" aria-label="Who asks">
      <p class="origin-target">
        <span class="mono">
          {login.login === '' ? '' : `${visibleLine(login.login)}@`}
          <strong>{visibleLine(login.target)}</strong>
        </span>
      </p>
      <Facts>
        <Fact name="From">
          <span class={login.isSameAddress === false ? 'mono differs' : 'mono'}>{login.address}</span>
          {login.isSameAddress === true && <span class="sub">same as this browser’s</span>}
        </Fact>
        <Fact name="Asked">
          <time dateTime={login.requestedAt} title={when(login.requestedAt)}>
            {ago(login.requestedAt, now)}
          </time>
        </Fact>
        <Fact name="Key" isLong={login.fingerprint !== null}>
          {login.fingerprint === null ? 'no key' : <code class="command">{login.fingerprint}</code>}
          {login.fingerprint !== null && (
            <span class="sub">it will be bound to you, so that the next connection goes straight in</span>
          )}
        </Fact>
        <Fact name="Client" isLong>
          <span class="mono">{visibleLine(login.clientVersion)}</span>
        </Fact>
      </Facts>
      {login.isSameAddress === false && (
        <p class="warning differs" role="alert">
          <Alert /> The terminal is at {login.address}, this browser at {login.browserAddress}. If you did not start ssh
          on that other machine, somebody is trying to get in with your name: press “This was not me”.
        </p>
      )}
    </section>
  )
}

export function Steps({ at }: { readonly at: 1 | 2 }) {
  return (
    <ol class="steps">
      <li class={at === 1 ? 'now' : 'past'} aria-current={at === 1 ? 'step' : undefined}>
        Confirm the code
      </li>
      <li class={at === 2 ? 'now' : ''} aria-current={at === 2 ? 'step' : undefined}>
        Pick the words
      </li>
    </ol>
  )
}
