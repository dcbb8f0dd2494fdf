import type { KeyBindingId, PrincipalId, SignInId } from './ids.ts'

/** A person or a program (an agent), as the identity provider vouches for them. */
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
  /** Of an agent: the person who answers for it. An agent has one; a person has none. */
  readonly owner?: PrincipalId | undefined
}

/** How and when a person last proved who they are, as far as the provider tells (OpenID Connect Core §2). */
export interface Authentication {
  readonly authTime: Date | undefined
  readonly acr: string | undefined
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
  /** The sign-in that bound it; the key is good as long as that is. */
  readonly signIn?: SignInId | undefined
}

/** What a provider says when somebody signs in, or when it is asked about them again. */
export interface SignedIn extends Authentication {
  readonly principal: Principal
  /** What the provider is asked with again (RFC 6749 §1.5). A secret. */
  readonly refreshToken: string | undefined
  /** The provider's own session, where it names one (OpenID Connect Front-Channel Logout 1.0 §3). */
  readonly sid: string | undefined
}

/** One sign-in of a person. It is good while the provider, asked again and again, still says so. */
export interface SignInRecord {
  readonly id: SignInId
  /** As of `checkedAt`. */
  readonly principal: Principal
  readonly sid: string | undefined
  /** The refresh token, sealed; undefined where the provider gave none, and after the end. */
  readonly refresh: string | undefined
  readonly startedAt: Date
  /** When the provider last vouched for the person. */
  readonly checkedAt: Date
  readonly ended: { readonly at: Date; readonly reason: string } | undefined
}
