/**
 * Recordings in pieces: what is appended is in the spool on this machine when it is promised, and each chunk goes from
 * there to an object store when it is cut. Readers find both put together.
 */
import type { Clock } from '../../core/clock.ts'
import { BastionError, codeOf } from '../../core/errors.ts'
import type { BlobStore, BlobWriter, Log, ObjectStore } from '../../core/ports.ts'
import { foldersOf } from '../names.ts'
import { checkBlobName, chunkName } from './names.ts'
import { blobsOf, inOrder, type Piece, type Pieces, piecesOf } from './pieces.ts'
import { Pressure, type PressureParts, type SpoolLimits } from './pressure.ts'
import { Shipper } from './shipper.ts'
import { Spool } from './spool.ts'
import { type CutChunk, SpoolWriter } from './writer.ts'

export interface SpooledParts {
  readonly folder: string
  readonly objects: ObjectStore
  readonly limits: SpoolLimits
  readonly clock: Clock
  readonly log: Log
  /** Called when the spool comes into another state. */
  readonly onChange?: PressureParts['onChange']
}

export interface SpooledBlobs extends BlobStore {
  readonly spool: Spool
  readonly shipper: Shipper
  readonly pressure: Pressure
  /** Takes what lies in open chunks that nobody writes to, of blobs that `isKept` does not want, to the store as it is. */
  finishLeft(isKept: (blob: string) => boolean): Promise<void>
}

/** How much of a blob a reader gets at a time. */
const PART_BYTES = 64 * 1024

export async function spooledBlobs({
  folder,
  objects,
  limits,
  clock,
  log,
  onChange = () => {},
}: SpooledParts): Promise<SpooledBlobs> {
  const spool = await Spool.open(folder)
  const open = new Set<string>()
  const tidy = (blob: string) => {
    if (open.has(blob)) return
    spool.removeFolder(blob).catch((error) => log.warn({ blob, err: error }, 'an empty folder stays in the spool'))
  }
  const shipper = new Shipper({ spool, objects, clock, log, onShipped: tidy })
  const pressure = new Pressure({ spool, shipper, limits, clock, onChange })
  const add = (chunk: CutChunk) => {
    shipper.add(chunk)
    pressure.watch()
  }
  for (const chunk of await spool.chunks()) if (!chunk.isOpen) add({ ...chunk, sha256: undefined })

  const writer = (blob: string, number: number, file: BlobWriter): BlobWriter => {
    open.add(blob)
    return new SpoolWriter(
      {
        spool,
        blob,
        admit: (bytes) => pressure.admit(bytes),
        onCut: add,
        onClose() {
          open.delete(blob)
          tidy(blob)
        },
      },
      number,
      file,
    )
  }

  const find = async (name: string): Promise<Pieces> => {
    checkBlobName(name)
    const pieces = await piecesOf(name, { spool, objects })
    if (pieces.length > 0) return inOrder(pieces)
    throw new BastionError('not-found', 'There is no recording of that name.')
  }

  return {
    spool,
    shipper,
    pressure,

    /** That a name is taken in the store is found when its first chunk comes there: sessions do not wait for it. */
    async create(name) {
      checkBlobName(name)
      pressure.admitNew()
      if (open.has(name) || (await spool.chunks(name)).length > 0) {
        throw new BastionError('conflict', 'There is a recording of that name already.')
      }
      return writer(name, 1, await spool.create(name, 1))
    },

    async resume(name, size) {
      if (open.has(name)) throw new BastionError('conflict', 'The recording is being written.')
      const pieces = await find(name)
      const total = pieces.reduce((sum, { bytes }) => sum + bytes, 0)
      const last = pieces.at(-1) as Piece
      const keep = last.bytes - (total - size)
      if (keep > last.bytes) throw new BastionError('conflict', 'The recording is shorter than it was.')
      if (keep < 0 || (keep < last.bytes && !last.isOpen)) {
        throw new BastionError('conflict', 'The end of the recording is in the store already, so nothing is cut off.')
      }
      if (!last.isOpen) return writer(name, last.number + 1, await spool.create(name, last.number + 1))
      const file = await spool.resume({ ...last, blob: name }, keep)
      if (keep === 0) return writer(name, last.number, file)
      await file.close()
      await finish({ blob: name, number: last.number, bytes: keep })
      return writer(name, last.number + 1, await spool.create(name, last.number + 1))
    },

    async read(name, start = 0) {
      const pieces = await find(name)
      return { [Symbol.asyncIterator]: () => bytesOf(name, pieces, start) }
    },

    async size(name) {
      return (await find(name)).reduce((sum, { bytes }) => sum + bytes, 0)
    },

    async pieces(name) {
      return (await find(name)).map(({ bytes }) => bytes)
    },

    async list(prefix) {
      foldersOf(prefix)
      return blobsOf(prefix, { spool, objects })
    },

    async finishLeft(isKept) {
      for (const chunk of await spool.chunks()) {
        if (!chunk.isOpen || open.has(chunk.blob) || isKept(chunk.blob)) continue
        if (chunk.bytes === 0) await spool.remove(chunk)
        else await finish(chunk)
      }
    },
  }

  async function finish(chunk: { readonly blob: string; readonly number: number; readonly bytes: number }) {
    await spool.finish(chunk.blob, chunk.number)
    add({ ...chunk, isOpen: false, sha256: undefined })
  }

  async function* bytesOf(name: string, pieces: Pieces, start: number): AsyncGenerator<Uint8Array, void, undefined> {
    let at = 0
    for (const { number, bytes } of pieces) {
      const from = Math.max(0, start - at)
      at += bytes
      if (from >= bytes) continue
      // A chunk is in the store before it leaves the spool, so looked for in this order it is not missed.
      const read =
        (await spool.read(name, number)) ??
        (await objects.read(chunkName(name, number), bytes).catch((error: unknown) => {
          throw codeOf(error) === 'not-found'
            ? new BastionError('unavailable', 'A chunk of the recording is gone.')
            : error
        }))
      for (let part = from; part < Math.min(bytes, read.length); part += PART_BYTES) {
        yield read.subarray(part, Math.min(part + PART_BYTES, bytes))
      }
    }
  }
}
