/**
 * From a reviewer's click to the first byte that the approved command prints, while 500 other commands are held and 50
 * pages are open; against the same command where the policy allows it, in the same run. Run it alone:
 * `node test/bench/approve.bench.ts [--json]`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { type BastionProcess, startBastionProcess } from './bastion-process.ts'
import { percentile } from './figures.ts'
import { type Masters, openMasters } from './masters.ts'
import { writeSshConfig } from './wire.ts'

export interface ApproveBench {
  readonly samples: number
  readonly pending: number
  readonly pages: number
  /** Milliseconds from the click to the first byte at the client. */
  readonly p50: number
  readonly p99: number
  /** The same of a command that needs no approval, from starting `ssh` on an open connection. */
  readonly allowedP50: number
  /** Medians, held over allowed. */
  readonly ratio: number
}

const MASTERS = 51
const HELD_ON_EACH = 10
const PAGES = 50
const SAMPLES = 100
const LIMIT_MS = 30_000

class Reviewer {
  readonly #bastion: BastionProcess

  constructor(bastion: BastionProcess) {
    this.#bastion = bastion
  }

  /** The newest that wait. */
  async holds(): Promise<readonly { readonly id: string; readonly text: string }[]> {
    const response = await this.#ask('holds?state=pending&limit=50')
    const { holds } = (await response.json()) as { holds: readonly { id: string; text: string }[] }
    return holds
  }

  async approve(id: string): Promise<void> {
    const body = JSON.stringify({ decision: 'approve', reason: 'measured' })
    const response = await this.#ask(`holds/${id}/decisions`, { method: 'POST', body })
    if (response.status !== 201) throw new Error(`${id} was not approved: ${await response.text()}`)
  }

  /** Opens a page's stream of events and reads it until `signal`. */
  async watch(signal: AbortSignal): Promise<void> {
    const { body } = await this.#ask('events', { signal })
    const reader = body!.getReader()
    await reader.read()
    void (async () => {
      while (!(await reader.read()).done);
    })().catch(() => {})
  }

  #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const { web, reviewerCookie } = this.#bastion
    const headers = { cookie: reviewerCookie, origin: web, 'content-type': 'application/json' }
    return fetch(`${web}/api/v1/${path}`, { ...init, headers })
  }
}

/** Resolves with the time of the first byte on standard output. */
function firstByte(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', () => resolve(performance.now()))
    child.once('close', () => reject(new Error('ssh ended without a word')))
  })
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS
  while (!(await isTrue())) if (performance.now() > deadline) throw new Error('it did not come true in time')
}

export async function benchApprove(): Promise<ApproveBench> {
  const bastion = await startBastionProcess()
  const children: ChildProcess[] = []
  let masters: Masters | undefined
  const pages = new AbortController()
  try {
    const config = writeSshConfig(bastion)
    const reviewer = new Reviewer(bastion)
    masters = openMasters(bastion, config, MASTERS)
    const run = (n: number, text: string) => {
      const child = spawn('ssh', [...masters!.on(n), 'through', text], { stdio: ['ignore', 'pipe', 'ignore'] })
      children.push(child)
      return child
    }
    // The last connection is the one that is measured.
    for (let n = 0; n < MASTERS - 1; n++) {
      for (let held = 0; held < HELD_ON_EACH; held++) run(n, `touch /nonexistent/waits-${n}-${held}`)
      await until(async () => {
        const texts = (await reviewer.holds()).map((hold) => hold.text)
        return texts.filter((text) => text.startsWith(`touch /nonexistent/waits-${n}-`)).length === HELD_ON_EACH
      })
    }
    for (let page = 0; page < PAGES; page++) await reviewer.watch(pages.signal)

    const approved: number[] = []
    const allowed: number[] = []
    for (let sample = 0; sample < SAMPLES; sample++) {
      const startedMs = performance.now()
      allowed.push((await firstByte(run(MASTERS - 1, `echo ${sample}`))) - startedMs)
      const text = `echo ${sample}; touch /nonexistent/measured-${sample}`
      const first = firstByte(run(MASTERS - 1, text))
      let id: string | undefined
      await until(async () => {
        id = (await reviewer.holds()).find((hold) => hold.text === text)?.id
        return id !== undefined
      })
      const clickedMs = performance.now()
      await Promise.all([reviewer.approve(id!), first])
      approved.push((await first) - clickedMs)
    }
    const [p50, allowedP50] = [percentile(approved, 0.5), percentile(allowed, 0.5)]
    return {
      samples: SAMPLES,
      pending: (MASTERS - 1) * HELD_ON_EACH,
      pages: PAGES,
      p50,
      p99: percentile(approved, 0.99),
      allowedP50,
      ratio: p50 / allowedP50,
    }
  } finally {
    pages.abort()
    for (const child of children) child.kill()
    masters?.close()
    await bastion.stop()
  }
}

if (import.meta.main) {
  const found = await benchApprove()
  if (process.argv.includes('--json')) console.log(JSON.stringify(found))
  else
    console.log(
      `click to first byte p50 ${found.p50.toFixed(1)} ms, p99 ${found.p99.toFixed(1)} ms with ${found.pending} held and ${found.pages} pages open; an allowed command ${found.allowedP50.toFixed(1)} ms (${found.ratio.toFixed(1)} : 1)`,
    )
}
