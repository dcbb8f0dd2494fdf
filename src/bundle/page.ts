/**
 * `index.html` of a bundle: replays a session and checks it, opened from a disk without a network. Its script and style are
 * built from web/ui/offline; what it shows is put in as base64, byte for byte what the files are.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionRecord } from '../core/session.ts'
import { visible } from '../terminal/visible.ts'
import { type BundleFile, encoded, once, type SessionSource } from './session-files.ts'

/** Above this a recording is not put into the page; the page asks for the file. A browser holds it several times over. */
const MOST_INLINE = 48 * 1024 * 1024
const INLINE = ['session.json', 'recording.cast', 'commands.jsonl', 'events.jsonl']

export async function* offlinePage(
  folder: string,
  { record, bytes }: Pick<SessionSource, 'record' | 'bytes'>,
  files: readonly BundleFile[],
  { checkpoint, key }: { readonly checkpoint: string; readonly key: string },
): AsyncGenerator<Uint8Array> {
  const [script, style] = await Promise.all(
    ['offline.js', 'offline.css'].map((name) => readFile(join(folder, name), 'utf8')),
  )
  const title = `${visible(record.principal.name)} on ${visible(record.login)}@${visible(record.target)}`
  yield* encoded(
    once(head(title, `${record.id} · recorded by Sallyport`, { script: script ?? '', style: style ?? '' })),
  )
  yield* inline('checkpoint', encoded(once(checkpoint)))
  yield* inline('key', encoded(once(key)))
  for (const { name, content } of files) {
    const short = name.split('/').at(-1) ?? ''
    if (!INLINE.includes(short) || (short === 'recording.cast' && (bytes ?? 0) > MOST_INLINE)) continue
    yield* inline(short, content())
  }
  yield Buffer.from(`<script>${harmless(script ?? '')}</script>\n</body>\n</html>\n`)
}

/** Nothing may be fetched, sent or framed; one script and one style, by their digests. */
function head(
  title: string,
  text: string,
  { script, style }: { readonly script: string; readonly style: string },
): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${digest(harmless(script))}' 'wasm-unsafe-eval'`,
    // The player sets sizes and colours on its own elements.
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${style.replaceAll('</', '<\\/')}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1><p>${escaped(text)}</p></header>
<main id="main"><noscript>This page replays the recording with a script. Without one, read transcript.txt and VERIFY.md.</noscript></main>
`
}

/** In blocks of three bytes, so that the pieces together are one base64. */
async function* inline(name: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`<script type="application/octet-stream" data-file="${name}">`)
  let rest = Buffer.alloc(0)
  for await (const part of content) {
    const all = Buffer.concat([rest, part])
    const whole = all.length - (all.length % 3)
    yield Buffer.from(all.subarray(0, whole).toString('base64'))
    rest = all.subarray(whole)
  }
  yield Buffer.from(`${rest.toString('base64')}</script>\n`)
}

/** Of several sessions. */
export function listPage(sessions: readonly SessionRecord[], at: Date): string {
  const rows = sessions.map(
    ({ id, principal, login, target, startedAt }) =>
      `<tr><td><a href="sessions/${id}/index.html">${id}</a></td><td>${escaped(visible(principal.name))}</td>` +
      `<td>${escaped(visible(`${login}@${target}`))}</td><td>${startedAt.toISOString()}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>${sessions.length} recorded sessions</title></head>
<body><h1>${sessions.length} recorded sessions</h1><p>Exported ${at.toISOString()}. VERIFY.md says how to check them.</p>
<table><thead><tr><th>session</th><th>who</th><th>where</th><th>since</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></body>
</html>
`
}

/** A script's text ends at the first `</script` and at nothing else (HTML §4.12.1.3); in its strings the slash may be escaped. */
function harmless(script: string): string {
  return script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
