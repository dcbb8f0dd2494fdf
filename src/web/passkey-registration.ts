/**
 * A new passkey: what the browser is asked to make, and what is kept of what it made (WebAuthn §7.1). Whose it is, is who
 * is signed in; the authenticator has to have made sure of the person, as it will for each signature.
 *
 * INVARIANT: what was begun is finished once, in the same browser and within LIFE_MS.
 */
import {
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { COSEALG, cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import type { RelyingParty } from '../approval/receipt.ts'
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import type { PasskeyRecord, PublicJwk } from '../core/passkey.ts'
import type { Principal } from '../core/principal.ts'

export const REGISTRATION_LIFE_MS = 5 * 60_000
/** What approval/receipt.ts verifies, and nothing else. */
const ALGORITHMS = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256]
const MAX_BEGUN = 1000

/** Of a PublicKeyCredentialCreationOptionsJSON (§5.1.9), what is not the same each time; bytes are base64url. */
export interface CreationOptions {
  readonly challenge: string
  readonly site: string
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
  readonly algorithms: readonly number[]
  /** Of the person's own passkeys, so that an authenticator makes no second one. */
  readonly known: readonly string[]
}

interface Begun {
  readonly challenge: string
  readonly endsAtMs: number
}

export class PasskeyRegistrations {
  readonly #clock: Clock
  /** By browser session, oldest first; a browser has one at a time. */
  readonly #begun = new Map<string, Begun>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async begin(
    browser: string,
    person: Principal,
    { site, known }: { readonly site: RelyingParty; readonly known: readonly PasskeyRecord[] },
  ): Promise<CreationOptions> {
    const options = await generateRegistrationOptions({
      rpName: 'Sallyport',
      rpID: site.id,
      userName: person.email ?? person.name,
      userDisplayName: person.name,
      // The same for all of a person's, and it says nothing of who that is (§5.4.3).
      userID: await digest(person.id),
      supportedAlgorithmIDs: ALGORITHMS,
    })
    const now = this.#clock.now().getTime()
    this.#begun.delete(browser)
    for (const [oldest, { endsAtMs }] of this.#begun) {
      if (endsAtMs > now && this.#begun.size < MAX_BEGUN) break
      this.#begun.delete(oldest)
    }
    this.#begun.set(browser, { challenge: options.challenge, endsAtMs: now + REGISTRATION_LIFE_MS })
    return {
      challenge: options.challenge,
      site: site.id,
      user: options.user,
      algorithms: ALGORITHMS,
      known: known.map(({ credential }) => credential),
    }
  }

  /** Throws `forbidden` where nothing was begun, or what came back does not answer it. */
  async finish(
    browser: string,
    response: RegistrationResponseJSON,
    site: RelyingParty,
  ): Promise<Pick<PasskeyRecord, 'credential' | 'publicKey' | 'counter'>> {
    const begun = this.#begun.get(browser)
    this.#begun.delete(browser)
    if (begun === undefined || begun.endsAtMs <= this.#clock.now().getTime()) {
      throw new BastionError('forbidden', 'Adding a passkey took too long, or was finished before; begin again.')
    }
    const result = await verifyRegistrationResponse({
      response,
      expectedChallenge: begun.challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch((error: unknown) => {
      throw new BastionError('forbidden', 'What the authenticator made is no passkey for this site; try again.', error)
    })
    if (!result.verified) throw new BastionError('forbidden', 'The authenticator’s answer does not hold; try again.')
    const { id, publicKey, counter } = result.registrationInfo.credential
    return { credential: id, publicKey: jwkOf(publicKey), counter }
  }
}

async function digest(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** COSE (RFC 9053 §7) to JWK (RFC 7518 §6, RFC 8037 §2), for the three kinds that are asked for. */
function jwkOf(bytes: Uint8Array<ArrayBuffer>): PublicJwk {
  const key = decodeCredentialPublicKey(bytes)
  const P_256 = 1
  const ED25519 = 6
  if (cose.isCOSEPublicKeyEC2(key) && key.get(cose.COSEKEYS.crv) === P_256) {
    return { kty: 'EC', crv: 'P-256', x: base64url(key.get(cose.COSEKEYS.x)), y: base64url(key.get(cose.COSEKEYS.y)) }
  }
  if (cose.isCOSEPublicKeyOKP(key) && key.get(cose.COSEKEYS.crv) === ED25519) {
    return { kty: 'OKP', crv: 'Ed25519', x: base64url(key.get(cose.COSEKEYS.x)) }
  }
  if (cose.isCOSEPublicKeyRSA(key)) {
    return { kty: 'RSA', n: base64url(key.get(cose.COSEKEYS.n)), e: base64url(key.get(cose.COSEKEYS.e)) }
  }
  throw new BastionError('invalid', 'The passkey’s key is of a kind that is not taken here.')
}

function base64url(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new BastionError('invalid', 'The passkey’s key has a part missing.')
  return Buffer.from(bytes).toString('base64url')
}
