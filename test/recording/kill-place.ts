/** Where the recordings of kill.test.ts are: in one file each, or in chunks between a spool and a folder as the store. */
import { join } from 'node:path'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import { folderObjects } from '../../src/blob/folder/objects.ts'
import { spooledBlobs } from '../../src/blob/spool/blobs.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { BlobStore } from '../../src/core/ports.ts'
import { keptLog } from '../support/store.ts'

export async function openPlace(folder: string, kind: string): Promise<BlobStore> {
  if (kind === 'files') return fileBlobs({ folder: join(folder, 'recordings') })
  return spooledBlobs({
    folder: join(folder, 'spool'),
    objects: folderObjects({ folder: join(folder, 'store') }),
    limits: { bytes: 2 ** 30, outageMs: 900_000 },
    clock: systemClock,
    log: keptLog(),
  })
}
