/** The first bytes of what is read, `most` of them at most; the rest is left unread. */
export async function firstBytes(parts: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = []
  let left = most
  for await (const part of parts) {
    kept.push(part.subarray(0, left))
    left -= part.length
    if (left <= 0) break
  }
  return Buffer.concat(kept)
}
