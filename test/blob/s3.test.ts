/** Chunks in S3: the contract against s3rver. What it does not know, see docs/recordings.md. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { s3Objects } from '../../src/blob/s3/objects.ts'
import { systemClock } from '../../src/core/clock.ts'
import { objectContract } from '../contract/objects.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'
import { type S3Server, startS3Server } from './s3-server.ts'

let server: S3Server
let proxy: FaultyProxy
beforeAll(async () => {
  server = await startS3Server()
  proxy = await startFaultyProxy(server.settings.endpoint!, { keepsConditions: true })
})
afterAll(async () => {
  await proxy.close()
  await server.close()
})

let places = 0
objectContract('S3 (s3rver)', async () => {
  const settings = { ...server.settings, prefix: `recordings/${places++}/` }
  return { open: () => s3Objects(settings, { clock: systemClock }), remove: async () => {} }
})

objectContract('S3 (s3rver behind what keeps If-None-Match)', async () => {
  const { settings: all } = server
  const settings = {
    ...all,
    endpoint: proxy.url,
    prefix: `recordings/${places++}/`,
    createOnly: 'if-none-match' as const,
  }
  return { open: () => s3Objects(settings, { clock: systemClock }), remove: async () => {} }
})

it('asks for what was configured: once only, checked, encrypted and locked', async () => {
  const clock = new ManualClock(new Date('2026-03-01T09:30:00Z'))
  const settings = { ...server.settings, endpoint: proxy.url, createOnly: 'if-none-match' as const, lockDays: 30 }
  await s3Objects({ ...settings, encryption: { kind: 'kms', key: 'k1' } }, { clock }).create('a', Buffer.from('x'))
  expect(proxy.lastPut()).toMatchObject({
    'if-none-match': '*',
    'x-amz-checksum-sha256': createHash('sha256').update('x').digest('base64'),
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'k1',
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': '2026-03-31T09:30:00Z',
  })
  await s3Objects({ ...settings, encryption: { kind: 'aes256' } }, { clock }).create('b', Buffer.from('x'))
  expect(proxy.lastPut()).toMatchObject({ 'x-amz-server-side-encryption': 'AES256' })
})
