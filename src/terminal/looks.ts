/** Looks of a cell or of the pen as the sequence that sets them: SGR (ECMA-48 8.3.117, ISO 8613-6 for colours). */
import type { Looks } from './xterm-internals.ts'

/** How xterm.js packs a colour: the mode in two bits above the value. */
const MODE = 0x3000000
const PALETTE_16 = 0x1000000
const PALETTE_256 = 0x2000000
const RGB = 0x3000000

export function sameLooks(a: Looks, b: Looks): boolean {
  return (
    a.fg === b.fg &&
    a.bg === b.bg &&
    a.extended.underlineStyle === b.extended.underlineStyle &&
    a.extended.underlineColor === b.extended.underlineColor
  )
}

export function sgrOf(looks: Looks): string {
  const codes: string[] = ['0']
  if (looks.isBold()) codes.push('1')
  if (looks.isDim()) codes.push('2')
  if (looks.isItalic()) codes.push('3')
  if (looks.isUnderline()) codes.push(underline(looks))
  if (looks.isBlink()) codes.push('5')
  if (looks.isInverse()) codes.push('7')
  if (looks.isInvisible()) codes.push('8')
  if (looks.isStrikethrough()) codes.push('9')
  if (looks.isOverline()) codes.push('53')
  codes.push(...colour(looks.fg, 30, 90), ...colour(looks.bg, 40, 100), ...underlineColour(looks))
  // SGR 0 takes DECSCA's protection away in xterm.js, so it is put back.
  return `\u001b[${codes.join(';')}m${looks.isProtected() ? '\u001b[1"q' : ''}`
}

function underline({ extended }: Looks): string {
  return extended.underlineStyle > 1 ? `4:${extended.underlineStyle}` : '4'
}

function colour(packed: number, dark: number, bright: number): readonly string[] {
  const value = packed & 0xffffff
  switch (packed & MODE) {
    case PALETTE_16:
      return [String((value & 0xff) < 8 ? dark + (value & 0xff) : bright + (value & 0xff) - 8)]
    case PALETTE_256:
      return [`${dark + 8};5;${value & 0xff}`]
    case RGB:
      return [`${dark + 8};2;${value >> 16};${(value >> 8) & 0xff};${value & 0xff}`]
    default:
      return []
  }
}

function underlineColour(looks: Looks): readonly string[] {
  const packed = looks.extended.underlineColor
  // What SGR 59 leaves behind: -1 in the bits of a colour.
  if (packed === 0x3ffffff) return ['59']
  const value = packed & 0xffffff
  switch (packed & MODE) {
    case PALETTE_16:
    case PALETTE_256:
      return [`58:5:${value & 0xff}`]
    case RGB:
      return [`58:2::${value >> 16}:${(value >> 8) & 0xff}:${value & 0xff}`]
    default:
      return []
  }
}
