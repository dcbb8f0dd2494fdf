/** What surrounds every page: skip link, name, navigation, whether the page is live. */
import type { ComponentChildren, JSX } from 'preact'
import type { MeView } from '../api.ts'
import { type LiveState, useLiveState } from '../live.ts'
import { Link } from '../router.tsx'
import { Gate, Inbox, Log, Person, Rules, Scales, Servers, Terminal } from './icons.tsx'

const LIVE: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  offline: 'Not live',
  'signed-out': 'Signed out',
}

interface ShellProps {
  readonly path: string
  readonly me: MeView | undefined
  readonly children: ComponentChildren
}

export function Shell({ path, me, children }: ShellProps) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <div class="top-inner">
          <Link to="/" class="brand">
            <Gate />
            <span>Sallyport</span>
          </Link>
          {me !== undefined && <Navigation path={path} me={me} />}
          {me !== undefined && <LiveDot />}
        </div>
      </header>
      {children}
    </>
  )
}

function Navigation({ path, me }: { readonly path: string; readonly me: MeView }) {
  return (
    <nav aria-label="Pages">
      <Item to="/" isCurrent={path === '/' || path.startsWith('/holds/')} icon={<Inbox />} text="Inbox" />
      <Item to="/sessions" isCurrent={path.startsWith('/sessions')} icon={<Terminal />} text="Sessions" />
      {me.permissions.readAudit && <Item to="/audit" isCurrent={path === '/audit'} icon={<Log />} text="Audit" />}
      {me.permissions.readAudit && (
        <Item to="/quality" isCurrent={path === '/quality'} icon={<Scales />} text="Review" />
      )}
      {me.permissions.administer && (
        <Item
          to="/policy"
          isCurrent={path === '/policy' || path.startsWith('/proposals/')}
          icon={<Rules />}
          text="Policy"
        />
      )}
      {me.permissions.administer && (
        <Item to="/targets" isCurrent={path === '/targets'} icon={<Servers />} text="Targets" />
      )}
      <Item to="/me" isCurrent={path === '/me'} icon={<Person />} text={me.name} />
    </nav>
  )
}

interface ItemProps {
  readonly to: string
  readonly isCurrent: boolean
  readonly icon: JSX.Element
  readonly text: string
}

function Item({ to, isCurrent, icon, text }: ItemProps) {
  return (
    <Link to={to} isCurrent={isCurrent}>
      {icon}
      <span>{text}</span>
    </Link>
  )
}

function LiveDot() {
  const state = useLiveState()
  return (
    <p class={`live live-${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      <span class="live-text">{LIVE[state]}</span>
    </p>
  )
}
