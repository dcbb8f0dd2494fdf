/** ZIP archives (zip.js's one home): written as a stream, read strictly. */
import { BlobReader, configure, type Entry, ZipReader, ZipWriter } from '@zip.js/zip.js'
import { BastionError } from '../core/errors.ts'

configure({ useWebWorkers: false })

export interface Zip {
  /** Files are added one behind the other. */
  add(name: string, content: AsyncIterable<Uint8Array>, sizeHint?: number): Promise<void>
}

/** Beyond this a file's size needs 64 bits; some room is left, as it may still grow. */
const LARGE = 2 ** 31

/**
 * Writes an archive while it is read; nothing is held back but what the reader has not taken. Where `write` fails, so does
 * the stream, and what was read is no archive.
 */
export function zipStream(at: Date, write: (zip: Zip) => Promise<void>): ReadableStream<Uint8Array> {
  const { readable, writable, fail } = failingStream()
  const archive = new ZipWriter(writable, { lastModDate: at, extendedTimestamp: false, keepOrder: true, level: 6 })
  const zip: Zip = {
    add: async (name, content, sizeHint = 0) => {
      await archive.add(name, ReadableStream.from(content), { zip64: sizeHint > LARGE })
    },
  }
  write(zip)
    .then(() => archive.close())
    .catch(fail)
  return readable
}

export interface ZippedFile {
  readonly name: string
  /** As the archive says; what is read may differ, and whoever reads it stops there. */
  readonly size: number
  read(): AsyncIterable<Uint8Array>
}

const MOST_FILES = 100_000

/** Rejects with `invalid` what is no archive, or could be read in two ways. */
export async function openZip(blob: Blob): Promise<readonly ZippedFile[]> {
  const reader = new ZipReader(new BlobReader(blob), { strictness: 'strict', checkSignature: true })
  const files: ZippedFile[] = []
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (files.length >= MOST_FILES) throw new BastionError('invalid', 'The archive has too many files.')
      files.push(zippedFile(entry))
    }
  } catch (error) {
    throw broken('it is no ZIP archive, was cut off, or could be read in two ways', error)
  }
  return files
}

/** A pipe whose reader hears of a failure, whatever the library that writes into it does on one. */
function failingStream() {
  let fail: (error: unknown) => void = () => {}
  const pipe = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => {
      fail = (error) => controller.error(error)
    },
  })
  return { readable: pipe.readable, writable: pipe.writable, fail }
}

function zippedFile(entry: Entry): ZippedFile {
  const { filename: name } = entry
  if (entry.directory || entry.encrypted) throw broken(`“${name}” is no plain file`)
  return {
    name,
    size: entry.uncompressedSize,
    async *read() {
      const { readable, writable, fail } = failingStream()
      const done = entry.getData(writable)
      done.catch(fail)
      try {
        yield* readable
        await done
      } catch (error) {
        throw broken(`“${name}” cannot be read`, error)
      }
    },
  }
}

function broken(why: string, cause?: unknown): BastionError {
  return cause instanceof BastionError
    ? cause
    : new BastionError('invalid', `The bundle cannot be read: ${why}.`, cause)
}
