/**
 * A way to the target that does not go through the bastion: one POSIX shell, kept open, that makes the canaries, looks
 * at them, and tidies an account up between two tricks.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

const LIMIT_MS = 30_000

export class Hand {
  readonly #child: ChildProcess
  readonly #what: string
  #output = ''
  #errors = ''
  #wake = () => {}
  #last: Promise<unknown> = Promise.resolve()

  /** `file` and `args`: something that reads shell commands from its standard input on the target. */
  constructor(file: string, args: readonly string[]) {
    this.#what = [file, ...args].join(' ')
    this.#child = spawn(file, [...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stdout!.on('data', (bytes: Buffer) => {
      this.#output += bytes.toString()
      this.#wake()
    })
    this.#child.stderr!.on('data', (bytes: Buffer) => {
      this.#errors = (this.#errors + bytes.toString()).slice(-2000)
    })
    this.#child.stdin!.on('error', () => {})
    this.#child.once('exit', () => this.#wake())
    this.#child.once('error', (error) => {
      this.#errors += error.message
      this.#wake()
    })
  }

  /** Runs commands on the target, one call after the other; resolves to what they print. */
  run(commands: string): Promise<string> {
    const turn = this.#last.then(() => this.#run(commands))
    this.#last = turn.catch(() => {})
    return turn
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.stdin!.end()
    this.#child.kill('SIGKILL')
    await gone
  }

  async #run(commands: string): Promise<string> {
    const mark = `done-${crypto.randomUUID()}`
    this.#output = ''
    this.#child.stdin!.write(`{ ${commands}\n} < /dev/null 2>&1\nprintf '\\n%s\\n' '${mark}'\n`)
    const deadline = Date.now() + LIMIT_MS
    while (!this.#output.includes(`\n${mark}\n`)) {
      const isGone = this.#child.exitCode !== null || this.#child.signalCode !== null
      if (isGone || Date.now() > deadline) {
        throw new Error(`“${this.#what}” gives no shell on the target: ${this.#errors || 'it did not answer'}`)
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, deadline - Date.now())
      this.#wake = resolve
      await promise
      clearTimeout(timer)
    }
    return this.#output.slice(0, this.#output.indexOf(`\n${mark}\n`))
  }
}
