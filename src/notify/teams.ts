/**
 * Microsoft Teams, by the webhook of a workflow ("When a Teams webhook request is received"): each notice is an Adaptive Card of
 * its own, as such a webhook tells no id by which a message could be changed later.
 *
 * People's text stands in TextRuns, where no Markdown is read (Adaptive Cards 1.2 and later); a TextBlock would read it.
 */
import { type Channel, DeliveryFailure, PermanentFailure } from './courier.ts'
import type { Message } from './message.ts'
import { addressIn, post } from './post.ts'
import { factsOf, headlineOf } from './telling.ts'

export interface TeamsOptions {
  /** The address of the webhook: who knows it may post there. */
  secret(): Promise<Uint8Array>
  readonly signal: AbortSignal
}

export function teams({ secret, signal }: TeamsOptions): Channel {
  return {
    async deliver(message) {
      const url = addressIn(await secret(), 'a Teams webhook')
      const { status } = await post(url, { headers: {}, body: JSON.stringify(teamsMessageOf(message)), signal })
      if (status >= 200 && status < 300) return
      if ([400, 401, 403, 404, 410, 413].includes(status)) throw new PermanentFailure(`Teams answered ${status}`)
      throw new DeliveryFailure(`Teams answered ${status}`)
    },
  }
}

export function teamsMessageOf(message: Message) {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            text([run(headlineOf(message), { weight: 'Bolder' })]),
            ...factsOf(message).map(([name, value]) =>
              text([
                run(`${name}: `, { isSubtle: true }),
                run(value, name === 'Command' ? { fontType: 'Monospace' } : {}),
              ]),
            ),
          ],
          // It opens the page and decides nothing.
          actions: [{ type: 'Action.OpenUrl', title: 'Open the request', url: message.data.url }],
        },
      },
    ],
  }
}

function text(inlines: readonly object[]) {
  return { type: 'RichTextBlock', inlines }
}

/** `{{DATE(…)}}` and `{{TIME(…)}}` would be worked out, and `${…}` where a card is a template. */
function run(value: string, look: object) {
  return { type: 'TextRun', text: value.replace(/\{(?=\{)|\$(?=\{)/g, '$&\u2060'), ...look }
}
