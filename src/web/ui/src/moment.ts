/** A moment of a recording in an address: `#t=78.5`, in seconds from its beginning, or `#t=1:18`, `#t=2:05:00`. */
export function momentOf(hash: string): number | undefined {
  const [, text] = /^#t=((?:\d{1,4}:){0,2}\d{1,7}(?:\.\d{1,6})?)$/.exec(hash) ?? []
  if (text === undefined) return undefined
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

/** Rounded down: the moment itself must not be missed. */
export function momentHash(seconds: number): string {
  return `#t=${Math.floor(seconds * 1000) / 1000}`
}
