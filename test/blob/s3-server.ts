/** A real S3 server in this process, on a free loopback port, over a folder that goes away: s3rver from npm. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import type { S3Settings } from '../../src/blob/s3/settings.ts'

export interface S3Server {
  readonly settings: S3Settings
  close(): Promise<void>
}

export async function startS3Server(): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-s3-'))
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'evidence' }],
  })
  const { port } = await server.run()
  return {
    settings: {
      bucket: 'evidence',
      prefix: 'recordings/',
      region: 'us-east-1',
      endpoint: new URL(`http://127.0.0.1:${port}`),
      pathStyle: true,
      // The one pair that s3rver knows.
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
      createOnly: 'look-first',
      encryption: undefined,
      lockDays: undefined,
    },
    async close() {
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
