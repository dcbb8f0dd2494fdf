/**
 * An authenticator and a browser together, by node:crypto alone (WebAuthn §6.3, §6.5 and §5.8.1): what it makes is taken or
 * refused for what it says. The one in Chromium is in test/e2e/passkeys.test.ts.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const ORIGIN = 'http://localhost:8080'
const SITE = 'localhost'
const USER_PRESENT_AND_VERIFIED = 0x05
const WITH_CREDENTIAL = 0x40

export class Authenticator {
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #id = randomBytes(16)
  /** Grows with each use; a test may set it back. */
  counter = 0
  origin = ORIGIN

  get credential(): string {
    return this.#id.toString('base64url')
  }

  /** A RegistrationResponseJSON with attestation "none". */
  make(challenge: string) {
    const key = this.#pair.publicKey.export({ format: 'jwk' })
    const [x, y] = [Buffer.from(key.x!, 'base64url'), Buffer.from(key.y!, 'base64url')]
    // COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y}, as CBOR (RFC 8949).
    const cose = Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
      x,
      Buffer.from([0x22, 0x58, 0x20]),
      y,
    ])
    const length = Buffer.from([0, this.#id.length])
    const data = Buffer.concat([this.#data(WITH_CREDENTIAL), Buffer.alloc(16), length, this.#id, cose])
    const attestation = Buffer.concat([
      Buffer.from([0xa3, 0x63]),
      Buffer.from('fmt'),
      Buffer.from([0x64]),
      Buffer.from('none'),
      Buffer.from([0x67]),
      Buffer.from('attStmt'),
      Buffer.from([0xa0, 0x68]),
      Buffer.from('authData'),
      Buffer.from([0x58, data.length]),
      data,
    ])
    const response = {
      clientDataJSON: this.#client('webauthn.create', challenge).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
    }
    return { id: this.credential, rawId: this.credential, type: 'public-key', response }
  }

  sign(challenge: string) {
    this.counter += 1
    const data = this.#data(0)
    const client = this.#client('webauthn.get', challenge)
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
    return {
      credential: this.credential,
      authenticatorData: data.toString('base64url'),
      clientData: client.toString('base64url'),
      signature: sign('sha256', signed, this.#pair.privateKey).toString('base64url'),
    }
  }

  #client(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }))
  }

  #data(flags: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    const site = createHash('sha256').update(SITE).digest()
    return Buffer.concat([site, Buffer.from([USER_PRESENT_AND_VERIFIED | flags]), counter])
  }
}
