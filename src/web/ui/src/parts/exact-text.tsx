/** A command as it is: nothing hidden, nothing obeyed, nothing drawn as something else. */
import type { HoldView } from '../api.ts'
import { type Piece as ParsedPiece, parsedText } from '../parsed-text.ts'
import { hidesSomething, type Segment, visibleText } from '../visible-text.ts'
import { worstOf } from './effects.tsx'

export function ExactText({ text }: { readonly text: string }) {
  return visibleText(text).map((segment, index) => <Piece key={index} segment={segment} />)
}

function Piece({ segment }: { readonly segment: Segment }) {
  switch (segment.kind) {
    case 'plain':
      return segment.source
    case 'foreign':
      return (
        <span class="foreign" title={`${segment.name}: not a character of plain English; it may look like another`}>
          <bdi>{segment.source}</bdi>
        </span>
      )
    case 'hidden':
      return (
        <>
          <span
            class={segment.source === '\n' || segment.source === '\t' ? 'hidden quiet' : 'hidden'}
            role="img"
            aria-label={segment.name}
            title={segment.name}
          >
            {segment.mark}
          </span>
          {segment.endsLine ? '\n' : ''}
        </>
      )
  }
}

function Parsed({ piece, commands }: { readonly piece: ParsedPiece; readonly commands: HoldView['commands'] }) {
  const command = piece.command === undefined ? undefined : commands[piece.command]
  if (piece.command === undefined || command === undefined) return <ExactText text={piece.text} />
  return (
    <span
      class={`parsed parsed-${worstOf(command.effects)}`}
      title={`${command.effects.join(', ')}: ${command.because}`}
      // Drawn by the style sheet, so that it is neither read as part of the text nor copied with it.
      data-number={piece.isFirst && commands.length > 1 ? piece.command + 1 : undefined}
    >
      <ExactText text={piece.text} />
    </span>
  )
}

/** The whole text in a box of its own, with a warning where it holds what a terminal would not have shown. */
interface ExactTextBoxProps {
  readonly text: string
  readonly label: string
  /** What was found in it, drawn over it with the numbers of the list below. */
  readonly commands: HoldView['commands']
}

export function ExactTextBox({ text, label, commands }: ExactTextBoxProps) {
  const isTricky = hidesSomething(visibleText(text))
  const lines = text.split('\n').length
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <section class="exact" tabIndex={0} aria-label={label}>
        <code>
          {parsedText(text, commands).map((piece, index) => (
            <Parsed key={index} piece={piece} commands={commands} />
          ))}
        </code>
      </section>
      {(lines > 3 || text.length > 400) && (
        <p class="note">
          {text.length} characters on {lines} {lines === 1 ? 'line' : 'lines'}. Read to the end.
        </p>
      )}
      {isTricky && (
        <p class="warning" role="note">
          This text contains characters that a screen does not show or that change how others look. They are drawn here
          in boxes.
        </p>
      )}
    </>
  )
}
