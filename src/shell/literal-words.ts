/**
 * The words of a simple command as far as its text fixes them: the whole word, or the beginning before the first
 * expansion. For those who must know what a builtin is told, not what it does.
 */
import { type Command, forEachChild, parse, type SyntaxNode, type Word, type WordPart } from 'unbash'

export interface LiteralWord {
  /** Without its quotes. */
  readonly fixed: string
  /** Reports whether something may follow that is only known when it runs. */
  readonly isOpen: boolean
}

/** Returns the words of the first simple command, assignments before it left out; none where there is no command. */
export function literalWords(text: string): readonly LiteralWord[] {
  const command = firstCommand(parse(text))
  if (command?.name === undefined) return []
  const suffix = command.suffix.filter((part) => part.type === 'Word' || part.type === 'Assignment')
  return [literal(command.name), ...suffix.map((part) => (part.type === 'Word' ? literal(part) : assigned(part.text)))]
}

function firstCommand(node: SyntaxNode): Command | undefined {
  if (node.type === 'Command') return node
  let found: Command | undefined
  forEachChild(node, (child: SyntaxNode) => {
    found ??= firstCommand(child)
  })
  return found
}

function literal(word: Word): LiteralWord {
  if (word.parts === undefined) return { fixed: word.value, isOpen: /[{~*?[]/.test(word.text) }
  let fixed = ''
  for (const part of word.parts) {
    const piece = fixedPart(part)
    fixed += piece.fixed
    if (piece.isOpen) return { fixed, isOpen: true }
  }
  return { fixed, isOpen: false }
}

function fixedPart(part: WordPart): LiteralWord {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return { fixed: part.value, isOpen: false }
    case 'DoubleQuoted': {
      let fixed = ''
      for (const child of part.parts) {
        if (child.type !== 'Literal') return { fixed, isOpen: true }
        fixed += child.value
      }
      return { fixed, isOpen: false }
    }
    default:
      return { fixed: '', isOpen: true }
  }
}

/** `name=value` as an argument: the name and its sign, whatever the value is. */
function assigned(text: string): LiteralWord {
  return { fixed: text, isOpen: false }
}
