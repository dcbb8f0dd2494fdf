/** The part of the configuration that says where recordings go from the folder on this machine, and what may wait there. */
import { z } from 'zod'
import { duration } from './duration.ts'

const SIZE_UNITS = { MiB: 2 ** 20, GiB: 2 ** 30 } as const
const WANTED_SIZE = 'expected a size, such as 512MiB or 20GiB'

const size = z
  .string(WANTED_SIZE)
  .regex(/^[1-9]\d{0,5}(MiB|GiB)$/, WANTED_SIZE)
  .transform((text) => Number(text.slice(0, -3)) * SIZE_UNITS[text.slice(-3) as keyof typeof SIZE_UNITS])

export const recordingStore = z.strictObject({
  folder: z.string().min(1).optional(),
  'spool-limit': size.prefault('1GiB'),
  outage: duration.prefault('15m'),
})
type StoreEntry = z.output<typeof recordingStore>

export const checkedStore = recordingStore.superRefine(({ folder }, context) => {
  if (folder === undefined) context.addIssue({ code: 'custom', message: 'expected folder: the store’s' })
})

export interface RecordingStore {
  /** What may lie on this machine until the store has it. */
  readonly limitBytes: number
  /** How long a chunk may wait for the store before sessions end. */
  readonly outageMs: number
  readonly place: { readonly kind: 'folder'; readonly folder: string }
}

export function storeOf(entry: StoreEntry, path: (name: string) => string): RecordingStore {
  const { 'spool-limit': limitBytes, outage: outageMs } = entry
  return { limitBytes, outageMs, place: { kind: 'folder', folder: path(entry.folder ?? '') } }
}
