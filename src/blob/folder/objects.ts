/**
 * A folder as an object store: one that other machines see too, by NFS or the like. An object is written beside its place
 * and then moved there, so that a reader finds it whole or not at all.
 */
import { createHash } from 'node:crypto'
import { BastionError, codeOf } from '../../core/errors.ts'
import type { ObjectStore } from '../../core/ports.ts'
import { type FileBlobs, fileBlobs } from '../file/blobs.ts'
import { firstBytes } from '../first-bytes.ts'

export function folderObjects(options: { readonly folder: string }): ObjectStore {
  const files = fileBlobs(options)
  return {
    async create(name, bytes, signal) {
      const beside = besideName(name)
      // Left by a try that was cut short.
      await files.remove(beside).catch(unlessNotFound)
      signal?.throwIfAborted()
      const writer = await files.create(beside).catch((error: unknown) => {
        throw codeOf(error) === 'conflict' ? new BastionError('unavailable', 'Somebody else writes this chunk.') : error
      })
      try {
        await writer.append(bytes)
      } finally {
        // On the disk before it has its name: a power failure must not leave a name with nothing behind it.
        await writer.close()
      }
      try {
        await files.move(beside, name)
      } catch (error) {
        await files.remove(beside).catch(unlessNotFound)
        if (codeOf(error) !== 'conflict' || !(await hasBytes(files, name, bytes))) throw error
      }
      if (!(await hasBytes(files, name, bytes))) {
        throw new BastionError('unavailable', 'The folder of recordings gave back other bytes than were written.')
      }
    },

    read: async (name, most) => firstBytes(await files.read(name), most),

    async list(prefix) {
      const found = []
      for (const name of await files.list(prefix)) {
        if (!BESIDE.test(name)) found.push({ name, bytes: await files.size(name) })
      }
      return found
    },
  }
}

/** No chunk is called like that. */
const BESIDE = /^part-[0-9a-f]{64}$/
const besideName = (name: string) => `part-${createHash('sha256').update(name).digest('hex')}`

async function hasBytes(files: FileBlobs, name: string, bytes: Uint8Array): Promise<boolean> {
  return Buffer.from(bytes).equals(await firstBytes(await files.read(name), bytes.length + 1))
}

function unlessNotFound(error: unknown): void {
  if (codeOf(error) !== 'not-found') throw error
}
