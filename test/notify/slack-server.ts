/**
 * A stand-in for Slack on loopback, as nobody can have a real one in a test: it takes what the documentation of
 * chat.postMessage, chat.update, incoming webhooks and Block Kit says that Slack takes, and refuses everything else.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** "Formatting text": a control character that is not escaped would be read as a link, a mention or an entity. */
const shown = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/[<>]|&(?!(?:amp|lt|gt);)/.test(text), 'a control character that is not escaped')
const plain = (most: number) => z.strictObject({ type: z.literal('plain_text'), text: shown(most), emoji: z.boolean() })
const block = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('section'),
      text: plain(3000).optional(),
      fields: z.array(plain(2000)).min(1).max(10).optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'a section wants text or fields'),
  z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(
        z.strictObject({
          type: z.literal('button'),
          text: plain(75),
          url: z.url().max(3000),
          action_id: z.string().max(255),
        }),
      )
      .min(1)
      .max(25),
  }),
])
const message = {
  text: shown(40_000),
  mrkdwn: z.boolean(),
  parse: z.enum(['none', 'full']),
  link_names: z.boolean(),
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
  blocks: z.array(block).max(50),
}
const posting = z.strictObject({ ...message, channel: z.string().regex(/^C[A-Z0-9]+$/) })
const updating = z.strictObject({ ...message, channel: z.string(), ts: z.string() })
export const hook = z.strictObject(message)

export const TOKEN = 'xoxb-1-2-abc'

export interface Shown {
  readonly ts: string
  text: string
  versions: number
}

export interface SlackServer {
  readonly api: URL
  readonly webhook: URL
  /** The messages in the channel, oldest first. */
  readonly shown: Shown[]
  readonly calls: string[]
  /** What the next calls are answered with in place of what they deserve; a number is a status. */
  readonly failures: (string | number)[]
  remove(ts: string): void
  close(): void
}

export async function startSlack(): Promise<SlackServer> {
  const shown: Shown[] = []
  const calls: string[] = []
  const failures: (string | number)[] = []
  const answer = (method: string, body: unknown): object => {
    if (method === 'chat.postMessage') {
      const parsed = posting.safeParse(body)
      if (!parsed.success) return { ok: false, error: 'invalid_arguments', why: parsed.error.message }
      const ts = `17000000${shown.length}.000100`
      shown.push({ ts, text: parsed.data.text, versions: 1 })
      return { ok: true, channel: parsed.data.channel, ts }
    }
    const parsed = updating.safeParse(body)
    if (method !== 'chat.update' || !parsed.success) return { ok: false, error: 'invalid_arguments' }
    const there = shown.find(({ ts }) => ts === parsed.data.ts)
    if (there === undefined) return { ok: false, error: 'message_not_found' }
    there.text = parsed.data.text
    there.versions += 1
    return { ok: true, channel: parsed.data.channel, ts: there.ts }
  }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const path = request.url ?? ''
    const method = path.slice(path.lastIndexOf('/') + 1)
    calls.push(method)
    const failure = failures.shift()
    if (typeof failure === 'number') return void response.writeHead(failure, { 'retry-after': '30' }).end('<b>no</b>')
    if (path === '/services/T0/B0/x') {
      const parsed = hook.safeParse(JSON.parse(text))
      if (parsed.success) shown.push({ ts: '', text: parsed.data.text, versions: 1 })
      return void response.writeHead(parsed.success ? 200 : 400).end(parsed.success ? 'ok' : 'invalid_payload')
    }
    const isAuthorized = request.headers.authorization === `Bearer ${TOKEN}`
    const isJson = request.headers['content-type'] === 'application/json; charset=utf-8'
    const answered =
      failure !== undefined
        ? { ok: false, error: failure }
        : isAuthorized && isJson
          ? answer(method, JSON.parse(text))
          : { ok: false, error: 'invalid_auth' }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answered))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    api: new URL(`${base}/api/`),
    webhook: new URL(`${base}/services/T0/B0/x`),
    shown,
    calls,
    failures,
    remove: (ts) =>
      void shown.splice(
        shown.findIndex((each) => each.ts === ts),
        1,
      ),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
