/** Nobody is signed in. Somebody who was sent here by a terminal's code is sent on at once; others are asked. */
import { useEffect } from 'preact/hooks'
import { signInPath } from '../api.ts'
import { Page } from '../parts/page.tsx'

export function SignedOutPage({ path }: { readonly path: string }) {
  const isFromTerminal = path === '/d' || path.startsWith('/d/')
  useEffect(() => {
    if (isFromTerminal) location.replace(signInPath(path))
  }, [isFromTerminal, path])
  if (isFromTerminal) {
    return (
      <Page title="Signing in" class="narrow">
        <p>Taking you to the identity provider…</p>
      </Page>
    )
  }
  return (
    <Page title="Sign in" class="narrow">
      <div class="card sign-in">
        <p>
          Sallyport stands between people and the hosts they work on. Here commands that wait for a second person are
          decided, and sessions are seen again.
        </p>
        <p>
          <a class="button primary" href={signInPath(path)}>
            Sign in with the identity provider
          </a>
        </p>
      </div>
    </Page>
  )
}
