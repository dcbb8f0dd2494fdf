/**
 * Identifiers. Each kind of thing has its own brand, so that a session's id can never be passed where a hold's is meant.
 * They are made of random bits (not guessable, not ordered), in Crockford's base 32: no vowels that spell words,
 * nothing to confuse when read aloud.
 */
declare const brand: unique symbol
export type Id<Name extends string> = string & { readonly [brand]: Name }

export type PrincipalId = Id<'principal'>
export type ConnectionId = Id<'connection'>
export type SessionId = Id<'session'>
export type ActionId = Id<'action'>
export type HoldId = Id<'hold'>
export type GrantId = Id<'grant'>
export type KeyBindingId = Id<'key-binding'>
export type LoginId = Id<'login'>
export type SignInId = Id<'sign-in'>
export type ProposalId = Id<'proposal'>

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Returns `length` random characters of 5 bits each. */
export function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('')
}

const make =
  <T extends string>(prefix: string, length: number) =>
  (): T =>
    `${prefix}${randomText(length)}` as T

export const newConnectionId = make<ConnectionId>('c', 16)
export const newSessionId = make<SessionId>('s', 16)
export const newActionId = make<ActionId>('a', 16)
/** Short enough to read out: a hold is looked up only by people who may see it, so it need not be a secret. */
export const newHoldId = make<HoldId>('h', 8)
/** Read out and typed like a hold's, and found like one only by people who may see it. */
export const newGrantId = make<GrantId>('g', 8)
/** As a hold's. */
export const newProposalId = make<ProposalId>('p', 8)
export const newKeyBindingId = make<KeyBindingId>('k', 16)
export const newLoginId = make<LoginId>('l', 16)
export const newSignInId = make<SignInId>('i', 16)

/**
 * Names a person for good: OIDC Core §5.7 says only `iss` and `sub` together do; names and e-mail addresses are reused.
 */
export function principalId(issuer: string, subject: string): PrincipalId {
  return `${issuer}#${subject}` as PrincipalId
}
