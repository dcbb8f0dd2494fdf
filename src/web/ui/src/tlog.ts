/**
 * The audit log's proofs in a browser, by WebCrypto alone (c2sp.org/signed-note, tlog-checkpoint and tlog-proof; RFC 6962,
 * RFC 9162). Written apart from the bastion's own verifier, so that a mistake in one is not in the other.
 */

/** What should prove something does not. */
export class Unproven extends Error {}

export interface Checkpoint {
  readonly size: number
  readonly root: string
  readonly number: number
  /** As the log wrote it; empty where it wrote none. */
  readonly time: string
}

export interface LogKey {
  readonly name: string
  readonly id: string
  /** Undefined where this browser knows no Ed25519: then nothing vouches for a root. */
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>> | undefined
}

/** A row of the log, column by column. */
export type Row = readonly (Uint8Array | undefined)[]

export interface Proof {
  readonly index: number
  readonly path: readonly Uint8Array[]
  /** The signed note of the checkpoint that it leads to. */
  readonly note: string
}

const HEADER = 'c2sp.org/tlog-proof@v1'
const ED25519 = 1

/** Throws where the text is no proof. */
export function readProof(text: string): Proof {
  const border = text.indexOf('\n\n')
  const [header, index = '', ...path] = text.slice(0, border).split('\n')
  const [, number] = /^index (\d{1,15})$/.exec(index) ?? []
  if (border < 0 || header !== HEADER || number === undefined) throw new Unproven('a proof cannot be read')
  return { index: Number(number), path: path.map(fromBase64), note: text.slice(border + 2) }
}

/** Reports whether the proof leads from this very row, the log's `seq`-th, to the checkpoint's root. */
export async function leadsTo(
  { index, path }: Proof,
  { seq, row, checkpoint }: { readonly seq: number; readonly row: Row; readonly checkpoint: Checkpoint },
): Promise<boolean> {
  if (index !== seq - 1) return false
  const leaf = await sha256(
    joined([Uint8Array.of(0), utf8(`sallyport audit event 1\n${seq}\n${await rowDigest(row)}\n`)]),
  )
  const root = await rootFrom(leaf, { index, size: checkpoint.size, path })
  return root !== undefined && hex(root) === checkpoint.root
}

/** Throws where the note is not signed by this key. */
export async function openCheckpoint(note: string, { name, id, key }: LogKey): Promise<Checkpoint> {
  const border = note.lastIndexOf('\n\n')
  const text = note.slice(0, border + 1)
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  // Strictly, as the bastion itself reads it: what could be read in two ways is no note.
  const signatures = note.endsWith('\n') ? note.slice(border + 2, -1).split('\n') : []
  for (const line of signatures) {
    const [, signer, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? []
    const signature = encoded === undefined ? undefined : fromBase64(encoded)
    if (signature === undefined || signer !== name || hex(signature.subarray(0, 4)) !== id) continue
    if (key !== undefined && !(await isSigned(key, signature.subarray(4), utf8(text)))) break
    const number = Number(/^number (\d{1,16})$/.exec(extensions[0] ?? '')?.[1])
    if (origin !== name || !/^\d{1,16}$/.test(size ?? '') || !Number.isSafeInteger(number)) break
    const time = extensions.find((extension) => extension.startsWith('time '))?.slice(5) ?? ''
    return { size: Number(size), root: hex(fromBase64(root ?? '')), number, time }
  }
  throw new Unproven('a checkpoint is not signed by the log')
}

function isSigned(key: NonNullable<LogKey['key']>, signature: Uint8Array, text: Uint8Array): Promise<boolean> {
  return crypto.subtle.verify('Ed25519', key, copied(signature), copied(text))
}

/** RFC 9162 §2.1.3.2. */
async function rootFrom(
  leaf: Uint8Array,
  { index, size, path }: { readonly index: number; readonly size: number; readonly path: readonly Uint8Array[] },
): Promise<Uint8Array | undefined> {
  if (index >= size) return undefined
  let [node, last] = [index, size - 1]
  let hash = leaf
  for (const sibling of path) {
    if (last === 0) return undefined
    if (node % 2 === 1 || node === last) {
      hash = await sha256(joined([Uint8Array.of(1), sibling, hash]))
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
    } else {
      hash = await sha256(joined([Uint8Array.of(1), hash, sibling]))
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 ? hash : undefined
}

async function rowDigest(row: Row): Promise<string> {
  const parts = row.flatMap((column) => (column === undefined ? [utf8('-')] : [utf8(`${column.length}:`), column]))
  return hex(await sha256(joined(parts)))
}

/** Reads a verifier key, `name+id+base64` (c2sp.org/signed-note). Throws where it is none. */
export async function openKey(text: string): Promise<LogKey> {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? []
  const bytes = fromBase64(encoded)
  const digest = await sha256(joined([utf8(`${name}\n`), bytes]))
  if (bytes[0] !== ED25519 || hex(digest.subarray(0, 4)) !== id) throw new Unproven('the log’s key is none')
  try {
    const key = await crypto.subtle.importKey('raw', copied(bytes.subarray(1)), 'Ed25519', false, ['verify'])
    return { name, id, key }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return { name, id, key: undefined }
    throw error
  }
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', copied(bytes)))
}

/** WebCrypto takes no view of a buffer that might be shared. */
function copied(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** As an encoder writes it, and in no other way: two texts must not be one proof. */
export function fromBase64(text: string): Uint8Array {
  try {
    const characters = atob(text)
    if (btoa(characters) === text) return Uint8Array.from(characters, (character) => character.charCodeAt(0))
  } catch {
    // Told of below.
  }
  throw new Unproven('what should prove it cannot be read')
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
