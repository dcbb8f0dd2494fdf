import type { PrincipalId } from './ids.ts'

/** A public key as a JSON Web Key (RFC 7517): names and values, all text. */
export type PublicJwk = Readonly<Record<string, string>>

/** A person's passkey, as it was registered. It is never removed, only revoked: what it signed stays to be verified. */
export interface PasskeyRecord {
  /** The credential's id, base64url; the authenticator chose it. */
  readonly credential: string
  readonly principal: PrincipalId
  /** What the person calls it. */
  readonly label: string
  readonly publicKey: PublicJwk
  /** The host name that it signs for (the relying party id). */
  readonly site: string
  /** The authenticator's counter when it was last used; 0 for ever where it keeps none. */
  readonly counter: number
  readonly registeredAt: Date
  readonly lastUsedAt: Date | undefined
  readonly revokedAt: Date | undefined
}

/** What a browser brings back, each part as base64url. */
export interface Assertion {
  readonly credential: string
  readonly authenticatorData: string
  readonly clientData: string
  readonly signature: string
}

/** What was signed (approval/receipt.ts has its fields), and the signature. */
export interface Receipt {
  readonly statement: Readonly<Record<string, unknown>>
  readonly assertion: Assertion
}
