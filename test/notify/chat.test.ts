/** Slack and Teams: what a real desk tells them, and that nobody's text is ever more than text there. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NotifyRoute } from '../../src/config.ts'
import type { Message } from '../../src/notify/message.ts'
import { messageOf, NOTICES } from '../../src/notify/message.ts'
import { escaped, slackMessageOf } from '../../src/notify/slack-message.ts'
import { teamsMessageOf } from '../../src/notify/teams.ts'
import { visible } from '../../src/terminal/visible.ts'
import { action, kept, person } from '../approval/parts.ts'
import { PEOPLE } from '../web/world.ts'
import { type NotifyWorld, notifyWorld, startReceiver } from './parts.ts'
import { hook, type SlackServer, startSlack, TOKEN } from './slack-server.ts'

const HOSTILE = [
  '<!channel> <!here> <!everyone>',
  '<@U012AB3CD> and @here, @channel, @everyone',
  '<https://evil.example|the request>',
  '&lt;!channel&gt; &amp;lt;',
  '*bold* _italic_ ~gone~ `code` ```block```',
  ':skull: > quoted\n>>> all of it',
  '[the request](https://evil.example) **bold** # title\n- list',
  '<at>everyone</at> <script>alert(1)</script>',
  '{{DATE(2026-11-28T06:08:39Z,SHORT)}} {{{TIME(now)}}}',
  `\${user.secret} $\${x} @{triggerBody()}`,
  'a\u001b[2J\u202e\u200b\u0000b\r\n',
  '&'.repeat(1500),
  '<'.repeat(1000),
  '\u{1f600}'.repeat(600),
  '',
]
const at = new Date('2026-11-28T08:00:00Z')

function messageWith(text: string): Message {
  const requester = person('mallory', { name: text })
  const held = kept(at, {
    action: action({ text, principal: requester }),
    state: { kind: 'withdrawn', at, reason: text },
  })
  return messageOf({ ...held, because: { ...held.because, name: text } }, 'hold.withdrawn', {
    route: 'ops',
    publicUrl: new URL('https://bastion.example'),
    withText: true,
  })
}

/** Every object in a JSON value. */
function objects(value: unknown): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(objects)
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner]
}

describe.each(HOSTILE)('the text %j', (text) => {
  const message = messageWith(text)
  const wanted = message.data.text!

  it('is text in Slack: no markup, no mention, no link, within the bounds of a block', () => {
    const body = slackMessageOf(message)
    expect(hook.safeParse(JSON.parse(JSON.stringify(body))).error).toBeUndefined()
    const texts = objects(body).filter(({ type }) => type === 'plain_text' || type === 'mrkdwn')
    expect(texts.every(({ type, emoji }) => type === 'plain_text' && emoji === false)).toBe(true)
    const command = texts.map((each) => String(each.text)).find((each) => each.startsWith('Command: '))
    const shown = (command ?? 'Command: ').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    expect(`Command: ${wanted}`.startsWith(shown.replace(/…$/, ''))).toBe(true)
    expect(objects(body).flatMap(({ url }) => (url === undefined ? [] : [url]))).toEqual([message.data.url])
  })

  it('is text in Teams: no Markdown, no function, no mention', () => {
    const [{ content }] = teamsMessageOf(message).attachments as unknown as [{ content: { body: object[] } }]
    const kinds = objects(content.body).map(({ type }) => type)
    expect(kinds.every((kind) => kind === 'RichTextBlock' || kind === 'TextRun')).toBe(true)
    const runs = objects(content.body).flatMap((each) => (each.type === 'TextRun' ? [String(each.text)] : []))
    expect(runs.filter((run) => run.includes('{{') || run.includes('${'))).toEqual([])
    expect(runs.map((run) => run.replaceAll('\u2060', ''))).toContain(wanted)
    expect(JSON.stringify(teamsMessageOf(message)).length).toBeLessThan(28 * 1024)
    expect(objects(content).flatMap(({ url }) => (url === undefined ? [] : [url]))).toEqual([message.data.url])
  })

  it('has nothing that a terminal or a page would obey', () => {
    for (const body of [slackMessageOf(message), teamsMessageOf(message)]) {
      for (const each of objects(body).flatMap(({ text: own }) => (typeof own === 'string' ? [own] : [])))
        expect(visible(each.replaceAll('\u2060', ''))).toBe(each.replaceAll('\u2060', ''))
    }
  })
})

it('escaped() cuts between characters, never within an entity', () => {
  expect(escaped('<&>', 13)).toBe('&lt;&amp;…')
  expect(escaped('ab', 3)).toBe('ab')
  expect(escaped('a\u{1f600}b', 3)).toBe('a…')
})

describe('Slack', () => {
  let parts: NotifyWorld
  let slack: SlackServer
  beforeEach(async () => {
    parts = await notifyWorld()
    slack = await startSlack()
    await parts.put('token', `${TOKEN}\n`)
    await parts.put('address', slack.webhook.href)
  })
  afterEach(async () => {
    slack.close()
    await parts.close()
  })

  const bot = (more: Partial<NotifyRoute> = {}): NotifyRoute =>
    ({
      name: 'ops',
      slack: 'C0123456789',
      api: slack.api,
      secret: 'token',
      events: NOTICES,
      withText: true,
      ...more,
    }) as NotifyRoute
  const held = async (text = 'rm -rf /srv/data/old') =>
    (await parts.world.hold(await parts.world.openSession(PEOPLE.alice), { text })).hold
  const texts = () => slack.shown.map(({ text, versions }) => `${text} ×${versions}`)
  const approve = { kind: 'approve', reason: 'agreed' } as const

  it('changes the one message of a hold in place when it is decided, and when it is taken back', async () => {
    parts.start(bot())
    const hold = await held()
    await vi.waitFor(() => expect(texts()).toEqual(['Alice Ames asks (deploy@web-1) ×1']))
    await parts.world.desk.decide(hold.id, PEOPLE.bob, approve)
    await vi.waitFor(() => expect(texts()).toEqual(['Alice Ames’s request was decided (deploy@web-1) ×2']))
    const other = await parts.world.hold(await parts.world.openSession(PEOPLE.dave))
    await vi.waitFor(() => expect(texts()).toHaveLength(2))
    other.withdraw('Ctrl-C')
    await vi.waitFor(() => expect(texts()[1]).toBe('Dave Dunn took the request back (deploy@web-1) ×2'))
    expect(slack.calls).toEqual(['chat.postMessage', 'chat.update', 'chat.postMessage', 'chat.update'])
  })

  it('tells what came late no more, and posts anew where the message is gone', async () => {
    const notifications = parts.start(bot())
    slack.failures.push(429)
    const hold = await held()
    await vi.waitFor(() => expect(notifications.counts()[0]).toMatchObject({ failed: 1 }))
    await parts.world.desk.decide(hold.id, PEOPLE.bob, approve)
    await vi.waitFor(() => expect(texts()).toEqual(['Alice Ames’s request was decided (deploy@web-1) ×1']))
    parts.clock.advance(5000)
    await vi.waitFor(() => expect(notifications.counts()[0]).toMatchObject({ delivered: 2, waiting: 0 }))
    expect(texts()).toHaveLength(1)
    const second = await held('rm two')
    await vi.waitFor(() => expect(texts()).toHaveLength(2))
    slack.remove(slack.shown[1]!.ts)
    await parts.world.desk.decide(second.id, PEOPLE.bob, approve)
    await vi.waitFor(() => expect(texts()[1]).toBe('Alice Ames’s request was decided (deploy@web-1) ×1'))
    expect(slack.calls.slice(-2)).toEqual(['chat.update', 'chat.postMessage'])
  })

  it.each<[string | number, number, string]>([
    ['invalid_auth', 1, 'Slack answered invalid_auth'],
    ['not_in_channel', 1, 'Slack answered not_in_channel'],
  ])('gives up at once where Slack says %s', async (failure, attempts, why) => {
    slack.failures.push(failure)
    parts.start(bot({ events: ['hold.created'] }))
    await held()
    const letters = async () => (await parts.world.events('notification.failed')).map(({ detail }) => detail)
    await vi.waitFor(async () => expect(await letters()).toMatchObject([{ attempts, why }]))
  })

  it('takes an incoming webhook, whose address is a secret; each notice is a message of its own', async () => {
    parts.start(bot({ slack: 'webhook', secret: 'address' } as Partial<NotifyRoute>))
    const hold = await held()
    await vi.waitFor(() => expect(texts()).toEqual(['Alice Ames asks (deploy@web-1) ×1']))
    await parts.world.desk.decide(hold.id, PEOPLE.bob, approve)
    await vi.waitFor(() => expect(texts()).toHaveLength(2))
    expect(slack.calls).toEqual(['x', 'x'])
  })

  it.each(['http://hooks.example/x', 'ftp://h/', 'nothing', 'https://u:p@hooks.example/x'])(
    'sends nothing to an address that is %s',
    async (address) => {
      await parts.put('address', address)
      const notifications = parts.start(bot({ slack: 'webhook', secret: 'address' } as Partial<NotifyRoute>))
      await held()
      await vi.waitFor(() => expect(notifications.counts()[0]).toMatchObject({ failed: 1 }))
      expect(slack.calls).toEqual([])
    },
  )

  it('and Teams gets a card for each notice, at an address that is a secret', async () => {
    const receiver = await startReceiver()
    try {
      await parts.put('flow', receiver.url.href)
      parts.start({ name: 'team', teams: 'webhook', secret: 'flow', events: NOTICES, withText: false })
      const hold = await held('rm secret')
      await parts.world.desk.decide(hold.id, PEOPLE.bob, approve)
      await receiver.until(2)
      const [first] = receiver.received.map(({ body }) => JSON.parse(body))
      expect(first.attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive')
      expect(JSON.stringify(first)).not.toContain('rm secret')
      expect(first.attachments[0].content.actions).toEqual([
        { type: 'Action.OpenUrl', title: 'Open the request', url: `http://127.0.0.1:8080/holds/${hold.id}` },
      ])
    } finally {
      receiver.close()
    }
  })
})
