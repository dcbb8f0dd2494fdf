/** What a requester may add to why they ask: one line of plain text. Reviewers read it; it steers nothing. */
import { BastionError } from '../core/errors.ts'
import { EXPLANATION_CHARACTERS, EXPLANATIONS_OF_A_HOLD } from '../core/hold.ts'

/** Returns the text as it is kept; throws `invalid` where it is none. */
export function explanationOf(said: string): string {
  const text = said.trim()
  if (text === '') throw new BastionError('invalid', 'Nothing was said, so nothing was added.')
  if ([...text].length > EXPLANATION_CHARACTERS) {
    throw new BastionError('invalid', `This is too long; ${EXPLANATION_CHARACTERS} characters are kept.`)
  }
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) {
    throw new BastionError('invalid', 'There are control characters in it; say it in plain text.')
  }
  return text
}

export function enoughSaid(): BastionError {
  return new BastionError(
    'conflict',
    `Enough was said: ${EXPLANATIONS_OF_A_HOLD} reasons, and as many questions, are kept with a request.`,
  )
}
