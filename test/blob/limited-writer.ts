/**
 * A process of its own for file.test.ts, run with a small `ulimit -f`: appends 1 KiB at a time to the blob `a` in the
 * folder of its argument until that fails, and says how many appends were promised and what the failure was.
 */

import { fileBlobs } from '../../src/blob/file/blobs.ts'
import { codeOf } from '../../src/core/errors.ts'

// Without a handler the signal that comes with EFBIG would end the process (setrlimit(2)).
process.on('SIGXFSZ', () => undefined)
const writer = await fileBlobs({ folder: process.argv[2] ?? '' }).create('a')
let appended = 0
try {
  for (; appended < 1000; appended++) await writer.append(new Uint8Array(1000).fill(appended))
} catch (error) {
  console.log(JSON.stringify({ appended, code: codeOf(error) }))
}
await writer.close()
process.exit(0)
