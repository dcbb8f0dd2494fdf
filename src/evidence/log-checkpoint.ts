/**
 * A checkpoint of the audit log: one of C2SP's, with lines of ours below the root. It is numbered, so that one that is
 * missing is noticed, says when it was signed, and whether the log was closed with it: nothing may come behind that
 * until a bastion has opened the log again, which is a checkpoint of its own.
 */
import { BastionError } from '../core/errors.ts'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import type { Hash } from './merkle.ts'
import type { NoteSigner, NoteVerifier } from './note.ts'

export interface LogCheckpoint {
  readonly size: number
  readonly root: Hash
  readonly number: number
  readonly at: Date
  readonly isClosed: boolean
}

const CLOSED = 'closed'

export function signLogCheckpoint(checkpoint: LogCheckpoint, signer: NoteSigner): string {
  const { size, root, number, at, isClosed } = checkpoint
  const extensions = [`number ${number}`, `time ${at.toISOString()}`, ...(isClosed ? [CLOSED] : [])]
  return signCheckpoint({ origin: signer.name, size, root, extensions }, signer)
}

/** Rejects with `untrusted` what the log has not signed, or not so. */
export function openLogCheckpoint(note: string, log: NoteVerifier): LogCheckpoint {
  const { size, root, extensions = [] } = openCheckpoint(note, { origin: log.name, known: [log] })
  const [numberLine = '', timeLine = '', closedLine, ...more] = extensions
  const number = Number(/^number ([1-9][0-9]{0,15})$/.exec(numberLine)?.[1])
  const time = /^time (.+)$/.exec(timeLine)?.[1] ?? ''
  const at = new Date(time)
  const isTime = !Number.isNaN(at.getTime()) && at.toISOString() === time
  if (!Number.isSafeInteger(number) || !isTime || (closedLine ?? CLOSED) !== CLOSED || more.length > 0) {
    throw new BastionError('untrusted', 'The checkpoint cannot be trusted: it is none of an audit log.')
  }
  return { size, root, number, at, isClosed: closedLine !== undefined }
}
