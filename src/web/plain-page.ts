/**
 * A page for when the app's own pages cannot help: a failed sign-in, a build that is missing. No script, no style, and
 * every word of it escaped: it may carry a message that quotes the request.
 */
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export interface PlainPage {
  readonly status: ContentfulStatusCode
  readonly title: string
  readonly sentence: string
  /** Each `path` is one of ours, already checked. */
  readonly links?: readonly { readonly path: string; readonly label: string }[]
}

export function plainPage(
  c: Context,
  { status, title, sentence, links = [] }: PlainPage,
): Response | Promise<Response> {
  const shown = links.map(({ path, label }) => html`<p><a href="${path}">${label}</a></p>`)
  return c.html(
    html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title} · Sallyport</title></head>
<body><main><h1>${title}</h1><p>${sentence}</p>${shown}</main></body>
</html>`,
    status,
  )
}
