/**
 * The events of a terminal recording, as asciicast v3 names them (docs.asciinema.org, "asciicast v3"). `seconds` is
 * absolute, from the start of the session; the file format's relative times are the encoder's business.
 */
export type CastEvent =
  | { readonly kind: 'output'; readonly seconds: number; readonly text: string }
  | { readonly kind: 'input'; readonly seconds: number; readonly text: string }
  | { readonly kind: 'resize'; readonly seconds: number; readonly cols: number; readonly rows: number }
  | { readonly kind: 'marker'; readonly seconds: number; readonly label: string }
  | { readonly kind: 'exit'; readonly seconds: number; readonly status: number }

export interface CastHeader {
  readonly cols: number
  readonly rows: number
  /** The terminal type the client asked for; undefined without a PTY. */
  readonly term: string | undefined
  /** Unix time in whole seconds. */
  readonly timestamp: number
  readonly title: string
  readonly command: string | undefined
  readonly tags: readonly string[]
}
