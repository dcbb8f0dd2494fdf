/**
 * Where `sallyport login` keeps its token: one file for each bastion, below $XDG_STATE_HOME (XDG Base Directory
 * Specification), for its owner alone. A file that others could read or have written is not used, as ssh does with keys.
 */
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { BastionError } from '../core/errors.ts'

export interface KeptToken {
  readonly issuer: string
  readonly clientId: string
  readonly scopes: string
  readonly audience: string
  readonly accessToken: string
  /** ISO 8601. */
  readonly expiresAt: string
  readonly refreshToken: string | null
}

const FIELDS = ['issuer', 'clientId', 'scopes', 'audience', 'accessToken', 'expiresAt'] as const
const MAX_FILE_BYTES = 256 * 1024

export class TokenFile {
  readonly path: string
  readonly #folder: string

  constructor(bastion: URL, env: NodeJS.ProcessEnv) {
    const { XDG_STATE_HOME: named = '' } = env
    // "If an implementation encounters a relative path … it should consider the path invalid and ignore it."
    const state = isAbsolute(named) ? named : join(env.HOME || homedir(), '.local', 'state')
    this.#folder = join(state, 'sallyport')
    this.path = join(this.#folder, `${encodeURIComponent(bastion.origin)}.json`)
  }

  /** Resolves to undefined where there is none. Rejects with `untrusted` for one that others could get at. */
  async read(): Promise<KeptToken | undefined> {
    const file = await open(this.path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw new BastionError('invalid', `${this.path} cannot be read.`, error)
    })
    if (file === undefined) return undefined
    try {
      return parse(await readOwn(file, this.path))
    } finally {
      await file.close()
    }
  }

  /** Replaces it whole, so that a second program never reads half of one. */
  async write(token: KeptToken): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const fresh = `${this.path}.${crypto.randomUUID()}`
    try {
      const file = await open(fresh, 'wx', 0o600)
      try {
        await file.writeFile(`${JSON.stringify(token)}\n`)
      } finally {
        await file.close()
      }
      await rename(fresh, this.path)
    } catch (error) {
      await rm(fresh, { force: true })
      throw new BastionError('unavailable', `${this.path} cannot be written, so the sign-in is not kept.`, error)
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
  }
}

async function readOwn(file: FileHandle, path: string): Promise<string> {
  const { mode, uid, size } = await file.stat()
  if ((mode & 0o077) !== 0 || (process.getuid !== undefined && uid !== process.getuid())) {
    throw new BastionError(
      'untrusted',
      `${path} is open to others, so the token in it is not used. Remove it, and sign in again: sallyport login`,
    )
  }
  return size > MAX_FILE_BYTES ? '' : file.readFile('utf8')
}

/** One of an unknown shape is as good as none: signing in again replaces it. */
function parse(text: string): KeptToken | undefined {
  try {
    const data = JSON.parse(text) as Partial<Record<keyof KeptToken, unknown>> | null
    if (data === null || FIELDS.some((name) => typeof data[name] !== 'string')) return undefined
    if (Number.isNaN(Date.parse(String(data.expiresAt)))) return undefined
    if (data.refreshToken !== null && typeof data.refreshToken !== 'string') return undefined
    return data as KeptToken
  } catch {
    return undefined
  }
}
