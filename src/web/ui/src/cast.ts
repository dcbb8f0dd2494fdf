/** As much of a recording (asciicast v3) as the page itself needs: where its markers are, and whether it holds anything. */
export interface Marker {
  /** From the start, idle time included. */
  readonly seconds: number
  readonly label: string
}

export interface Cast {
  /** Whole lines only: a recording that is being written may end in the middle of one. */
  readonly text: string
  readonly markers: readonly Marker[]
  readonly isEmpty: boolean
}

export function readCast(bytes: string): Cast {
  const text = bytes.slice(0, bytes.lastIndexOf('\n') + 1)
  let seconds = 0
  let events = 0
  const markers: Marker[] = []
  for (const line of text.split('\n').slice(1)) {
    if (!line.startsWith('[')) continue
    const [interval, code, data] = JSON.parse(line) as [number, string, unknown]
    seconds += interval
    events += 1
    if (code === 'm') markers.push({ seconds, label: String(data) })
  }
  return { text, markers, isEmpty: events === 0 }
}
