import { Writable } from 'node:stream'
import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { sendTogether } from '../../src/ssh/ssh2-internals.ts'

it('sends what is written in one go as one piece, and at once', async () => {
  const pieces: string[] = []
  const socket = new Writable({
    write(bytes, _encoding, done) {
      pieces.push(String(bytes))
      done()
    },
    writev(chunks, done) {
      pieces.push(chunks.map(({ chunk }) => String(chunk)).join(''))
      done()
    },
  })
  const client = new ssh2.Client()
  Object.assign(client, { _sock: socket })
  sendTogether(client)
  socket.write('answer ')
  socket.write('EOF ')
  socket.write('CLOSE')
  expect(pieces).toEqual([])
  await new Promise<void>((resolve) => {
    process.nextTick(resolve)
  })
  expect(pieces).toEqual(['answer EOF CLOSE'])
  socket.write('next')
  socket.end()
  expect(pieces).toEqual(['answer EOF CLOSE', 'next'])
})
