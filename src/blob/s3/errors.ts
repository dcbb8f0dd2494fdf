/** S3's errors as our own. What a server wrote into one is for the operator's log only. */
import { S3ServiceException } from '@aws-sdk/client-s3'
import { BastionError } from '../../core/errors.ts'

const unavailable = (message: string, cause: unknown) => new BastionError('unavailable', message, cause)

export function translate(error: unknown): BastionError {
  if (error instanceof BastionError) return error
  if (!(error instanceof S3ServiceException)) return unavailable('The store of recordings does not answer.', error)
  const status = statusOf(error)
  if (error.name === 'NoSuchBucket') return unavailable('The store has no bucket of that name.', error)
  if (error.name === 'RequestTimeTooSkewed') {
    return unavailable('The store refuses what this machine signs: their clocks differ too much.', error)
  }
  if (status === 404) return new BastionError('not-found', 'There is no recording of that name.', error)
  if (status === 401 || status === 403) return unavailable('The store refuses this bastion: look at its rights.', error)
  if (status === 507 || /Quota|StorageFull|InsufficientStorage/.test(error.name)) {
    return new BastionError('storage-full', 'The store of recordings is full.', error)
  }
  return unavailable('The store of recordings failed; an operator will find the cause in the log.', error)
}

/** The server has an object under this name. */
export function isTaken(error: unknown): boolean {
  return error instanceof S3ServiceException && statusOf(error) === 412
}

function statusOf(error: S3ServiceException): number | undefined {
  return error.$metadata.httpStatusCode ?? error.$response?.statusCode
}
