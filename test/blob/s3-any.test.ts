/**
 * The contract against a server of your own: `SALLYPORT_TEST_S3` holds JSON with `bucket`, `region`, and what else of
 * `endpoint`, `pathStyle`, `createOnly`, `lockDays`, `accessKeyId` and `secretAccessKey` it needs. What the tests create stays
 * there, under `sallyport-test/`.
 */

import { DeleteObjectCommand, GetObjectRetentionCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { s3Objects } from '../../src/blob/s3/objects.ts'
import type { S3Settings } from '../../src/blob/s3/settings.ts'
import { systemClock } from '../../src/core/clock.ts'
import { objectContract } from '../contract/objects.ts'

const text = process.env.SALLYPORT_TEST_S3
const run = `sallyport-test/${crypto.randomUUID()}/`

interface Given {
  readonly bucket: string
  readonly region: string
  readonly endpoint?: string
  readonly pathStyle?: boolean
  readonly createOnly?: S3Settings['createOnly']
  readonly lockDays?: number
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
}

function settingsOf(given: Given): S3Settings {
  const { bucket, region, endpoint, pathStyle = false, createOnly = 'if-none-match', lockDays } = given
  const { accessKeyId, secretAccessKey } = given
  return {
    bucket,
    region,
    prefix: run,
    endpoint: endpoint === undefined ? undefined : new URL(endpoint),
    pathStyle,
    createOnly,
    lockDays,
    encryption: undefined,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
  }
}

if (text === undefined) it.skip('needs SALLYPORT_TEST_S3: see the head of this file', () => {})
else {
  const settings = settingsOf(JSON.parse(text) as Given)
  let places = 0
  objectContract('S3 (a server of your own)', async () => {
    const own = { ...settings, prefix: `${run}${places++}/` }
    return { open: () => s3Objects(own, { clock: systemClock }), remove: async () => {} }
  })

  describe.skipIf(settings.lockDays === undefined)('Object Lock', () => {
    it('fault 52: what was created cannot be deleted before its time', async () => {
      await s3Objects(settings, { clock: systemClock }).create('locked', Buffer.from('x'))
      const { endpoint, region, pathStyle: forcePathStyle, credentials } = settings
      const client = new S3Client({
        region,
        forcePathStyle,
        ...(endpoint && { endpoint: endpoint.href }),
        ...(credentials && { credentials }),
      })
      const place = { Bucket: settings.bucket, Key: `${run}locked` }
      const { Retention: retention } = await client.send(new GetObjectRetentionCommand(place))
      expect(retention?.Mode).toBe('COMPLIANCE')
      expect(retention?.RetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + (settings.lockDays! - 1) * 86_400_000)
      const listed = await client.send(new ListObjectVersionsCommand({ Bucket: place.Bucket, Prefix: place.Key }))
      const version = listed.Versions?.[0]?.VersionId
      await expect(client.send(new DeleteObjectCommand({ ...place, VersionId: version }))).rejects.toMatchObject({
        name: 'AccessDenied',
      })
    })
  })
}
