/**
 * Slack, in two ways. By an incoming webhook each notice is a message of its own. By a bot's token (`chat:write`) a hold has one
 * message, which `chat.update` changes in place when something becomes of it; what somebody has to act on anew is a new one, as
 * an update tells nobody.
 *
 * Which message is whose is kept in memory, for so many holds: after a restart a decision is a new message.
 */
import type { HoldId } from '../core/ids.ts'
import { type Channel, DeliveryFailure, PermanentFailure } from './courier.ts'
import type { Message, Notice } from './message.ts'
import { addressIn, post } from './post.ts'
import { slackMessageOf } from './slack-message.ts'

export interface SlackOptions {
  secret(): Promise<Uint8Array>
  readonly signal: AbortSignal
}

/** The secret is the address of the webhook: who knows it may post there. */
export function slackWebhook({ secret, signal }: SlackOptions): Channel {
  return {
    async deliver(message) {
      const url = addressIn(await secret(), 'a Slack webhook')
      const { status } = await post(url, { headers: {}, body: JSON.stringify(slackMessageOf(message)), signal })
      if (status === 200) return
      // "Handling errors" of incoming webhooks: the payload, the channel or the webhook itself is not as it should be.
      if ([400, 403, 404, 410].includes(status)) throw new PermanentFailure(`Slack answered ${status}`)
      throw new DeliveryFailure(`Slack answered ${status}`)
    },
  }
}

/** What comes later in a hold's life; a notice that is late for its turn tells nothing any more. */
const TURN: Readonly<Record<Notice, number>> = {
  'hold.created': 0,
  'hold.escalated': 1,
  'hold.decided': 2,
  'hold.expired': 2,
  'hold.withdrawn': 2,
  'glass.broken': 2,
  'debt.overdue': 3,
  'debt.closed': 4,
}
const ASKS_SOMEBODY: ReadonlySet<Notice> = new Set(['hold.created', 'hold.escalated', 'glass.broken', 'debt.overdue'])

const MOST_HOLDS = 1000
const MOST_MESSAGES_OF_A_HOLD = 5
const ANSWER_BYTES = 256 * 1024
/** Errors after which another attempt is of no use ("Errors" of chat.postMessage). */
const FINAL: ReadonlySet<string> = new Set([
  ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'missing_scope'],
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'restricted_action', 'invalid_blocks', 'invalid_arguments'],
])
/** Errors of chat.update that say that there is no message to be changed any more. */
const GONE: ReadonlySet<string> = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed'])

interface Place {
  readonly channel: string
  readonly ts: string
}

interface Told {
  /** One message after the other: an update has to know what it updates. */
  queue: Promise<unknown>
  turn: number
  places: readonly Place[]
}

export interface SlackBotOptions extends SlackOptions {
  /** The channel's id. */
  readonly channel: string
  /** `https://slack.com/api/`, or a Slack of one's own. */
  readonly api: URL
}

/** The secret is the bot's token. */
export function slackBot({ channel, api, secret, signal }: SlackBotOptions): Channel {
  /** Oldest first. */
  const told = new Map<HoldId, Told>()

  const call = async (method: string, body: object): Promise<Readonly<Record<string, unknown>>> => {
    const token = Buffer.from(await secret())
      .toString('utf8')
      .trim()
    const { status, text } = await post(new URL(method, api), {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      signal,
      answerBytes: ANSWER_BYTES,
    })
    if (status !== 200) throw new DeliveryFailure(`Slack answered ${status}`)
    return fieldsOf(text)
  }

  const postNew = async (body: object): Promise<Place> => {
    const answer = await call('chat.postMessage', { ...body, channel })
    if (answer.ok === true && typeof answer.channel === 'string' && typeof answer.ts === 'string')
      return { channel: answer.channel, ts: answer.ts }
    throw failureOf(answer.error)
  }

  /** Resolves to whether the message was there to be changed. */
  const update = async (place: Place, body: object): Promise<boolean> => {
    const answer = await call('chat.update', { ...body, ...place })
    if (answer.ok === true) return true
    if (GONE.has(String(answer.error))) return false
    throw failureOf(answer.error)
  }

  const tell = async (of: Told, message: Message): Promise<void> => {
    if (of.turn > TURN[message.type]) return
    const body = slackMessageOf(message)
    const there: Place[] = []
    for (const place of of.places) if (await update(place, body)) there.push(place)
    if (there.length === 0 || ASKS_SOMEBODY.has(message.type)) there.push(await postNew(body))
    of.places = there.slice(-MOST_MESSAGES_OF_A_HOLD)
    of.turn = TURN[message.type]
  }

  return {
    deliver(message) {
      const { hold } = message.data
      const of = told.get(hold) ?? { queue: Promise.resolve(), turn: -1, places: [] }
      told.delete(hold)
      told.set(hold, of)
      if (told.size > MOST_HOLDS) told.delete(told.keys().next().value as HoldId)
      const done = of.queue.then(() => tell(of, message))
      of.queue = done.catch(() => {})
      return done
    },
  }
}

/** What Slack says is named only where it is one of the words that are known. */
function failureOf(error: unknown): Error {
  const known = String(error)
  if (FINAL.has(known)) return new PermanentFailure(`Slack answered ${known}`)
  return new DeliveryFailure(known === 'ratelimited' ? 'Slack answered ratelimited' : 'Slack did not take it')
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
