/**
 * Shell text → every simple command that it can run, with effects and objects. Pure: the same text and catalogue give
 * the same answer, and nothing outside is asked.
 *
 * INVARIANT: what bash may run is among the commands found, or the effects hold `opaque`. Whatever cannot be read — by
 * the parser, by the catalogue, within the bounds — adds `opaque` or `unknown`; it never takes anything away.
 *
 * Known limits: the text is read as bash reads it (texts for another shell are opaque where that shell would differ);
 * functions, aliases, variables and programs that the target already has are what their names say; a relative path
 * starts from a directory that is not known, and symbolic links are not followed.
 */
import { parse } from 'unbash'
import type { Analysis, ObjectRef, SimpleCommand } from '../core/action.ts'
import { compileCatalogue } from './catalogue/catalogue.ts'
import type { Catalogue } from './catalogue/schema.ts'
import { readCommand } from './command.ts'
import type { Analyse, Context } from './context.ts'
import { type EffectSet, effectList, OPAQUE } from './effects.ts'
import { Finding } from './finding.ts'
import { hasHistoryExpansion } from './history.ts'
import { type Engine, Run, TooMuch } from './run.ts'
import { MAX_TEXT, tooDense, untrustedText } from './text.ts'
import { walkScript } from './walk.ts'

/** A fault of ours or of the parser's on this very text: it must not be a way to run it unread. */
export const BROKEN = 'the analysis broke on this text'

const engine: Engine = { script: walkScript, command: readCommand }

/** Makes the function that analyses a text by a catalogue. */
export function createAnalyser(catalogue: Catalogue): Analyse {
  const lookup = compileCatalogue(catalogue)
  return (text, surroundings = {}) => {
    const run = new Run(engine, lookup, surroundings)
    const context: Context = {
      frame: { text, at: undefined },
      stdin: { kind: 'inherited' },
      depth: 0,
      isConditional: false,
      dialect: 'bash',
    }
    const whole = { start: 0, end: text.length }
    const opaque = (why: string) => {
      const finding = new Finding(run, context)
      finding.opaque(why)
      run.commands.push(undefined)
      run.fill(run.commands.length - 1, undefined, finding, whole)
    }
    const untrusted = untrustedText(text)
    if (untrusted !== undefined) {
      opaque(untrusted)
      // Too long a text is not even read; all else is, so that the reviewer sees what it seems to do.
      if (text.length > MAX_TEXT) return result(run)
    }
    try {
      const dense = tooDense(text)
      if (dense !== undefined) throw new TooMuch(dense)
      walkScript(run, parse(text), context)
      const name = run.variables.contradiction()
      if (name !== undefined) opaque(`$${name} is used as a number and given a text`)
      if (hasHistoryExpansion(text)) opaque('an interactive shell would put an earlier line in the place of !')
    } catch (error) {
      // The parser and this walk recurse; what overflows the stack is as unreadable as what breaks a bound.
      if (error instanceof TooMuch) opaque(error.message)
      else if (error instanceof RangeError) opaque('the text is nested more deeply than is followed')
      else opaque(BROKEN)
    }
    return result(run)
  }
}

function result(run: Run): Analysis {
  const commands = run.commands.filter((command): command is SimpleCommand => command !== undefined)
  const objects: ObjectRef[] = []
  for (const command of commands) objects.push(...command.objects)
  const effects: EffectSet = run.commands.length > commands.length ? run.effects | OPAQUE : run.effects
  return { commands, effects: effectList(effects), objects }
}
