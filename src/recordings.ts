/** Where recordings are, as the configuration says: whole in a folder, or in chunks on their way to an object store. */
import { fileBlobs } from './blob/file/blobs.ts'
import { type SpooledBlobs, spooledBlobs } from './blob/spool/blobs.ts'
import { piecewiseSource } from './blob/spool/source.ts'
import { Spool } from './blob/spool/spool.ts'
import type { Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import type { BlobStore } from './core/ports.ts'
import type { SpoolReport, SpoolState } from './core/spool.ts'
import { blobSource, type ChunkSource } from './evidence/chunk-source.ts'
import { openObjectStore } from './object-store.ts'
import { finishSessions, type RecoverParts } from './session/recover.ts'
import { type SpoolParts, spoolChanged } from './spool-alarm.ts'

export interface Recordings {
  readonly blobs: BlobStore
  /** Finishes what a bastion that died has left. What cannot be finished while the store is away is tried again. */
  recover(parts: Omit<RecoverParts, 'blobs'>): Promise<void>
  /** How it stands with the way to the store; undefined where there is none. */
  spool(): SpoolReport | undefined
  /** To be called when no session is left: what still waits gets a few seconds to reach the store. */
  close(): Promise<void>
}

type PlaceConfig = Pick<Config, 'recordingFolder' | 'recordingStore'>

const RECOVER_AGAIN_MS = 60_000
const LAST_CHUNKS_MS = 5_000

export async function openRecordings(
  { recordingFolder: folder, recordingStore: store }: PlaceConfig,
  parts: SpoolParts & { readonly env: NodeJS.ProcessEnv },
): Promise<Recordings> {
  if (store === undefined) return recordingsIn(fileBlobs({ folder }))
  const { clock, log } = parts
  const limits = { bytes: store.limitBytes, outageMs: store.outageMs }
  const onChange = (report: SpoolReport, before: SpoolState) => spoolChanged(report, before, parts)
  const objects = await openObjectStore(store.place, parts)
  const spooled = await spooledBlobs({ folder, objects, limits, clock, log, onChange })
  return recordingsIn(spooled, spooled, clock)
}

/** For a store that a test brings. */
export function recordingsIn(blobs: BlobStore, spooled?: SpooledBlobs, clock?: Clock): Recordings {
  let stopAgain = () => {}
  const recover = async (
    parts: Omit<RecoverParts, 'blobs'>,
    only?: Parameters<typeof finishSessions>[1],
  ): Promise<void> => {
    const { found, left } = await finishSessions({ ...parts, blobs }, only)
    if (found > left.length) {
      parts.log.warn({ sessions: found - left.length }, 'sessions of a bastion that died were finished')
    }
    const names = new Set(left.map(({ id }) => parts.recordingName(id)))
    await spooled?.finishLeft((name) => names.has(name))
    if (left.length === 0) return
    stopAgain = parts.clock.after(RECOVER_AGAIN_MS, () => {
      recover(parts, left).catch((error) => parts.log.error({ err: error }, 'sessions could not be finished'))
    })
  }
  return {
    blobs,
    recover: (parts) => recover(parts),
    spool: () => spooled?.pressure.report,
    async close() {
      stopAgain()
      if (spooled === undefined || clock === undefined) return
      const { shipper, pressure } = spooled
      const enough = Promise.withResolvers<void>()
      const stop = clock.after(LAST_CHUNKS_MS, () => enough.resolve())
      // A store that is away now will be away in five seconds.
      if (shipper.lastFailure === undefined) await Promise.race([shipper.settled(), enough.promise])
      stop()
      pressure.close()
      shipper.close()
    },
  }
}

/** For whoever verifies them, beside a bastion that runs or without one. */
export async function recordingSource(
  { recordingFolder: folder, recordingStore: store }: PlaceConfig,
  parts: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock },
): Promise<ChunkSource> {
  if (store === undefined) return blobSource(fileBlobs({ folder }))
  return piecewiseSource({ spool: await Spool.open(folder), objects: await openObjectStore(store.place, parts) })
}
