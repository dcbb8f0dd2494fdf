/**
 * Makes the replay index of a recording in one pass: cuts it into segments, takes a keyframe at the beginning of each, and
 * notes what stood on the screen when. The screen is a port: this folder knows no terminal.
 */
import type { CastEvent } from '../core/cast.ts'
import { LONGEST_WAIT } from '../core/playing-time.ts'
import type { Keyframe, Pause, ReplayIndex, ReplayLine, ReplayMarker, Segment } from '../core/replay.ts'
import { readPlaced } from './asciicast-reader.ts'
import { ScreenText } from './screen-text.ts'

/** A terminal that draws at once. */
export interface ReplayScreen {
  write(text: string): void
  resize(cols: number, rows: number): void
  /** Undefined where no text leads to what is there: in the middle of a sequence, for instance. */
  keyframe(): Keyframe | undefined
  /** The lines since it was last asked, and how many rows of them have left the screen upwards. */
  take(): { readonly gone: number; readonly lines: readonly ScreenLine[] }
  /** To be called before what is on the screen is erased whole. */
  onErase: () => void
}

export interface ScreenLine {
  /** Of its first row, counted from the first row that was in view when it was last asked. */
  readonly row: number
  /** Wrapped rows are joined. */
  readonly text: string
  /** It is what is still there of a line that was told of when its beginning left the screen. */
  readonly isRest: boolean
}

export interface ReplaySink {
  keyframe(number: number, keyframe: Keyframe): Promise<void>
  lines(lines: readonly ReplayLine[]): Promise<void>
}

/** What a seek has to fetch and to draw: a tenth of a second's work. */
export const SEGMENT_BYTES = 256 * 1024
/** A quiet session is cut too, so that its keyframes are near, but not for a handful of keys. */
const SEGMENT_SECONDS = 300
const LEAST_SEGMENT_BYTES = 32 * 1024
/** What rests for so long can be read. */
const REST_SECONDS = 0.25
/** Output has at most so many line feeds, and so many lines the screen's scrollback has. */
export const LOOK_EVERY_CHARACTERS = 8 * 1024
/** What is kept of a recording's text. */
export const MOST_TEXT = 16 * 1024 * 1024
/** A player need not be told more, and an index has an end. */
const MOST_MARKERS = 10_000
const MOST_PAUSES = 50_000
const BATCH = 500

export async function makeReplay(
  bytes: AsyncIterable<Uint8Array>,
  parts: {
    readonly sink: ReplaySink
    readonly screenFor: (cols: number, rows: number) => ReplayScreen
  },
): Promise<ReplayIndex> {
  const counted = counting(bytes)
  // A recording whose bastion died may end in the middle of a line, until it is finished.
  const { header, events } = await readPlaced(counted.bytes, { isLive: true })
  const replay = new Replay(parts.screenFor(header.cols, header.rows), parts.sink)
  for await (const { event, offset } of events) await replay.take(event, offset)
  return { cols: header.cols, rows: header.rows, ...(await replay.end()), bytes: counted.count() }
}

class Replay {
  readonly #screen: ReplayScreen
  readonly #sink: ReplaySink
  readonly #text = new ScreenText()
  readonly #segments: Segment[] = []
  readonly #pauses: Pause[] = []
  readonly #markers: ReplayMarker[] = []
  #last = 0
  /** Characters that were drawn since somebody looked. */
  #unseen = 0
  #textLength = 0
  #isTextWhole = true
  #lines: ReplayLine[] = []

  constructor(screen: ReplayScreen, sink: ReplaySink) {
    this.#screen = screen
    this.#sink = sink
    // In the middle of a piece: what was drawn of it so far is not counted yet.
    screen.onErase = () => this.#lookNow()
  }

  async take(event: CastEvent, offset: number): Promise<void> {
    const { seconds } = event
    const length = seconds - this.#last
    if (length >= REST_SECONDS) this.#look()
    if (length > LONGEST_WAIT && this.#pauses.length < MOST_PAUSES) this.#pauses.push({ seconds, length })
    await this.#cut(seconds, offset)
    this.#last = seconds
    this.#draw(event)
    if (this.#lines.length >= BATCH) await this.#flush()
  }

  async end() {
    this.#look()
    this.#keep(this.#text.end())
    await this.#flush()
    return {
      duration: this.#last,
      segments: this.#segments,
      pauses: this.#pauses,
      markers: this.#markers,
      isTextWhole: this.#isTextWhole,
    }
  }

  /** Begins a segment here, if it is time: no event of the one before may have this one's time. */
  async #cut(seconds: number, offset: number): Promise<void> {
    const current = this.#segments.at(-1)
    if (current === undefined) {
      // Players want the first one at 0, whenever its first event is.
      this.#segments.push({ seconds: 0, offset })
      return
    }
    const size = offset - current.offset
    const isDue = size >= SEGMENT_BYTES || (size >= LEAST_SEGMENT_BYTES && seconds - current.seconds >= SEGMENT_SECONDS)
    if (!isDue || seconds <= this.#last) return
    const keyframe = this.#screen.keyframe()
    if (keyframe === undefined) return
    await this.#sink.keyframe(this.#segments.length, keyframe)
    this.#segments.push({ seconds, offset })
  }

  #draw(event: CastEvent): void {
    switch (event.kind) {
      case 'output':
        for (let start = 0; start < event.text.length; start += LOOK_EVERY_CHARACTERS) {
          const piece = event.text.slice(start, start + LOOK_EVERY_CHARACTERS)
          if (this.#unseen + piece.length > LOOK_EVERY_CHARACTERS) this.#look()
          this.#unseen += piece.length
          this.#screen.write(piece)
          // Somebody may have looked in the middle of it, before it erased something.
          if (this.#unseen === 0) this.#unseen = piece.length
        }
        return
      case 'resize':
        this.#look()
        this.#keep(this.#text.end())
        this.#screen.resize(event.cols, event.rows)
        this.#screen.take()
        return
      case 'marker':
        if (this.#markers.length < MOST_MARKERS) this.#markers.push({ seconds: event.seconds, label: event.label })
        return
    }
  }

  #look(): void {
    if (this.#unseen > 0) this.#lookNow()
  }

  #lookNow(): void {
    this.#unseen = 0
    this.#keep(this.#text.look(this.#screen.take(), this.#last))
  }

  #keep(lines: readonly ReplayLine[]): void {
    for (const line of lines) {
      this.#textLength += line.text.length
      if (this.#textLength > MOST_TEXT) this.#isTextWhole = false
      else this.#lines.push(line)
    }
  }

  async #flush(): Promise<void> {
    const lines = this.#lines
    this.#lines = []
    if (lines.length > 0) await this.#sink.lines(lines)
  }
}

function counting(bytes: AsyncIterable<Uint8Array>): { bytes: AsyncIterable<Uint8Array>; count: () => number } {
  let count = 0
  return {
    bytes: (async function* () {
      for await (const piece of bytes) {
        count += piece.length
        yield piece
      }
    })(),
    count: () => count,
  }
}

/** A segment's bytes, of all that come from where it begins. */
export async function* firstBytes(bytes: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count
  for await (const piece of bytes) {
    yield piece.subarray(0, left)
    left -= piece.length
    if (left <= 0) return
  }
}
