/** What this browser does with passkeys: makes one, and signs a decision with one (WebAuthn §5.1). */

import type { ToSign } from '../../routes/holds.ts'
import type { PasskeyWanted } from '../../routes/passkeys.ts'
import { ApiError, type HoldView, type PasskeyView, post } from './api.ts'

/** What is decided; the same is asked to be signed and then sent. */
export interface Word {
  readonly decision: 'approve' | 'reject'
  readonly reason: string
  readonly grant: unknown
}

export async function addPasskey(label: string): Promise<void> {
  const wanted = await post<PasskeyWanted>('/passkeys/options', {})
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: bytesOf(wanted.challenge),
        rp: { id: wanted.site, name: 'Sallyport' },
        user: { ...wanted.user, id: bytesOf(wanted.user.id) },
        pubKeyCredParams: wanted.algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: wanted.known.map(named),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
      },
    }),
  )
  const answer = made.response
  if (!(answer instanceof AuthenticatorAttestationResponse)) throw new ApiError(0, 'no passkey was made.')
  await post<PasskeyView>('/passkeys', {
    label,
    response: {
      id: made.id,
      rawId: textOf(made.rawId),
      type: 'public-key',
      response: {
        clientDataJSON: textOf(answer.clientDataJSON),
        attestationObject: textOf(answer.attestationObject),
      },
    },
  })
}

/** Asks the bastion for what this decision says, has it signed, and sends both. */
export async function decideSigned(hold: string, word: Word): Promise<HoldView> {
  const path = `/holds/${encodeURIComponent(hold)}`
  const signature = await signed(`${path}/signatures`, word)
  return post<HoldView>(`${path}/decisions`, { ...word, signature })
}

/** The same for breaking the glass. */
export async function breakSigned(hold: string, reason: string): Promise<HoldView> {
  const path = `/holds/${encodeURIComponent(hold)}/glass`
  const signature = await signed(`${path}/signatures`, { reason })
  return post<HoldView>(path, { reason, signature })
}

async function signed(path: string, word: unknown) {
  const toSign = await post<ToSign>(path, word)
  const made = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: bytesOf(toSign.challenge),
        rpId: toSign.site,
        allowCredentials: toSign.credentials.map(named),
        userVerification: 'required',
      },
    }),
  )
  const answer = made.response
  if (!(answer instanceof AuthenticatorAssertionResponse)) throw new ApiError(0, 'the passkey signed nothing.')
  return {
    nonce: toSign.nonce,
    assertion: {
      credential: made.id,
      authenticatorData: textOf(answer.authenticatorData),
      clientData: textOf(answer.clientDataJSON),
      signature: textOf(answer.signature),
    },
  }
}

/** The browser's own errors say nothing to a person: it does not tell a cancelled question from a missing passkey. */
async function asked(question: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const made = await question().catch((error: unknown) => {
    const isKnown = error instanceof DOMException && error.name === 'InvalidStateError'
    throw new ApiError(
      0,
      isKnown
        ? 'this device has a passkey of yours already.'
        : 'the passkey was not used: it was cancelled, took too long, or is not on this device.',
    )
  })
  if (!(made instanceof PublicKeyCredential)) throw new ApiError(0, 'this browser has no passkeys.')
  return made
}

function named(id: string): PublicKeyCredentialDescriptor {
  return { type: 'public-key', id: bytesOf(id) }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
}

function textOf(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
