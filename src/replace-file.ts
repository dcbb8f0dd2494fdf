/** Puts a new file in an old one's place at once: whoever reads, and whatever fails, finds one of them whole. */
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** `aside` is beside the file; two that may write at once need two. */
export async function replaceFile(
  file: string,
  text: string,
  { aside, mode }: { readonly aside: string; readonly mode: number },
): Promise<void> {
  try {
    const handle = await open(aside, 'w', mode)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, file)
    // The new name is as durable as the bytes only when the folder is, too (fsync(2)).
    const folder = await open(dirname(file), 'r')
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined)
    throw error
  }
}
