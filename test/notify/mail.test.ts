/** E-mail of a real desk to a real SMTP server. */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NotifyRoute } from '../../src/config.ts'
import { mail } from '../../src/notify/mail.ts'
import { messageOf, NOTICES } from '../../src/notify/message.ts'
import { GLASS, PEOPLE } from '../web/world.ts'
import { type NotifyWorld, notifyWorld } from './parts.ts'

interface Letter {
  readonly to: readonly string[]
  readonly from: string
  readonly user: string | undefined
  readonly text: string
}

let parts: NotifyWorld
let server: SMTPServer
let letters: Letter[]
let wake: () => void
/** What a recipient is answered with; undefined: taken. */
let answer: { readonly code: number } | undefined

beforeEach(async () => {
  parts = await notifyWorld()
  letters = []
  answer = undefined
  wake = () => {}
  server = new SMTPServer({
    authOptional: true,
    // Loopback: the server offers none, as a relay on the same host.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (password === 'geheim:1') done(null, { user: username })
      else done(new Error('no'))
    },
    onRcptTo(_address, _session, done) {
      if (answer === undefined) done()
      else done(Object.assign(new Error('<b>no</b>'), { responseCode: answer.code }))
    },
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (bytes: Buffer) => {
        text += bytes.toString('utf8')
      })
      stream.on('end', () => {
        const { rcptTo, mailFrom } = session.envelope
        letters.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? '' : mailFrom.address,
          user: session.user,
          text,
        })
        done()
        wake()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
})
afterEach(async () => {
  await parts.close()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

const until = async (count: number) => {
  while (letters.length < count)
    await new Promise<void>((resolve) => {
      wake = resolve
    })
}
const settings = () => ({
  server: new URL(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`),
  from: 'sallyport@example.org',
  to: ['oncall@example.org', 'lead@example.org'],
})
const route = (more: Partial<NotifyRoute> = {}): NotifyRoute =>
  ({ name: 'mail', mail: settings(), secret: undefined, events: NOTICES, withText: false, ...more }) as NotifyRoute
/** Quoted-printable (RFC 2045 §6.7), undone. */
const readable = (text: string) =>
  Buffer.from(
    text
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

describe('an e-mail', () => {
  it('tells of broken glass, to everybody named, with what the route may tell', async () => {
    parts.start(route({ withText: true, events: ['glass.broken'] }))
    const session = await parts.world.openSession(PEOPLE.alice)
    const { hold } = await parts.world.hold(session, { text: 'rm -rf /srv/data/old', quorum: { glass: GLASS } })
    const authentication = { authTime: parts.clock.now(), acr: undefined }
    await parts.world.desk.glass.break(hold.id, PEOPLE.alice, { reason: 'es brennt \u001b[2J', authentication })
    await until(1)
    const [{ to, from, text }] = letters as [Letter]
    expect([to, from]).toEqual([settings().to, 'sallyport@example.org'])
    const body = readable(text)
    expect(body).toContain('Subject: [Sallyport] Alice Ames broke the glass (deploy@web-1)')
    expect(body).toMatch(/^Message-ID: <msg_[0-9a-f]{32}@example\.org>\r$/im)
    expect(body).toContain('Content-Type: text/plain')
    expect(body).toContain('Reason: es brennt ␛[2J')
    expect(body).toContain(`http://127.0.0.1:8080/holds/${hold.id}`)
    expect(body).not.toContain('text/html')
  })

  it('keeps the command and the reason to itself where the route does not tell them', async () => {
    parts.start(route())
    const session = await parts.world.openSession(PEOPLE.alice)
    await parts.world.hold(session, { text: 'echo geheim' })
    await until(1)
    expect(readable(letters[0]!.text)).not.toContain('geheim')
  })

  it('is sent with the user and password of the vault', async () => {
    const channel = mail({ ...settings(), secret: async () => Buffer.from('bot:geheim:1\n') })
    const session = await parts.world.openSession(PEOPLE.alice)
    const { hold } = await parts.world.hold(session)
    const options = { route: 'mail', publicUrl: parts.world.services.publicUrl, withText: false }
    await channel.deliver(messageOf(hold, 'hold.created', options))
    expect(letters.map(({ user }) => user)).toEqual(['bot'])
    const wrong = mail({ ...settings(), secret: async () => Buffer.from('bot:other') })
    await expect(wrong.deliver(messageOf(hold, 'hold.created', options))).rejects.toThrow(
      'the mail server answered 535',
    )
    const none = mail({ ...settings(), secret: async () => Buffer.from('no colon') })
    await expect(none.deliver(messageOf(hold, 'hold.created', options))).rejects.toThrow('user:password')
  })

  it('fault 40: carries nobody’s name into a header of its own', async () => {
    const channel = mail(settings())
    const session = await parts.world.openSession({ ...PEOPLE.alice, name: 'Eve\r\nBcc: eve@evil.example\r\n\r\n<b>' })
    const { hold } = await parts.world.hold(session)
    const options = { route: 'mail', publicUrl: parts.world.services.publicUrl, withText: true }
    await channel.deliver(messageOf(hold, 'hold.created', options))
    expect(letters[0]!.to).toEqual(settings().to)
    expect(letters[0]!.text).not.toMatch(/^Bcc:/im)
  })

  it.each([
    [450, 'failed', 0],
    [550, 'dead', 1],
  ])('that is answered %d has %s', async (code, _, dead) => {
    answer = { code }
    const running = parts.start(route())
    const session = await parts.world.openSession(PEOPLE.alice)
    const told = new Promise<void>((resolve) => {
      const check = () => {
        const [counts] = running.counts()
        if (counts!.failed > 0) resolve()
        else setImmediate(check)
      }
      check()
    })
    await parts.world.hold(session)
    await told
    expect(running.counts()).toMatchObject([{ failed: 1, dead, waiting: 1 - dead, delivered: 0 }])
  })

  it('goes to no server elsewhere without TLS', async () => {
    // A name that is not loopback by its looks and is by its address: nothing of the letter leaves without STARTTLS.
    const { server: here } = settings()
    const elsewhere = new URL(here)
    elsewhere.hostname = '0.0.0.0'
    const session = await parts.world.openSession(PEOPLE.alice)
    const { hold } = await parts.world.hold(session)
    const options = { route: 'mail', publicUrl: parts.world.services.publicUrl, withText: false }
    const sent = mail({ ...settings(), server: elsewhere }).deliver(messageOf(hold, 'hold.created', options))
    await expect(sent).rejects.toThrow('the mail server')
    expect(letters).toEqual([])
  })
})
