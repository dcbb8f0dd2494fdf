/**
 * What the log's key signs of an exported bundle: the digest of its manifest, which has the digest of every file. The first
 * line keeps it apart from a checkpoint, whose first line is the key's own name.
 */
import { BastionError } from '../core/errors.ts'
import { type NoteSigner, type NoteVerifier, openNote, signNote } from './note.ts'

const TITLE = 'sallyport bundle 1'

export function signBundleNote(manifestSha256: string, signer: NoteSigner): string {
  if (!/^[0-9a-f]{64}$/.test(manifestSha256)) {
    throw new BastionError('internal', 'The bastion was to sign a bundle without a digest.')
  }
  return signNote(`${TITLE}\n${manifestSha256}\n`, signer)
}

/** Returns the manifest's digest; throws `untrusted` where the log has not signed it. */
export function openBundleNote(note: string, log: NoteVerifier): string {
  const { text } = openNote(note, [log])
  const [, digest] = /^sallyport bundle 1\n([0-9a-f]{64})\n$/.exec(text) ?? []
  if (digest === undefined) throw new BastionError('untrusted', 'The signed note is none of a bundle.')
  return digest
}
