/**
 * Where a browser goes after signing in. Only a path of our own pages: anything a browser could read as another host
 * (`//evil`, `/\evil`, a scheme, a control character that it would drop) becomes `/`. (fault 40)
 */

/** Printable ASCII without the backslash; everything else arrives percent-encoded in an honest path. */
const LOCAL_PATH = /^\/(?!\/)[!-[\]-~]*$/
const LIMIT = 512

export function checkedReturnPath(asked: string | undefined): string {
  if (asked === undefined || asked.length > LIMIT || !LOCAL_PATH.test(asked)) return '/'
  // What the browser will make of it decides, not what it looks like: `/.//evil` is normalised to `//evil`.
  const base = new URL('http://sallyport.invalid')
  const url = new URL(asked, base)
  const path = `${url.pathname}${url.search}${url.hash}`
  return url.origin === base.origin && LOCAL_PATH.test(path) ? path : '/'
}
