/** A folder as an object store. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderObjects } from '../../src/blob/folder/objects.ts'
import { objectContract } from '../contract/objects.ts'

const newFolder = () => mkdtemp(join(tmpdir(), 'sallyport-objects-'))

objectContract('a folder', async () => {
  const folder = await newFolder()
  return { open: () => folderObjects({ folder }), remove: () => rm(folder, { recursive: true }) }
})

it('is not disturbed by what a try that was cut short has left', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, `part-${createHash('sha256').update('a/1').digest('hex')}`), 'half of')
  const objects = folderObjects({ folder })
  expect(await objects.list('')).toEqual([])
  await objects.create('a/1', Buffer.from('half of it and the rest'))
  expect(await objects.list('')).toEqual([{ name: 'a/1', bytes: 23 }])
  expect(await readdir(folder)).toEqual(['a'])
  await rm(folder, { recursive: true })
})
