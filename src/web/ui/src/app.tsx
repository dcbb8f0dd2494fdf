/** Which page stands at which address, and who is signed in. */
import { ApiError, type MeView } from './api.ts'
import { useRowKeys } from './keys.ts'
import { useLiveState } from './live.ts'
import { useNotifications } from './notify.ts'
import { AuditPage } from './pages/audit.tsx'
import { CodePage, ConsentPage } from './pages/consent.tsx'
import { HoldPage } from './pages/hold.tsx'
import { InboxPage } from './pages/inbox.tsx'
import { MePage } from './pages/me.tsx'
import { PolicyPage } from './pages/policy.tsx'
import { ProposalPage } from './pages/proposal.tsx'
import { QualityPage } from './pages/quality.tsx'
import { SessionPage } from './pages/session.tsx'
import { SessionsPage } from './pages/sessions.tsx'
import { SignedOutPage } from './pages/signed-out.tsx'
import { TargetsPage } from './pages/targets.tsx'
import { Failure, Page } from './parts/page.tsx'
import { Shell } from './parts/shell.tsx'
import { usePath } from './router.tsx'
import { type Answer, useAnswer } from './use-answer.ts'

export function App() {
  const path = usePath()
  useNotifications()
  useRowKeys()
  const { answer } = useAnswer<MeView>('/me')
  const isSignedOut = useLiveState() === 'signed-out'
  const me: Answer<MeView> = isSignedOut ? { kind: 'failed', error: new ApiError(401, 'You were signed out.') } : answer
  return (
    <Shell path={path} me={me.kind === 'here' ? me.data : undefined}>
      <Current path={path} me={me} />
    </Shell>
  )
}

function Current({ path, me }: { readonly path: string; readonly me: Answer<MeView> }) {
  if (me.kind === 'waiting') return <main id="main" class="page" />
  if (me.kind === 'failed') {
    return me.error.status === 401 ? (
      <SignedOutPage path={path} />
    ) : (
      <Page title="Sallyport">
        <Failure error={me.error} />
      </Page>
    )
  }
  const [, section, rest] = path.split('/')
  const argument = rest === undefined ? '' : decoded(rest)
  switch (section) {
    case '':
      return <InboxPage me={me.data} />
    case 'holds':
      return <HoldPage key={argument} id={argument} />
    case 'sessions':
      return argument === '' ? <SessionsPage /> : <SessionPage key={argument} id={argument} />
    case 'me':
      return <MePage me={me.data} />
    case 'audit':
      return <AuditPage />
    case 'quality':
      return <QualityPage />
    case 'policy':
      return <PolicyPage />
    case 'proposals':
      return <ProposalPage key={argument} id={argument} />
    case 'targets':
      return <TargetsPage />
    case 'd':
      return argument === '' ? <CodePage /> : <ConsentPage key={argument} code={argument} me={me.data} />
    default:
      return (
        <Page title="No such page">
          <p>There is nothing at this address.</p>
        </Page>
      )
  }
}

/** An address may be typed by hand; what cannot be decoded is looked up as it is, and not found. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
