/**
 * A real file system that is really full: a small tmpfs, mounted and unmounted by the test itself. Needs root and the
 * right to mount; where that is missing, the tests that use it are skipped and say so.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TinyDisk {
  readonly folder: string
  /** Takes all free space, so that the next byte does not fit. */
  fill(): Promise<void>
  /** Gives back what `fill` took. */
  free(): Promise<void>
  unmount(): void
}

/** The reason why no disk can be mounted here; undefined where one can. */
export const noTinyDisk: string | undefined = whyNot()

export function mountTinyDisk(sizeKiB: number): TinyDisk {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k,mode=0700`, 'tmpfs', folder])
  const filler = join(folder, 'filler')
  return {
    folder,
    async fill() {
      const handle = await open(filler, 'a')
      try {
        for (;;) await handle.write(Buffer.alloc(4096))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        await handle.close()
      }
    },
    free: () => rm(filler, { force: true }),
    unmount() {
      // Lazily: a test that failed may still hold a file open, and its own error is the one to show.
      execFileSync('umount', ['-l', folder])
      rmdirSync(folder)
    },
  }
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux to mount a tmpfs'
  if (process.getuid?.() !== 0) return 'needs root to mount a tmpfs'
  try {
    mountTinyDisk(16).unmount()
    return undefined
  } catch {
    return 'mounting is not allowed here'
  }
}
