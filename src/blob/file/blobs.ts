/**
 * Blobs as files in one folder, readable by their owner alone. Nothing outside the folder is ever touched: names are
 * checked, every folder on the way must be a real one, and a file that is a symbolic link is not opened. (Whoever can
 * write in the folder while we do could still swap a part of the path in between; they own the blobs anyway.)
 */
import { constants, type Stats } from 'node:fs'
import { type FileHandle, link, lstat, mkdir, open, readdir, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { BastionError } from '../../core/errors.ts'
import type { BlobStore } from '../../core/ports.ts'
import { foldersOf, isName, partsOf } from '../names.ts'
import { hasCode, translate } from './errors.ts'
import { FileWriter } from './writer.ts'

/** How much of a blob is in memory at a time while it is read. */
const CHUNK_BYTES = 64 * 1024

/** What files can do beyond a BlobStore, for those who build another kind of store out of them. */
export interface FileBlobs extends BlobStore {
  /** Gives a blob another name, at once and whole; refuses (`conflict`) where that exists. Its writer may go on. */
  move(from: string, to: string): Promise<void>
  remove(name: string): Promise<void>
  /** Removes the folder of this name where nothing is in it. */
  removeFolder(name: string): Promise<void>
}

/** Keeps blobs in `folder`, which is made when the first of them is. */
export function fileBlobs({ folder }: { readonly folder: string }): FileBlobs {
  return {
    async create(name) {
      const parts = partsOf(name)
      try {
        const path = join(await makeFolders(folder, parts.slice(0, -1)), parts.at(-1) ?? '')
        const flags =
          constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW
        return new FileWriter(await open(path, flags, 0o600))
      } catch (error) {
        throw hasCode(error, 'EEXIST') ? taken(error) : translate(error)
      }
    },

    async resume(name, size) {
      const path = await find(folder, name)
      try {
        const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW)
        try {
          if ((await handle.stat()).size < size) throw tooShort()
          await handle.truncate(size)
        } catch (error) {
          await handle.close()
          throw error
        }
        return new FileWriter(handle, size)
      } catch (error) {
        throw translate(error)
      }
    },

    async read(name, start = 0) {
      const path = await find(folder, name)
      return { [Symbol.asyncIterator]: () => chunks(path, start) }
    },

    async size(name) {
      return (await statBlob(await find(folder, name))).size
    },

    async pieces(name) {
      return [(await statBlob(await find(folder, name))).size]
    },

    async list(prefix) {
      const start = foldersOf(prefix)
      const names: string[] = []
      try {
        if (await isRealFolder(folder, start)) await walk(folder, start, prefix, names)
      } catch (error) {
        throw translate(error)
      }
      return names.sort()
    },

    async move(from, to) {
      const path = await find(folder, from)
      const parts = partsOf(to)
      try {
        // rename(2) would take the place of what is there.
        await link(path, join(await makeFolders(folder, parts.slice(0, -1)), parts.at(-1) ?? ''))
        await unlink(path)
      } catch (error) {
        throw hasCode(error, 'EEXIST') ? taken(error) : translate(error)
      }
    },

    async remove(name) {
      const path = await find(folder, name)
      await unlink(path).catch((error: unknown) => {
        if (!hasCode(error, 'ENOENT')) throw translate(error)
      })
    },

    async removeFolder(name) {
      const parts = partsOf(name)
      try {
        if (await isRealFolder(folder, parts)) await rmdir(join(folder, ...parts))
      } catch (error) {
        if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw translate(error)
      }
    },
  }
}

async function* chunks(path: string, start: number): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await openToRead(path)
  try {
    // What is appended from here on is the next reader's: one who follows a fast writer would never come to the end.
    const end = (await handle.stat()).size
    for (let at = start; at < end; ) {
      const buffer = new Uint8Array(Math.min(end - at, CHUNK_BYTES))
      const { bytesRead } = await handle.read({ buffer, position: at })
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } catch (error) {
    throw translate(error)
  } finally {
    await handle.close()
  }
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    throw hasCode(error, 'ENOENT', 'ELOOP') ? notFound(error) : translate(error)
  }
}

/** Returns the path of a blob that is there, or throws `not-found`. */
async function find(folder: string, name: string): Promise<string> {
  const parts = partsOf(name)
  const path = join(folder, ...parts)
  const isThere = await isRealFolder(folder, parts.slice(0, -1)).catch((error: unknown) => {
    throw translate(error)
  })
  if (!isThere || !(await statBlob(path)).isFile()) throw notFound()
  return path
}

async function statBlob(path: string): Promise<Stats> {
  try {
    return await lstat(path)
  } catch (error) {
    throw hasCode(error, 'ENOENT', 'ENOTDIR') ? notFound(error) : translate(error)
  }
}

/** Makes the folders one by one, so that none is made behind a symbolic link. */
async function makeFolders(root: string, parts: readonly string[]): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw translate(error)
  })
  let path = root
  for (const part of parts) {
    path = join(path, part)
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error
    })
    if (!(await lstat(path)).isDirectory()) throw taken()
  }
  return path
}

/** Reports whether every one of the folders is there and is no link. */
async function isRealFolder(root: string, parts: readonly string[]): Promise<boolean> {
  let path = root
  for (const part of parts) {
    path = join(path, part)
    try {
      if (!(await lstat(path)).isDirectory()) return false
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false
      throw error
    }
  }
  return true
}

/** Adds the names below `folders` that start with `prefix`; links and files of other names are not ours. */
async function walk(root: string, folders: readonly string[], prefix: string, names: string[]): Promise<void> {
  for (const entry of await entriesOf(join(root, ...folders))) {
    const name = [...folders, entry.name].join('/')
    if (entry.isFile() && name.startsWith(prefix) && isName(name)) names.push(name)
    const mayHold = `${name}/`.startsWith(prefix) || prefix.startsWith(`${name}/`)
    if (entry.isDirectory() && mayHold && isName(name)) await walk(root, [...folders, entry.name], prefix, names)
  }
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

function tooShort(): BastionError {
  return new BastionError('conflict', 'The recording is shorter than it was.')
}

function taken(cause?: unknown): BastionError {
  return new BastionError('conflict', 'There is a recording of that name already.', cause)
}

function notFound(cause?: unknown): BastionError {
  return new BastionError('not-found', 'There is no recording of that name.', cause)
}
