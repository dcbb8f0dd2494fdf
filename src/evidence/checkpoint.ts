/**
 * Checkpoints (c2sp.org/tlog-checkpoint): a signed note that says how long a log was and what its root was then. Whoever
 * keeps one can tell later whether anything before it was changed.
 */
import { BastionError } from '../core/errors.ts'
import { HASH_BYTES, type Hash } from './merkle.ts'
import { decode, isKeyName, type NoteSigner, type NoteVerifier, openNote, signNote } from './note.ts'

export interface Checkpoint {
  /** The log's name, the same for all of its checkpoints. */
  readonly origin: string
  readonly size: number
  readonly root: Hash
  /** Lines of our own below the root, which the signature covers. */
  readonly extensions?: readonly string[]
}

export function signCheckpoint({ origin, size, root, extensions = [] }: Checkpoint, signer: NoteSigner): string {
  if (
    !isKeyName(origin) ||
    signer.name !== origin ||
    !Number.isSafeInteger(size) ||
    size < 0 ||
    root.length !== HASH_BYTES ||
    extensions.some((line) => line === '' || line.includes('\n'))
  ) {
    throw new BastionError('internal', 'The bastion was to sign a checkpoint that is none.')
  }
  const lines = [origin, size, Buffer.from(root).toString('base64'), ...extensions]
  return signNote(`${lines.join('\n')}\n`, signer)
}

/** Rejects with `untrusted` what is not signed by one of these keys, or is no checkpoint of this log. */
export function openCheckpoint(
  note: string,
  expected: { readonly origin: string; readonly known: readonly NoteVerifier[] },
): Checkpoint {
  const { text, by } = openNote(note, expected.known)
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n')
  if (origin !== expected.origin) throw untrusted('it is of another log')
  // A witness only says that it saw the log. The log signs under its origin (c2sp.org/tlog-checkpoint).
  if (!by.some(({ name }) => name === origin)) throw untrusted('the log itself has not signed it')
  const size = /^(0|[1-9][0-9]{0,15})$/.test(sizeText ?? '') ? Number(sizeText) : Number.NaN
  const root = rootText === undefined ? undefined : decode(rootText)
  if (!Number.isSafeInteger(size) || root?.length !== HASH_BYTES) throw untrusted('its size or root cannot be read')
  if (extensions.some((line) => line === '')) throw untrusted('it has an empty line')
  return extensions.length === 0 ? { origin, size, root } : { origin, size, root, extensions }
}

function untrusted(why: string): BastionError {
  return new BastionError('untrusted', `The checkpoint cannot be trusted: ${why}.`)
}
