/** Blobs as files: the contract, and what is the file system's own. */
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import { blobContract, readAll } from '../contract/blob.ts'
import { mountTinyDisk, noTinyDisk } from '../contract/tiny-disk.ts'

const newFolder = () => mkdtemp(join(tmpdir(), 'sallyport-blob-'))

blobContract('a folder', async () => {
  const folder = await newFolder()
  return {
    open: () => fileBlobs({ folder: join(folder, 'recordings') }),
    remove: () => rm(folder, { recursive: true }),
  }
})

describe('fileBlobs()', () => {
  let outside: string
  let folder: string

  beforeEach(async () => {
    outside = await newFolder()
    folder = join(outside, 'recordings')
  })
  afterEach(() => rm(outside, { recursive: true }))

  it('makes files and folders for their owner alone', async () => {
    const writer = await fileBlobs({ folder }).create('2026/03/a.cast')
    await writer.close()
    for (const path of ['', '2026', '2026/03']) expect((await stat(join(folder, path))).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, '2026/03/a.cast'))).mode & 0o777).toBe(0o600)
  })

  it('fault 34: follows no symbolic link out of the folder', async () => {
    await mkdir(folder)
    await writeFile(join(outside, 'secret'), 'secret')
    await mkdir(join(outside, 'elsewhere'))
    await symlink(join(outside, 'secret'), join(folder, 'file'))
    await symlink(join(outside, 'elsewhere'), join(folder, 'folder'))
    await symlink(join(outside, 'new'), join(folder, 'dangling'))
    const blobs = fileBlobs({ folder })
    for (const name of ['file', 'folder/x', 'dangling', 'folder']) {
      await expect(blobs.read(name), name).rejects.toMatchObject({ code: 'not-found' })
      await expect(blobs.size(name), name).rejects.toMatchObject({ code: 'not-found' })
      await expect(blobs.create(name), name).rejects.toMatchObject({ code: 'conflict' })
    }
    await expect(blobs.create('folder/deeper/x')).rejects.toMatchObject({ code: 'conflict' })
    expect(await blobs.list('')).toEqual([])
    expect(await blobs.list('folder/')).toEqual([])
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret')
    expect(execFileSync('ls', ['-A', join(outside, 'elsewhere')], { encoding: 'utf8' })).toBe('')
  })

  it('does not list what is not a blob’s: other names, links, sockets', async () => {
    await mkdir(join(folder, 'Upper'), { recursive: true })
    await writeFile(join(folder, 'Upper', 'a'), '')
    await writeFile(join(folder, '.hidden'), '')
    await writeFile(join(folder, 'good'), '')
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(await fileBlobs({ folder }).list('')).toEqual(['good'])
    await expect(fileBlobs({ folder }).read('pipe')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('says what is wrong with its folder, and shows no path of the machine', async () => {
    await writeFile(folder, 'a file where the folder should be')
    const blobs = fileBlobs({ folder })
    const error = await blobs.create('a').catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'BastionError', code: 'unavailable' })
    expect((error as Error).message).not.toContain(outside)
    await expect(blobs.list('')).rejects.toMatchObject({ code: 'unavailable' })
  })

  it.skipIf(process.getuid?.() === 0)('is unavailable where it may not write (skipped for root, who may)', async () => {
    await mkdir(folder, { mode: 0o500 })
    await expect(fileBlobs({ folder }).create('a')).rejects.toMatchObject({ code: 'unavailable' })
    await chmod(folder, 0o700)
  })

  it('fault 54: a file that may not grow is storage-full, and keeps exactly what was promised', async () => {
    const script = fileURLToPath(new URL('./limited-writer.ts', import.meta.url))
    // ulimit -f counts blocks of 512 bytes in dash, of 1024 in bash: 8 of them are 4 or 8 appends of 1000 bytes.
    const output = execFileSync('sh', ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, script, folder], {
      encoding: 'utf8',
    })
    const { appended, code } = JSON.parse(output) as { appended: number; code: string }
    expect(code).toBe('storage-full')
    expect([4, 8]).toContain(appended)
    expect((await stat(join(folder, 'a'))).size).toBe(appended * 1000)
  })
})

describe('fault 54: a full disk', () => {
  // Small pieces are written at once, large ones through the thread pool.
  it.skipIf(noTinyDisk !== undefined).each([3001, 5001])(
    `is storage-full; the blob is what was promised, whole, in pieces of %d (${noTinyDisk ?? 'tmpfs'})`,
    async (size) => {
      const disk = mountTinyDisk(256)
      try {
        const blobs = fileBlobs({ folder: join(disk.folder, 'recordings') })
        await writeFile(join(disk.folder, 'filler'), Buffer.alloc(64 * 1024))
        const full = { name: 'BastionError', code: 'storage-full' }
        const writer = await blobs.create('a')
        const kept: Buffer[] = []
        const failure = await (async () => {
          for (let n = 0; ; n++) {
            const bytes = Buffer.alloc(size, n)
            await writer.append(bytes)
            kept.push(bytes)
          }
        })().catch((error: unknown) => error)
        expect(failure).toMatchObject({ ...full, message: expect.stringMatching(/full.*free space/s) })
        expect(kept.length).toBeGreaterThan(10)
        expect((await readAll(blobs, 'a')).equals(Buffer.concat(kept))).toBe(true)

        // Even when there is room again: what came after the lost bytes must not close the gap.
        const later = [writer.append(Buffer.from('1')), writer.append(Buffer.from('2'))]
        for (const append of later) await expect(append).rejects.toBe(failure)
        await disk.free()
        await expect(writer.append(Buffer.from('3'))).rejects.toBe(failure)
        await writer.close()
        expect(await blobs.size('a')).toBe(size * kept.length)

        const next = await blobs.create('b')
        await next.append(Buffer.from('room again'))
        await next.close()
      } finally {
        disk.unmount()
      }
    },
  )
})
