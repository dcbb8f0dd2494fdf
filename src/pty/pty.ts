/** Local programs on a pseudo-terminal (node-pty), for the demo's built-in target and for tests that type. */
import { type IPty, spawn } from 'node-pty'

export interface PtyProgram {
  readonly file: string
  readonly args: readonly string[]
  readonly cols: number
  readonly rows: number
  readonly term: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export type Pty = IPty

/** Bytes come out as they are (`encoding: null`): a character may be split between two pieces. */
export function openPty(program: PtyProgram): Pty {
  return spawn(program.file, [...program.args], {
    name: program.term,
    cols: program.cols,
    rows: program.rows,
    cwd: program.cwd,
    env: { ...program.env },
    encoding: null,
  })
}
