/**
 * A message as Slack shows it (Block Kit). People's text stands in `plain_text` objects, where neither mrkdwn nor a mention
 * is read, and Slack's three control characters are escaped all the same ("Formatting text for app surfaces"): without a bare
 * `<` there is no `<!channel>`, no `<@U…>` and no link of somebody else's.
 */
import type { Message } from './message.ts'
import { factsOf, headlineOf } from './telling.ts'

/** Of a text object in a section, in its fields, and of the message's own text (Block Kit reference). */
const MOST_SECTION = 3000
const MOST_FIELD = 2000
const MOST_FIELDS = 10
const MOST_TEXT = 4000

interface PlainText {
  readonly type: 'plain_text'
  readonly text: string
  readonly emoji: false
}

export interface SlackMessage {
  /** What a phone shows, and readers of a screen hear. */
  readonly text: string
  readonly mrkdwn: false
  readonly parse: 'none'
  readonly link_names: false
  readonly unfurl_links: false
  readonly unfurl_media: false
  readonly blocks: readonly unknown[]
}

export function slackMessageOf(message: Message): SlackMessage {
  const headline = headlineOf(message)
  const facts = factsOf(message)
  const isLong = ([name]: readonly [string, string]) => name === 'Command' || name === 'Reason'
  const fields = facts.filter((fact) => !isLong(fact)).map(([name, value]) => plain(`${name}: ${value}`, MOST_FIELD))
  return {
    text: escaped(headline, MOST_TEXT),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      section(plain(headline, MOST_SECTION)),
      ...facts.filter(isLong).map(([name, value]) => section(plain(`${name}: ${value}`, MOST_SECTION))),
      { type: 'section', fields: fields.slice(0, MOST_FIELDS) },
      {
        type: 'actions',
        // It opens the page and decides nothing: Slack knows who clicked by its own word alone.
        elements: [{ type: 'button', text: plain('Open the request', 75), url: message.data.url, action_id: 'open' }],
      },
    ],
  }
}

function section(text: PlainText) {
  return { type: 'section', text }
}

function plain(text: string, most: number): PlainText {
  return { type: 'plain_text', text: escaped(text, most), emoji: false }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Escaped, and cut before the character that would not fit any more. */
export function escaped(text: string, most: number): string {
  let result = ''
  for (const character of text) {
    const piece = ENTITIES[character] ?? character
    if (result.length + piece.length > most - 1) return `${result}…`
    result += piece
  }
  return result
}
