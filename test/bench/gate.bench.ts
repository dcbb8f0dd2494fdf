/**
 * What the gate costs an interactive session: a keystroke to its echo and Enter to the first output, through the bastion
 * and through a plain sshd as a jump host (`ssh -J`), by turns in one run and in the same shell of the same target; then what
 * an idle session takes of the bastion's memory over a connection without one. Run it alone:
 * `node test/bench/gate.bench.ts [--json]`.
 */
import { type BastionProcess, startBastionProcess } from './bastion-process.ts'
import { type Added, added } from './figures.ts'
import { openMasters } from './masters.ts'
import { Wire, writeSshConfig } from './wire.ts'

export interface GateBench {
  /** A keystroke to its echo, in milliseconds. */
  readonly echo: Added
  /** Enter of a command that the policy allows, to its first output. */
  readonly enter: Added
  /** What an idle session takes over a connection without one. */
  readonly idle: {
    readonly sessions: number
    readonly heapMiB: number
    readonly bufferMiB: number
    readonly rssMiB: number
  }
}

const LINES = 250
const KEYS_OF_A_LINE = 8
/** The first ones, while both processes are still being compiled, count for neither way. */
const WARM_UP_LINES = 30
const IDLE = 50
const PROMPT = /\$ $/
const ANYTHING = /./s

async function benchTyping(config: string): Promise<Pick<GateBench, 'echo' | 'enter'>> {
  const ways = { through: new Wire(['-F', config, 'through']), plain: new Wire(['-F', config, 'plain']) }
  const echo = { through: [] as number[], plain: [] as number[] }
  const enter = { through: [] as number[], plain: [] as number[] }
  const both = ['through', 'plain'] as const
  for (const way of both) await ways[way].shows(PROMPT)
  for (let line = 0; line < LINES + WARM_UP_LINES; line++) {
    const isCounted = line >= WARM_UP_LINES
    // The first keys, one at a time; the rest of the line at once.
    for (const key of 'echo $((7'.slice(0, KEYS_OF_A_LINE)) {
      for (const way of both) {
        const ms = await ways[way].type(key, ANYTHING)
        if (isCounted) echo[way].push(ms)
      }
    }
    const number = 10_000 + line
    for (const way of both) {
      await ways[way].type(`7000000+${number}))`, /\)\)/)
      const ms = await ways[way].type('\r', new RegExp(`${7_000_000 + number}`))
      if (isCounted) enter[way].push(ms)
      await ways[way].shows(PROMPT)
    }
  }
  for (const way of both) await ways[way].leave()
  return { echo: added(echo.through, echo.plain), enter: added(enter.through, enter.plain) }
}

/** The same connections, without a session and then each with one: the difference is the sessions'. */
async function benchIdle(bastion: BastionProcess, config: string): Promise<GateBench['idle']> {
  const masters = openMasters(bastion, config, IDLE)
  const sessions: Wire[] = []
  try {
    // One session on each, opened and closed: what the process keeps for later ones is not theirs.
    const openAll = async () => {
      for (let n = 0; n < IDLE; n += 5) {
        const some = Array.from({ length: 5 }, (_, i) => new Wire([...masters.on(n + i), 'through']))
        sessions.push(...some)
        await Promise.all(some.map((session) => session.shows(PROMPT)))
      }
    }
    await openAll()
    await Promise.all(sessions.splice(0).map((session) => session.leave()))
    const before = await bastion.use(0)
    await openAll()
    const after = await bastion.use(IDLE)
    const mib = (what: 'heap' | 'external' | 'rss') => (after[what] - before[what]) / IDLE / 1024 / 1024
    return { sessions: IDLE, heapMiB: mib('heap'), bufferMiB: mib('external'), rssMiB: mib('rss') }
  } finally {
    await Promise.all(sessions.map((session) => session.kill()))
    masters.close()
  }
}

export async function benchGate(): Promise<GateBench> {
  const bastion = await startBastionProcess()
  try {
    const config = writeSshConfig(bastion)
    return { ...(await benchTyping(config)), idle: await benchIdle(bastion, config) }
  } finally {
    await bastion.stop()
  }
}

if (import.meta.main) {
  const found = await benchGate()
  if (process.argv.includes('--json')) console.log(JSON.stringify(found))
  else {
    const row = (name: string, { p50, p99, plainP50, plainP99, addedP50, addedP99, ratio }: Added) =>
      console.log(
        `${name.padEnd(18)} p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms; ssh -J ${plainP50.toFixed(2)} and ${plainP99.toFixed(2)}; added ${addedP50.toFixed(2)} and ${addedP99.toFixed(2)} (${ratio.toFixed(1)} : 1)`,
      )
    row('echo of a key', found.echo)
    row('Enter to output', found.enter)
    const { heapMiB, bufferMiB, rssMiB, sessions } = found.idle
    console.log(
      `an idle session    ${(heapMiB + bufferMiB).toFixed(2)} MiB of heap and buffers, ${rssMiB.toFixed(2)} MiB resident (mean of ${sessions})`,
    )
  }
}
