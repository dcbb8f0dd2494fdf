/**
 * Chunks of recordings in S3, or in what speaks its protocol. One try for each call: whoever calls tries again.
 *
 * INVARIANT: `create` resolves only after the store has said which bytes it has: by a SHA-256 in its answer, and where it
 * gives none, by giving them back.
 */
import { createHash } from 'node:crypto'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Clock } from '../../core/clock.ts'
import { BastionError, codeOf } from '../../core/errors.ts'
import type { ObjectStore, StoredObject } from '../../core/ports.ts'
import { firstBytes } from '../first-bytes.ts'
import { foldersOf, isName, partsOf } from '../names.ts'
import { isTaken, translate } from './errors.ts'
import type { S3Settings } from './settings.ts'

const DAY_MS = 86_400_000
const CONNECT_MS = 5_000
const SILENT_MS = 15_000

export function s3Objects(settings: S3Settings, { clock }: { readonly clock: Clock }): ObjectStore {
  const { bucket, prefix, createOnly } = settings
  const client = clientOf(settings)
  const keyOf = (name: string) => {
    partsOf(name)
    return { Bucket: bucket, Key: `${prefix}${name}` }
  }

  const read = async (name: string, most: number, signal?: AbortSignal): Promise<Uint8Array> => {
    const command = new GetObjectCommand(keyOf(name))
    try {
      const { Body: body, ContentLength: length } = await client.send(command, options(signal))
      const bytes = await firstBytes(body as AsyncIterable<Uint8Array>, most)
      if (bytes.length < most && length !== undefined && bytes.length !== length) {
        throw new BastionError('unavailable', 'The store’s answer was cut off.')
      }
      return bytes
    } catch (error) {
      throw translate(error)
    }
  }

  /** Resolves where the store has these bytes under this name; rejects where it has others. */
  const compare = async (name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> => {
    if (Buffer.from(bytes).equals(await read(name, bytes.length + 1, signal))) return
    throw new BastionError('conflict', 'The store has other bytes under this name.')
  }

  const isThere = async (name: string, signal?: AbortSignal): Promise<boolean> => {
    try {
      await client.send(new HeadObjectCommand(keyOf(name)), options(signal))
      return true
    } catch (error) {
      const failure = translate(error)
      if (codeOf(failure) === 'not-found') return false
      throw failure
    }
  }

  return {
    async create(name, bytes, signal) {
      const key = keyOf(name)
      signal?.throwIfAborted()
      if (createOnly === 'look-first' && (await isThere(name, signal))) return compare(name, bytes, signal)
      const sha256 = createHash('sha256').update(bytes).digest('base64')
      const command = new PutObjectCommand({
        ...key,
        Body: bytes,
        ContentLength: bytes.length,
        ContentType: 'application/octet-stream',
        ChecksumSHA256: sha256,
        ...(createOnly === 'if-none-match' && { IfNoneMatch: '*' }),
        ...encryptionOf(settings),
        ...lockOf(settings, clock),
      })
      try {
        const { ChecksumSHA256: stored } = await client.send(command, options(signal))
        if (stored === sha256) return
      } catch (error) {
        // Perhaps by a try of ours whose answer was lost.
        if (!isTaken(error)) throw translate(error)
      }
      await compare(name, bytes, signal)
    },

    read: (name, most) => read(name, most),

    async list(start) {
      foldersOf(start)
      const found: StoredObject[] = []
      for (let token: string | undefined; ; ) {
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: `${prefix}${start}`,
          ...(token !== undefined && { ContinuationToken: token }),
        })
        const page = await client.send(command).catch((error: unknown) => {
          throw codeOf(translate(error)) === 'not-found'
            ? new BastionError('unavailable', 'The store has no such bucket.', error)
            : translate(error)
        })
        for (const { Key: key = '', Size: bytes = 0 } of page.Contents ?? []) {
          const name = key.slice(prefix.length)
          if (isName(name)) found.push({ name, bytes })
        }
        token = page.NextContinuationToken
        if (token === undefined) return found.sort((one, other) => (one.name < other.name ? -1 : 1))
      }
    },
  }
}

function clientOf({ region, endpoint, pathStyle, credentials }: S3Settings): S3Client {
  return new S3Client({
    region,
    forcePathStyle: pathStyle,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENT_MS },
    ...(endpoint !== undefined && { endpoint: endpoint.href }),
    ...(credentials !== undefined && { credentials }),
  })
}

function options(abortSignal: AbortSignal | undefined) {
  return abortSignal === undefined ? {} : { abortSignal }
}

function encryptionOf({ encryption }: S3Settings) {
  if (encryption === undefined) return {}
  if (encryption.kind === 'aes256') return { ServerSideEncryption: 'AES256' as const }
  return { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: encryption.key }
}

function lockOf({ lockDays }: S3Settings, clock: Clock) {
  if (lockDays === undefined) return {}
  return {
    ObjectLockMode: 'COMPLIANCE' as const,
    ObjectLockRetainUntilDate: new Date(clock.now().getTime() + lockDays * DAY_MS),
  }
}
