/**
 * Makes recorded output safe to be played on somebody's own terminal: what draws stays, what would ask the terminal
 * something (it answers as if the person had typed), set the clipboard, title or mouse, or ring, is left out. Deny by
 * default: a sequence that is not known to draw does not pass. (ECMA-48; xterm's ctlseqs)
 */

/** Of `CSI … final`, without intermediates: cursor, erasing, scrolling, inserting, repeating, SGR, margins, tabs. */
const CSI_FINALS = new Set('@ABCDEFGHIJKLMPSTXZ`abdefgmr')
/** Private modes that only draw: origin, wrap, cursor shown, the alternate screens. */
const MODES = new Set(['6', '7', '25', '47', '1047', '1048', '1049'])
/** `ESC final`: save and restore the cursor, index, next line, tab, reverse index, reset, keypad. */
const ESC_FINALS = new Set('78DEHMc=>')
/** C0 that moves or draws: BS, HT, LF, VT, FF, CR, SO, SI. */
const CONTROLS = new Set('\b\t\n\v\f\r\x0e\x0f')
/** A sequence that is longer is none that draws. */
const LONGEST = 4096

const TOKEN =
  // biome-ignore format: one alternative a line
  /\x1b\[([0-9:;<=>?]*)([ -/]*)([@-~])|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|(?=\x1b[^\\]))|\x1b([()*+][0-9A-Za-z])|\x1b([0-OQ-WYZ\\`a-~])|([\x00-\x1a\x1c-\x1f\x7f-\x9f])|([^\x00-\x1f\x7f-\x9f]+)/y

export class Playable {
  #rest = ''

  /** Returns what may be shown; the beginning of a sequence waits for its end. */
  feed(text: string): string {
    const all = this.#rest + text
    let shown = ''
    let at = 0
    while (at < all.length) {
      TOKEN.lastIndex = at
      const match = TOKEN.exec(all)
      if (match !== null) {
        shown += passed(match)
        at = TOKEN.lastIndex
      } else if (isBegun(all.slice(at))) {
        break
      } else {
        at++
      }
    }
    this.#rest = all.slice(at)
    // What goes on for so long is dropped piece by piece, and stays a string until its end.
    if (this.#rest.length > LONGEST) this.#rest = this.#rest.slice(0, 2)
    return shown
  }
}

function passed([all, parameters = '', between = '', final, charset, single, control, plain]: RegExpExecArray): string {
  if (plain !== undefined || charset !== undefined) return all
  if (control !== undefined) return CONTROLS.has(control) ? all : ''
  if (single !== undefined) return ESC_FINALS.has(single) ? all : ''
  if (final === undefined || between !== '') return ''
  if (final === 'h' || final === 'l') return modes(parameters, final)
  return CSI_FINALS.has(final) && /^[0-9:;]*$/.test(parameters) ? all : ''
}

function modes(parameters: string, final: string): string {
  if (parameters === '4') return `\x1b[4${final}`
  const [mark, ...list] = [parameters[0], ...parameters.slice(1).split(';')]
  const known = list.filter((mode) => MODES.has(mode))
  return mark === '?' && known.length > 0 ? `\x1b[?${known.join(';')}${final}` : ''
}

/** Reports whether more text could make a sequence of it. */
function isBegun(text: string): boolean {
  return /^\x1b(?:\[[0-9:;<=>?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[()*+])?$/.test(text)
}
