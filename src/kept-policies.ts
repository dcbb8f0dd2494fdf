/** Every policy that was ever in force, by its digest, so that evidence can show what was decided by. */
import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

export interface KeptPolicies {
  /** Resolves when it is kept. */
  keep(text: string): Promise<void>
  /** Undefined where it was never in force here, or is not what its digest says any more. */
  find(digest: string): Promise<string | undefined>
}

export function keptPolicies(stateFolder: string): KeptPolicies {
  const folder = join(stateFolder, 'policies')
  const file = (digest: string) => join(folder, `${digest}.yaml`)
  const find = async (digest: string) => {
    if (!/^[0-9a-f]{64}$/.test(digest)) return undefined
    const text = await readFile(file(digest), 'utf8').catch(() => undefined)
    return text !== undefined && digestOf(text) === digest ? text : undefined
  }
  return {
    find,
    async keep(text) {
      const digest = digestOf(text)
      if ((await find(digest)) !== undefined) return
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const unfinished = `${file(digest)}.new`
      const handle = await open(unfinished, 'w', 0o600)
      try {
        await handle.writeFile(text)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(unfinished, file(digest))
    },
  }
}

/** As policy/parse.ts makes it. */
function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
