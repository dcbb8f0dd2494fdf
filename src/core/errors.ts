/**
 * What can go wrong, as a closed set. Expected outcomes (a verdict, a rejected hold, an exit status) are values, not
 * errors; a BastionError means that something is missing, forbidden or broken. Each edge maps a code once: ssh/ to an
 * exit status, web/ to an HTTP status, cli/ to an exit code.
 */
export type ErrorCode =
  | 'invalid' // the request or file is malformed: the message says where
  | 'unauthenticated' // nobody is signed in, or the proof has expired
  | 'forbidden' // somebody is signed in, and may not
  | 'not-found'
  | 'conflict' // it was decided, used or changed before
  | 'too-many' // a bound was reached; try later
  | 'unavailable' // a part that is needed does not answer: target, identity provider, store
  | 'untrusted' // the other side could not prove who it is: host key, token, signature
  | 'storage-full' // evidence cannot be kept, so nothing may happen
  | 'internal' // a bug of ours; the person sees only that

export class BastionError extends Error {
  override readonly name = 'BastionError'
  readonly code: ErrorCode

  /**
   * `message` is shown to the person: what happened, why, what to do next. `cause` is for the operator's log only.
   */
  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** Returns the sentence a person may see. The text of a foreign error is never shown: it may carry anything. */
export function messageFor(error: unknown): string {
  return error instanceof BastionError
    ? error.message
    : 'Something broke inside the bastion; the operator will find the cause in its log.'
}

export function codeOf(error: unknown): ErrorCode {
  return error instanceof BastionError ? error.code : 'internal'
}

/** Ends a `switch` over a union: the compiler refuses it while a case is missing. */
export function assertNever(value: never): never {
  throw new BastionError(
    'internal',
    'The bastion met a value it does not know.',
    new Error(`unexpected ${String(value)}`),
  )
}
