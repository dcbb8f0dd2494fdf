/** Connections of `ssh` through the bastion that sessions are opened on, so that a session costs no sign-in of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { BastionProcess } from './bastion-process.ts'

export interface Masters {
  /** The arguments of an `ssh` on the n-th connection, up to its destination. */
  on(n: number): readonly string[]
  close(): void
}

/** Opens so many; every one of them is signed in when this returns. */
export function openMasters(bastion: BastionProcess, config: string, count: number): Masters {
  const on = (n: number) => ['-F', config, '-S', join(bastion.folder, `mux-${n}`)]
  const masters: ChildProcess[] = []
  for (let n = 0; n < count; n++) masters.push(spawn('ssh', [...on(n), '-M', '-N', 'through'], { stdio: 'ignore' }))
  for (let n = 0; n < count; n++) while (spawnSync('ssh', [...on(n), '-O', 'check', 'through']).status !== 0);
  return {
    on,
    close() {
      for (const master of masters) master.kill()
    },
  }
}
