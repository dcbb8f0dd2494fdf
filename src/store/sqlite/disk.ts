/**
 * The wait for the disk, beside the event loop. With `synchronous = FULL` SQLite itself waits at each commit, and
 * `node:sqlite` runs on the loop: for a millisecond or more no key of anybody's is echoed. With NORMAL a commit only
 * writes to the log (`-wal`), which stays consistent whatever happens (sqlite.org/pragma.html#pragma_synchronous); that the
 * disk has it is then this file's to see to. The log stays one file as long as a connection is open.
 *
 * INVARIANT: `flushed` resolves only when all that was written before the call is on the disk. Once it has failed it fails
 * for good: the kernel forgets which pages it could not write, so a later success would say nothing about them.
 */
import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { BastionError } from '../../core/errors.ts'

export interface Disk {
  flushed(): Promise<void>
  close(): void
}

const flush = promisify(fdatasync)

/** `file` is the database's; its log is opened when it is there, which is from the first write on. */
export function walOnDisk(file: string): Disk {
  let descriptor: number | undefined
  let failure: BastionError | undefined
  return {
    async flushed() {
      if (failure !== undefined) throw failure
      try {
        descriptor ??= openSync(`${file}-wal`, 'r')
        await flush(descriptor)
      } catch (error) {
        failure ??= new BastionError(
          'unavailable',
          'The disk did not confirm what was written to the database; an operator must look at it and start the bastion anew.',
          error,
        )
      }
      if (failure !== undefined) throw failure
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}
