/**
 * Checks a session of a bundle in the browser: each event leads to the signed checkpoint, and the recording is the chunks
 * that the events tell.
 */
import {
  type Checkpoint,
  hex,
  leadsTo,
  openCheckpoint,
  openKey,
  readProof,
  sha256,
  Unproven,
  utf8,
} from '../src/tlog.ts'

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
  const key = await openKey(files.key)
  const checkpoint = await openCheckpoint(files.checkpoint, key)
  const chunks: Chunk[] = []
  let [events, isSealed, last] = [0, false, 0]
  const lines = textOf(files.events).split('\n')
  if (lines.pop() !== '') problems.push('The events end in the middle of a line.')
  for (const line of lines) {
    const { seq, columns, proof } = JSON.parse(line) as { seq: number; columns: (string | null)[]; proof: string }
    events++
    if (seq <= last) problems.push(`Event ${seq} stands in the wrong place.`)
    last = seq
    if (!(await isProven(proof, { seq, columns, note: files.checkpoint, checkpoint }))) {
      problems.push(`Event ${seq} is not what was signed.`)
      continue
    }
    const [type, , , , session, , detail] = columns
    if (session !== files.session || (type !== 'recording.stored' && type !== 'recording.sealed')) continue
    const { from, chunks: told } = JSON.parse(detail ?? '') as { from: number; chunks: string[] }
    if (from !== chunks.length + 1) problems.push('An event that tells of the recording is missing.')
    for (const chunk of told) {
      const [bytes = '', sha256Hex = ''] = chunk.split(' ')
      chunks.push({ bytes: Number(bytes), sha256: sha256Hex })
    }
    isSealed ||= type === 'recording.sealed'
  }
  let untoldBytes = 0
  if (files.recording !== undefined) {
    let at = 0
    for (const [index, { bytes, sha256: wanted }] of chunks.entries()) {
      const chunk = files.recording.subarray(at, at + bytes)
      if (hex(await sha256(chunk)) !== wanted)
        problems.push(`Chunk ${index + 1} of the recording is not what was signed.`)
      at += bytes
    }
    const more = files.recording.length - at
    if (more > 0 && isSealed) problems.push(`${more} bytes stand behind the recording’s end.`)
    untoldBytes = isSealed ? 0 : Math.max(0, more)
  }
  const isSignatureChecked = key.key !== undefined
  return {
    events,
    chunks: chunks.length,
    signedAt: checkpoint.time,
    isSealed,
    untoldBytes,
    isSignatureChecked,
    problems,
  }
}

interface Told {
  readonly seq: number
  readonly columns: readonly (string | null)[]
  /** The one that every event of the bundle leads to, and what it says. */
  readonly note: string
  readonly checkpoint: Checkpoint
}

async function isProven(text: string, { seq, columns, note, checkpoint }: Told): Promise<boolean> {
  try {
    const proof = readProof(text)
    const row = columns.map((column) => (column === null ? undefined : utf8(column)))
    return proof.note === note && (await leadsTo(proof, { seq, row, checkpoint }))
  } catch (error) {
    if (error instanceof Unproven) return false
    throw error
  }
}

export function base64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
