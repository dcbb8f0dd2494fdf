/**
 * The shells of one session that have a gate: the login shell, and those started inside it, one in the other. Each has a
 * key and a port for its questions of its own; the innermost one has the terminal.
 *
 * A nested shell is `entering` until it tells the door that it reads its key: until then it is an ungated program like any
 * other (sudo may ask for a password). Then the way in is shut until its first prompt. One that never tells stays an
 * ungated stretch; one that tells and shows no prompt in time ends the session, and so does whoever tells it twice, also
 * after the first prompt: then somebody else on the target has told it too, and the key may have been shown.
 *
 * INVARIANT: a port that a gated shell knows is ours until the session ends, also when that shell should be over: nobody
 * else ever listens where what is left of it asks.
 */
import type { SideConnection, Upstream } from './channel.ts'
import type { BashNesting } from './stepped/dialect.ts'
import { isPlainPath, nestedCommand, nestedForm } from './stepped/nested-shell.ts'
import { type Keys, newKeys } from './stepped/question.ts'
import type { Stepper } from './stepped/stepper.ts'

const READY = 'ready\n'
/** Somebody else on the target may knock at the door too. */
const MOST_KNOCKS = 16
/** Shells of one session, as each keeps its two ports. Further ones get no gate. */
const MOST_SHELLS = 32

/** A way into a nested shell that was made for one line, and is used or thrown away. */
export interface Entrance {
  readonly command: string
  /** The step was cleared: from now on the shell may tell that it is ready. */
  open(): void
  /** The step was not. */
  close(): void
}

export interface NestedShellsParts {
  readonly upstream: Pick<Upstream, 'sideChannel'>
  readonly nesting: BashNesting
  /** Of the bash that is gated. */
  readonly path: string
  /** Makes the gate of a nested shell. */
  readonly newStepper: (shell: { readonly keys: Keys; readonly login: string | undefined }) => Stepper
  /** Called when a nested shell waits for its key. */
  readonly onReady: (keys: Keys) => void
  /** Called when somebody else told that they wait for it: the session has to end. */
  readonly onForged: () => void
}

/** `made` → `open` (it may fetch its init file) → `ready` (it reads its key) → `inside` (its first prompt) → `over`. */
interface Level {
  state: 'made' | 'open' | 'ready' | 'inside' | 'over'
  readonly stepper: Stepper
}

export class NestedShells {
  readonly #parts: NestedShellsParts
  readonly #levels: Level[] = []
  /** The one that was started and has not told yet that it is ready. */
  #entering: Level | undefined
  /** Closes the ports of each shell that was started, whatever became of it. */
  readonly #ports: (() => void)[] = []

  constructor(parts: NestedShellsParts) {
    this.#parts = parts
  }

  /** The gate of the innermost nested shell that is ready; undefined while there is none. */
  get innermost(): Stepper | undefined {
    return this.#levels.at(-1)?.stepper
  }

  /** Makes the ports for a line that starts a shell; undefined where it does not, or the target gives no port. */
  async entranceFor(
    line: string,
    outer: Stepper | undefined,
    login: string | undefined,
  ): Promise<Entrance | undefined> {
    const { upstream, nesting, path, newStepper } = this.#parts
    const form = nestedForm(line)
    if (form === undefined || !isPlainPath(path) || this.#ports.length >= MOST_SHELLS) return undefined
    const keys = newKeys()
    const level: Level = { state: 'made', stepper: newStepper({ keys, login: form.login ?? login }) }
    let init = ''
    let knocks = 0
    const door = await upstream.sideChannel((connection) => {
      const mayEnter = level.state !== 'made' && level.state !== 'over'
      if (!mayEnter || knocks++ >= MOST_KNOCKS) return connection.end(new Uint8Array())
      connection.end(level.state === 'open' ? Buffer.from(init) : new Uint8Array())
      void saysReady(connection).then((says) => says && this.#noticeReady(level, outer, keys))
    })
    const side =
      door &&
      (await upstream.sideChannel((connection) => {
        if (level.state === 'ready' || level.state === 'inside') void level.stepper.serve(connection)
        else connection.end(new Uint8Array())
      }))
    const closePorts = () => {
      level.state = 'over'
      door?.close()
      side?.close()
    }
    if (side !== undefined) init = nesting.init(side.port, { door: door!.port, isLogin: form.isLogin }).trim()
    const command = side && nestedCommand(line, { path, door: door!.port, init })
    if (command === undefined) {
      closePorts()
      return undefined
    }
    return {
      command,
      open: () => {
        level.state = 'open'
        this.#entering = level
        this.#ports.push(closePorts)
      },
      close: closePorts,
    }
  }

  /**
   * `stepper`'s shell is at its prompt, so what was started inside it is over, also what never came in: a `ready` that
   * comes after that would have the key typed at this prompt.
   */
  noticePrompt(stepper: Stepper | undefined): void {
    if (this.#entering !== undefined) this.#entering.state = 'over'
    this.#entering = undefined
    const at = stepper === undefined ? -1 : this.#levels.findIndex((level) => level.stepper === stepper)
    const own = this.#levels[at]
    if (own !== undefined) own.state = 'inside'
    for (const level of this.#levels.splice(at + 1)) {
      level.state = 'over'
      void level.stepper.close()
    }
  }

  close(): void {
    this.noticePrompt(undefined)
    for (const close of this.#ports.splice(0)) close()
  }

  #noticeReady(level: Level, outer: Stepper | undefined, keys: Keys): void {
    if (level.state === 'ready' || level.state === 'inside') this.#parts.onForged()
    // Only where the shell that started it has the terminal still.
    if (level.state !== 'open' || this.innermost !== outer) return
    level.state = 'ready'
    this.#entering = undefined
    this.#levels.push(level)
    this.#parts.onReady(keys)
  }
}

async function saysReady(connection: SideConnection): Promise<boolean> {
  let said = ''
  try {
    for await (const bytes of connection.input) {
      said += Buffer.from(bytes).toString('latin1')
      if (said.length >= READY.length) break
    }
  } catch {
    return false
  }
  return said === READY
}
