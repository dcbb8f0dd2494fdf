/**
 * Where a command's result goes: text for people, JSON for programs. Colour is decoration only, so it is there when
 * standard output is a terminal that has it and NO_COLOR is not set (no-color.org), and nowhere else.
 */
import { styleText } from 'node:util'

export type Tone = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

/** Returns the text in this tone, or as it is where there is no colour. */
export type Paint = (tone: Tone, text: string) => string

export interface Output {
  readonly isJson: boolean
  /** Prints a result: as it is for people, as JSON for programs. */
  print(text: string, data: unknown): void
  readonly paint: Paint
  /** How wide the terminal is; undefined where it is none. */
  readonly columns: number | undefined
}

export const plain: Paint = (_tone, text) => text

const inColour: Paint = (tone, text) => styleText(tone, text, { validateStream: false })

export function openOutput(isJson: boolean, stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Output {
  const hasColour = stream.isTTY === true && (env.NO_COLOR ?? '') === '' && stream.hasColors()
  return {
    isJson,
    print: (text, data) => void stream.write(isJson ? `${JSON.stringify(data)}\n` : `${text}\n`),
    paint: hasColour ? inColour : plain,
    columns: stream.isTTY === true ? stream.columns : undefined,
  }
}
