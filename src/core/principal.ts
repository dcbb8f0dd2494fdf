import type { KeyBindingId, PrincipalId } from './ids.ts'

/** A person (later also an agent), as the identity provider vouches for them. */
export interface Principal {
  readonly id: PrincipalId
  readonly issuer: string
  readonly subject: string
  /** For people to read; never compared. */
  readonly name: string
  /** Only when the provider says it verified it; used to keep one person with two accounts from approving himself. */
  readonly email: string | undefined
  /** The provider's groups, from the configured claim. Roles are made of them by policy. */
  readonly groups: readonly string[]
}

/** A public key that a client proved and a person claimed in the browser: the next connection with it goes straight in. */
export interface KeyBinding {
  readonly id: KeyBindingId
  /** `SHA256:…` as OpenSSH prints it. */
  readonly fingerprint: string
  readonly principal: Principal
  readonly boundAt: Date
  readonly expiresAt: Date
  readonly lastUsedAt: Date | undefined
  /** Where the client was when the key was bound. */
  readonly address: string
  readonly revokedAt: Date | undefined
}
