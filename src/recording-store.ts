/** The part of the configuration that says where recordings go from the folder on this machine, and what may wait there. */
import { z } from 'zod'
import type { S3Settings } from './blob/s3/settings.ts'
import { duration, type SecretReference, secretReference } from './config-parts.ts'

const SIZE_UNITS = { MiB: 2 ** 20, GiB: 2 ** 30 } as const
const WANTED_SIZE = 'expected a size, such as 512MiB or 20GiB'

const size = z
  .string(WANTED_SIZE)
  .regex(/^[1-9]\d{0,5}(MiB|GiB)$/, WANTED_SIZE)
  .transform((text) => Number(text.slice(0, -3)) * SIZE_UNITS[text.slice(-3) as keyof typeof SIZE_UNITS])
const prefix = z
  .string()
  .regex(/^([a-z0-9][a-z0-9.-]*\/)*$/, 'expected small letters, digits, “-” and “.”, with “/” at the end of each part')
const credentials = z.strictObject({ 'access-key-id': z.string().min(1), 'secret-access-key': secretReference })

export const s3Store = z.strictObject({
  bucket: z.string().min(3).max(63),
  prefix: prefix.default('recordings/'),
  region: z.string().min(1),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .transform((text) => new URL(text))
    .optional(),
  'path-style': z.boolean().default(false),
  credentials: credentials.optional(),
  'create-only': z.enum(['if-none-match', 'look-first']).default('if-none-match'),
  encryption: z.union([z.literal('aes256'), z.strictObject({ 'kms-key': z.string().min(1) })]).optional(),
  'lock-days': z.number().int().min(1).max(36_500).optional(),
})

export const recordingStore = z.strictObject({
  folder: z.string().min(1).optional(),
  s3: s3Store.optional(),
  'spool-limit': size.prefault('1GiB'),
  outage: duration.prefault('15m'),
})
type StoreEntry = z.output<typeof recordingStore>

export const checkedStore = recordingStore.superRefine(({ folder, s3 }, context) => {
  if ((folder === undefined) === (s3 === undefined)) {
    context.addIssue({ code: 'custom', message: 'expected either folder or s3' })
  }
})

export interface RecordingStore {
  /** What may lie on this machine until the store has it. */
  readonly limitBytes: number
  /** How long a chunk may wait for the store before sessions end. */
  readonly outageMs: number
  readonly place: StorePlace
}

export type StorePlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | ({ readonly kind: 's3' } & Omit<S3Settings, 'credentials'> & { readonly credentials: S3Keys | undefined })

export interface S3Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: SecretReference
}

export function storeOf(entry: StoreEntry, path: (name: string) => string): RecordingStore {
  const { 'spool-limit': limitBytes, outage: outageMs, folder, s3 } = entry
  return { limitBytes, outageMs, place: s3 === undefined ? { kind: 'folder', folder: path(folder ?? '') } : s3Of(s3) }
}

function s3Of(entry: z.output<typeof s3Store>): StorePlace {
  const { bucket, prefix, region, endpoint, credentials, encryption } = entry
  return {
    kind: 's3',
    bucket,
    prefix,
    region,
    endpoint,
    pathStyle: entry['path-style'],
    credentials: credentials && {
      accessKeyId: credentials['access-key-id'],
      secretAccessKey: credentials['secret-access-key'],
    },
    createOnly: entry['create-only'],
    encryption:
      encryption === undefined || encryption === 'aes256'
        ? encryption && { kind: 'aes256' }
        : { kind: 'kms', key: encryption['kms-key'] },
    lockDays: entry['lock-days'],
  }
}
