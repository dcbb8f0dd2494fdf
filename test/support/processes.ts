/** The processes of this test's own targets, seen from outside of them: what somebody there could do to them is done here. */
import { readdirSync, readFileSync } from 'node:fs'

/** Ids of the processes that this one started, at any remove, and whose arguments contain `text`. */
export function descendants(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && read(pid, 'cmdline').includes(text) && isOurs(pid))
}

function isOurs(pid: number): boolean {
  for (let at = pid; at > 1; at = parentOf(at)) if (at === process.pid) return true
  return false
}

/** proc_pid_stat(5): the name stands in brackets and may hold anything; the parent is the second field after it. */
function parentOf(pid: number): number {
  const stat = read(pid, 'stat')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

/** Empty where the process is gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
