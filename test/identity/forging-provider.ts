/**
 * An identity provider that lies: every document it serves can be replaced. oidc-provider cannot be made to send a
 * forged ID token, so this stands in its place where the other side is the attacker.
 */
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'

export interface ForgingProvider {
  readonly issuer: string
  /** Signs with the key that `/jwks` publishes, unless told otherwise. */
  idToken(claims?: Record<string, unknown>, key?: KeyObject): Promise<string>
  /** Replaces what `path` answers; a string is sent as HTML. */
  answer(path: string, body: object | string, status?: number): void
  /** Paths asked so far. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export async function startForgingProvider(): Promise<ForgingProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const answers = new Map<string, { readonly body: object | string; readonly status: number }>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const { body, status } = answers.get(path) ?? { body: {}, status: 404 }
    request.resume()
    response.statusCode = status
    response.setHeader('content-type', typeof body === 'string' ? 'text/html' : 'application/json')
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const answer = (path: string, body: object | string, status = 200) => void answers.set(path, { body, status })
  answer('/.well-known/openid-configuration', metadataOf(issuer))
  answer('/jwks', { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'ES256' }] })
  answer('/device', deviceGrant(issuer))
  return {
    issuer,
    answer,
    asked,
    idToken: (claims = {}, key = privateKey) =>
      new SignJWT({ iss: issuer, aud: 'bastion', sub: 'mallory', ...claims })
        .setIssuedAt()
        .setExpirationTime(typeof claims.exp === 'number' ? claims.exp : '5m')
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .sign(key),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function metadataOf(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    device_authorization_endpoint: `${issuer}/device`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
  }
}

export function deviceGrant(issuer: string): Record<string, unknown> {
  return {
    device_code: randomUUID(),
    user_code: 'ABCD-EFGH',
    verification_uri: `${issuer}/go`,
    expires_in: 300,
    interval: 1,
  }
}
