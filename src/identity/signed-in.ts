/** What the provider's answer to a sign-in, or to a refresh, says: the person, and what is needed to ask again. */
import type { SignedIn } from '../core/principal.ts'
import { type Claims, principalFromClaims } from './claims.ts'
import type { IdentitySettings } from './config.ts'

const MAX_REFRESH_TOKEN_LENGTH = 16 * 1024
const MAX_SHORT_CLAIM_LENGTH = 255

/** `claims` must come out of a signature check of the ID token that came with `refreshToken`. */
export function signedIn(claims: Claims, refreshToken: string | undefined, settings: IdentitySettings): SignedIn {
  return {
    principal: principalFromClaims(claims, settings),
    refreshToken: refreshToken !== undefined && isUsable(refreshToken) ? refreshToken : undefined,
    sid: shortText(claims.sid),
    authTime: timeOf(claims.auth_time),
    acr: shortText(claims.acr),
  }
}

/** RFC 6749 §A.17: visible ASCII characters and spaces. */
function isUsable(token: string): boolean {
  return token.length > 0 && token.length <= MAX_REFRESH_TOKEN_LENGTH && /^[\x20-\x7e]+$/.test(token)
}

/** Compared only, and a claim of another shape is as good as none. */
function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_SHORT_CLAIM_LENGTH ? value : undefined
}

function timeOf(value: unknown): Date | undefined {
  return typeof value === 'number' && value > 0 && value < 8.64e12 ? new Date(Math.floor(value) * 1000) : undefined
}
