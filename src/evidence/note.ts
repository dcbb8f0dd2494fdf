/**
 * Signed notes (c2sp.org/signed-note) with Ed25519: a text and, below an empty line, who signed it. Read strictly: what
 * could be read in two ways is refused, and a note is good only by a signature of a key that is known.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { BastionError } from '../core/errors.ts'

export interface NoteSigner {
  readonly name: string
  readonly privateKey: KeyObject
}

export interface NoteVerifier {
  readonly name: string
  /** Hexadecimal; with the name it says which key it is. */
  readonly id: string
  readonly publicKey: KeyObject
}

export interface OpenedNote {
  readonly text: string
  /** The keys that are known and have signed it; at least one. */
  readonly by: readonly NoteVerifier[]
}

const ED25519 = 1
const KEY_BYTES = 32
const ID_BYTES = 4
const SIGNATURE_BYTES = 64
/** The specification asks for 16 at least; a note of ours has one, and one for each witness. */
const MOST_SIGNATURES = 64
const LONGEST_NOTE = 1024 * 1024

export function signNote(text: string, signer: NoteSigner): string {
  if (!isText(text) || !isKeyName(signer.name)) {
    throw new BastionError('internal', 'The bastion was to sign a text that cannot be a note.')
  }
  const { id } = verifierOf(signer)
  const signature = sign(null, Buffer.from(text), signer.privateKey)
  return `${text}\n— ${signer.name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`
}

/** Rejects with `untrusted` where no known key has signed it, or one of their signatures is wrong. */
export function openNote(note: string, known: readonly NoteVerifier[]): OpenedNote {
  // The last empty line: the text may have such lines itself.
  const border = note.lastIndexOf('\n\n')
  const text = note.slice(0, border + 1)
  if (note.length > LONGEST_NOTE || border < 0 || !isText(text) || !note.endsWith('\n')) {
    throw untrusted('it is no signed note')
  }
  const lines = note.slice(border + 2, -1).split('\n')
  if (lines.length > MOST_SIGNATURES) throw untrusted('it has too many signatures')
  const by: NoteVerifier[] = []
  for (const line of lines) {
    const { name, id, signature } = parseSignature(line)
    const verifier = known.find((each) => each.name === name && each.id === id)
    if (verifier === undefined) continue
    if (signature.length !== SIGNATURE_BYTES || !verify(null, Buffer.from(text), verifier.publicKey, signature)) {
      throw untrusted(`the signature of ${name} is wrong`)
    }
    by.push(verifier)
  }
  if (by.length === 0) throw untrusted('nobody known has signed it')
  return { text, by }
}

/** The public half of a signer. */
export function verifierOf({ name, privateKey }: NoteSigner): NoteVerifier {
  const publicKey = createPublicKey(privateKey)
  return { name, id: keyId(name, rawKey(publicKey)), publicKey }
}

/** The form in which keys are handed on: `name+id+base64`. */
export function formatVerifier({ name, id, publicKey }: NoteVerifier): string {
  return `${name}+${id}+${Buffer.from([ED25519, ...rawKey(publicKey)]).toString('base64')}`
}

export function parseVerifier(text: string): NoteVerifier {
  // Base64 has a plus of its own, names have none.
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const key = encoded === undefined ? undefined : decode(encoded)
  if (name === undefined || id === undefined || key?.[0] !== ED25519 || key.length !== 1 + KEY_BYTES) throw badKey()
  const raw = key.subarray(1)
  if (!isKeyName(name) || keyId(name, raw) !== id) throw badKey()
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') },
    format: 'jwk',
  })
  return { name, id, publicKey }
}

function parseSignature(line: string): { readonly name: string; readonly id: string; readonly signature: Uint8Array } {
  const [, name, encoded] = /^— (\S+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? []
  const bytes = encoded === undefined ? undefined : decode(encoded)
  if (name === undefined || !isKeyName(name) || bytes === undefined || bytes.length <= ID_BYTES) {
    throw untrusted('one of its signatures cannot be read')
  }
  return { name, id: bytes.subarray(0, ID_BYTES).toString('hex'), signature: bytes.subarray(ID_BYTES) }
}

/** Undefined where it is not base64 as an encoder writes it: two texts must not be one signature. */
export function decode(base64: string): Buffer | undefined {
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : undefined
}

function keyId(name: string, raw: Uint8Array): string {
  const sum = createHash('sha256')
    .update(`${name}\n`)
    .update(new Uint8Array([ED25519]))
    .update(raw)
  return sum.digest().subarray(0, ID_BYTES).toString('hex')
}

function rawKey(key: KeyObject): Uint8Array {
  const { crv, x } = key.export({ format: 'jwk' })
  if (crv !== 'Ed25519' || x === undefined) {
    throw new BastionError('invalid', 'A key that signs evidence must be an Ed25519 key.')
  }
  return Buffer.from(x, 'base64url')
}

function isText(text: string): boolean {
  return text.endsWith('\n') && text.isWellFormed() && !/[\0-\x09\x0b-\x1f]/.test(text)
}

export function isKeyName(name: string): boolean {
  return /^[^\s+\0-\x1f]+$/u.test(name) && name.isWellFormed()
}

function untrusted(why: string): BastionError {
  return new BastionError('untrusted', `The signed note cannot be trusted: ${why}.`)
}

function badKey(): BastionError {
  return new BastionError('invalid', 'This is no public key of a log: it looks like name+0123abcd+base64.')
}
