/**
 * The newest checkpoint of the audit log as a file beside the database: whoever puts back an older database, or cuts it,
 * has to find this one, too. It is public; a copy of it elsewhere proves the log to whoever has it.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BastionError } from './core/errors.ts'
import type { PublishedPlace } from './evidence/log.ts'
import { replaceFile } from './replace-file.ts'

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
      await replaceFile(file, note, { aside: `${file}.tmp`, mode: 0o644 }).catch((error: unknown) => {
        throw new BastionError('unavailable', `The checkpoint ${file} cannot be written.`, error)
      })
    },
  }
}
