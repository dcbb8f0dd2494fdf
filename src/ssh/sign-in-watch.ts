/** Lets the provider be asked about whoever is on a connection, for as long as it is open. */
import type { Identity, SignInServices } from './sign-in.ts'

export interface WatchedConnection {
  readonly identity: Identity
  readonly hangUp: () => void
  /** Aborted when the connection is gone. */
  readonly closed: AbortSignal
}

/** Hangs up where the sign-in has ended while the connection came in. */
export function watchSignIn(services: SignInServices, { identity, hangUp, closed }: WatchedConnection): void {
  if (identity.signIn === undefined) return
  services.watch(identity.signIn).then(
    (leave) => {
      closed.addEventListener('abort', leave, { once: true })
      if (closed.aborted) leave()
    },
    (error) => {
      services.log.info({ err: error }, 'a sign-in ended while its connection came in')
      hangUp()
    },
  )
}
