/**
 * The app's pages and their scripts, as `npm run build` left them. The whole folder is read into memory when it is first
 * needed, and only what was found there by its exact name is ever served: a path from a request never reaches the disk.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Context, Hono } from 'hono'
import { plainPage } from './plain-page.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

/** Paths that the app draws itself, all from index.html. */
const APP_PATHS =
  /^\/(?:holds\/[^/]+|sessions(?:\/[^/]+)?|me|audit|quality|policy|proposals\/[^/]+|targets|d(?:\/[^/]+)?)?$/

interface PageFile {
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly gzipped: Uint8Array<ArrayBuffer>
  /** Its name carries a hash of its content. */
  readonly isImmutable: boolean
}

/** `folder`: where the build is. */
export function pages(folder: string): Hono {
  const app = new Hono()
  let files: ReadonlyMap<string, PageFile> | undefined

  app.get('*', (c) => {
    files ??= readFolder(folder)
    const { path } = c.req
    const isAppPath = APP_PATHS.test(path)
    const file = files?.get(isAppPath ? '/index.html' : path)
    if (file !== undefined && (isAppPath || path !== '/index.html')) return serveFile(c, file)
    if (isAppPath) return unbuilt(c)
    return plainPage(c, {
      status: 404,
      title: 'No such page',
      sentence: 'There is nothing at this address.',
      links: [{ path: '/', label: 'To the inbox' }],
    })
  })
  return app
}

function serveFile(c: Context, file: PageFile): Response {
  const isGzipWelcome = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
  c.header('content-type', file.type)
  c.header('vary', 'accept-encoding')
  c.header('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (isGzipWelcome) c.header('content-encoding', 'gzip')
  return c.body(isGzipWelcome ? file.gzipped : file.bytes, 200)
}

function unbuilt(c: Context): Response | Promise<Response> {
  return plainPage(c, {
    status: 503,
    title: 'The pages are not built',
    sentence: 'This bastion runs from a checkout whose web pages have not been built. Run: npm run build',
  })
}

function readFolder(folder: string): ReadonlyMap<string, PageFile> | undefined {
  const names = listFolder(folder)
  if (names === undefined || !names.includes('index.html')) return undefined
  return new Map(
    names.flatMap((name) => {
      const type = TYPES[extname(name)]
      if (type === undefined) return []
      const bytes = new Uint8Array(readFileSync(join(folder, name)))
      const path = `/${name.split(sep).join('/')}`
      return [
        [
          path,
          { type, bytes, gzipped: new Uint8Array(gzipSync(bytes)), isImmutable: path.startsWith('/assets/') },
        ] as const,
      ]
    }),
  )
}

function listFolder(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return undefined
  }
}
