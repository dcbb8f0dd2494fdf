/** Output on its way, noticed by those who have to know of it. */
export interface Notice {
  /** Called before a piece is taken. */
  readonly came?: (bytes: Uint8Array) => void
  /** Called when the next one is asked for: the last one was shown. */
  readonly shown?: () => void
}

/** The same pieces. */
export async function* noticing(source: AsyncIterable<Uint8Array>, notice: Notice): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    notice.came?.(bytes)
    yield bytes
    notice.shown?.()
  }
}
