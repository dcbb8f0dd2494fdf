/**
 * The newest checkpoint of the audit log as a file beside the database: whoever puts back an older database, or cuts it,
 * has to find this one, too. It is public; a copy of it elsewhere proves the log to whoever has it.
 */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BastionError } from './core/errors.ts'
import type { PublishedPlace } from './evidence/log.ts'

const LONGEST_BYTES = 64 * 1024

export function checkpointFile(stateFolder: string): PublishedPlace {
  const file = join(stateFolder, 'checkpoint')
  return {
    async read() {
      try {
        const text = await readFile(file, 'utf8')
        return text.slice(0, LONGEST_BYTES)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw new BastionError('unavailable', `The checkpoint ${file} cannot be read.`, error)
      }
    },

    async write(note) {
      const aside = `${file}.tmp`
      try {
        const handle = await open(aside, 'w', 0o644)
        try {
          await handle.writeFile(note)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(aside, file)
        const folder = await open(dirname(file), 'r')
        await folder.sync().finally(() => folder.close())
      } catch (error) {
        await rm(aside, { force: true }).catch(() => undefined)
        throw new BastionError('unavailable', `The checkpoint ${file} cannot be written.`, error)
      }
    },
  }
}
