/**
 * Checks a session of a bundle in the browser, by WebCrypto alone: each event leads to the signed checkpoint
 * (c2sp.org/tlog-proof, RFC 6962), and the recording is the chunks that the events tell. Written apart from the bastion's
 * own verifier, so that a mistake in one is not in the other.
 */
export interface SessionFiles {
  /** The log's public key: name+id+base64. */
  readonly key: string
  readonly checkpoint: string
  readonly events: Uint8Array
  /** Undefined where it is not at hand. */
  readonly recording: Uint8Array | undefined
  readonly session: string
}

export interface Checked {
  readonly events: number
  readonly chunks: number
  readonly signedAt: string
  readonly isSealed: boolean
  /** At the end of a recording that still grew. */
  readonly untoldBytes: number
  /** False: this browser cannot check Ed25519, so nothing vouches for the root. */
  readonly isSignatureChecked: boolean
  readonly problems: readonly string[]
}

interface Chunk {
  readonly bytes: number
  readonly sha256: string
}

export async function check(files: SessionFiles): Promise<Checked> {
  const problems: string[] = []
  const { root, size, at, isSignatureChecked } = await openCheckpoint(files.checkpoint, files.key)
  const chunks: Chunk[] = []
  let [events, isSealed, last] = [0, false, 0]
  const lines = textOf(files.events).split('\n')
  if (lines.pop() !== '') problems.push('The events end in the middle of a line.')
  for (const line of lines) {
    const { seq, columns, proof } = JSON.parse(line) as { seq: number; columns: (string | null)[]; proof: string }
    events++
    if (seq <= last) problems.push(`Event ${seq} stands in the wrong place.`)
    last = seq
    if (!proof.endsWith(`\n\n${files.checkpoint}`) || !(await leadsTo(proof, { seq, columns, size, root }))) {
      problems.push(`Event ${seq} is not what was signed.`)
      continue
    }
    const [type, , , , session, , detail] = columns
    if (session !== files.session || (type !== 'recording.stored' && type !== 'recording.sealed')) continue
    const { from, chunks: told } = JSON.parse(detail ?? '') as { from: number; chunks: string[] }
    if (from !== chunks.length + 1) problems.push('An event that tells of the recording is missing.')
    for (const chunk of told) {
      const [bytes = '', sha256 = ''] = chunk.split(' ')
      chunks.push({ bytes: Number(bytes), sha256 })
    }
    isSealed ||= type === 'recording.sealed'
  }
  let untoldBytes = 0
  if (files.recording !== undefined) {
    let at = 0
    for (const [index, { bytes, sha256 }] of chunks.entries()) {
      const chunk = files.recording.subarray(at, at + bytes)
      if (hex(await digest(chunk)) !== sha256)
        problems.push(`Chunk ${index + 1} of the recording is not what was signed.`)
      at += bytes
    }
    const more = files.recording.length - at
    if (more > 0 && isSealed) problems.push(`${more} bytes stand behind the recording’s end.`)
    untoldBytes = isSealed ? 0 : Math.max(0, more)
  }
  return { events, chunks: chunks.length, signedAt: at, isSealed, untoldBytes, isSignatureChecked, problems }
}

/** Throws where it is not signed by this key. */
async function openCheckpoint(note: string, key: string) {
  const border = note.lastIndexOf('\n\n')
  const text = note.slice(0, border + 1)
  const [, name = '', id = '', encodedKey = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(key) ?? []
  const [origin, size, root = '', ...extensions] = text.slice(0, -1).split('\n')
  const [, signer, encoded = ''] = /^— (\S+) (\S+)\n$/u.exec(note.slice(border + 2)) ?? []
  const signature = base64(encoded)
  if (origin !== name || signer !== name || hex(signature.slice(0, 4)) !== id) {
    throw new Error('The checkpoint is signed by another key.')
  }
  const isSignatureChecked = await verified(base64(encodedKey).slice(1), signature.slice(4), utf8(text))
  const at = extensions.find((line) => line.startsWith('time '))?.slice(5) ?? ''
  return { size: Number(size), root: base64(root), at, isSignatureChecked }
}

/** False where this browser has no Ed25519; throws where the signature is wrong. */
async function verified(raw: Uint8Array, signature: Uint8Array, text: Uint8Array): Promise<boolean> {
  let key: Awaited<ReturnType<typeof crypto.subtle.importKey>>
  try {
    key = await crypto.subtle.importKey('raw', own(raw), { name: 'Ed25519' }, false, ['verify'])
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return false
    throw error
  }
  if (await crypto.subtle.verify({ name: 'Ed25519' }, key, own(signature), own(text))) return true
  throw new Error('The signature of the checkpoint is wrong.')
}

interface Leaf {
  readonly seq: number
  readonly columns: readonly (string | null)[]
  readonly size: number
  readonly root: Uint8Array
}

/** RFC 9162 §2.1.3.2. */
async function leadsTo(proof: string, { seq, columns, size, root }: Leaf): Promise<boolean> {
  const [header, indexLine, ...path] = proof.slice(0, proof.indexOf('\n\n')).split('\n')
  if (header !== 'c2sp.org/tlog-proof@v1' || indexLine !== `index ${seq - 1}` || seq > size) return false
  const row = columns.map((column) => (column === null ? utf8('-') : lengthFirst(column)))
  const leaf = utf8(`sallyport audit event 1\n${seq}\n${hex(await digest(joined(row)))}\n`)
  let hash = await digest(joined([Uint8Array.of(0), leaf]))
  let [node, last] = [seq - 1, size - 1]
  for (const line of path) {
    if (last === 0) return false
    const sibling = base64(line)
    const isRight = node % 2 === 1
    hash = await digest(joined([Uint8Array.of(1), ...(isRight || node === last ? [sibling, hash] : [hash, sibling])]))
    // At the right edge a subtree without a sibling goes up as it is.
    while (!isRight && node === last && node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && hex(hash) === hex(root)
}

function lengthFirst(column: string): Uint8Array {
  const bytes = utf8(column)
  return joined([utf8(`${bytes.length}:`), bytes])
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', own(bytes)))
}

/** WebCrypto takes no view of memory that may be shared. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

export function base64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
