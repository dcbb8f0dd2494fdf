/** A person's browser and their authenticator: a passkey is added, and decisions are signed with it. */
import { expect } from 'vitest'
import type { ToSign } from '../../src/web/routes/holds.ts'
import type { PasskeyWanted } from '../../src/web/routes/passkeys.ts'
import { Authenticator } from './authenticator.ts'
import type { Client } from './client.ts'

export const post = (body: unknown) => ({ method: 'POST', body })

export async function begin(client: Client): Promise<PasskeyWanted> {
  return (await client.json<PasskeyWanted>('/api/v1/passkeys/options', post({}))).body
}

export async function register(client: Client, authenticator = new Authenticator()): Promise<Authenticator> {
  const { challenge } = await begin(client)
  const made = await client.send('/api/v1/passkeys', post({ label: 'laptop', response: authenticator.make(challenge) }))
  expect(made.status).toBe(201)
  return authenticator
}

export async function signed(client: Client, path: string, authenticator: Authenticator, word: object) {
  const { status, body } = await client.json<ToSign>(`${path}/signatures`, post(word))
  expect(status).toBe(201)
  return { ...word, signature: { nonce: body.nonce, assertion: authenticator.sign(body.challenge) } }
}
