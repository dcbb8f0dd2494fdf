/** The language of a rule’s `on` and `when`: where it applies, and under which conditions. */
import { type ActionKind, ASSURANCES, EFFECTS } from '../../core/action.ts'
import { type CommandPattern, parseCommandPattern } from '../pattern/command-pattern.ts'
import { type Network, parseNetwork } from '../pattern/network.ts'
import { type ObjectPattern, parseObjectPattern } from '../pattern/object-pattern.ts'
import { refuse } from '../pattern/refusal.ts'
import { type Pattern, parsePattern } from '../pattern/regex.ts'
import {
  DAYS,
  type Day,
  formatTimeOfDay,
  isTimeZone,
  MINUTES_PER_DAY,
  parseDays,
  parseTimeOfDay,
  TIME_SYNTAX,
  type TimeWindow,
} from '../pattern/time-window.ts'
import type { Conditions, NetworkCondition, ObjectCondition, Places, SetCondition } from '../rule.ts'
import { dictionary, list, object, oneOrList, optional, required } from '../shape/collections.ts'
import { choice, formatted, truth } from '../shape/scalars.ts'
import { fail, mapped, type Shape } from '../shape/shape.ts'
import { glob, sourceOf } from './words.ts'

export const ACTION_KINDS = ['shell', 'exec', 'line', 'step'] as const satisfies readonly ActionKind[]
export const LABEL_SYNTAX = '^[A-Za-z][A-Za-z0-9._/-]{0,62}$'

/** `only`, `any` and `none` over one kind of thing. */
function setFields<T>(element: Shape<T>, noun: string, words: { readonly things: string }) {
  return {
    only: optional(
      list(element, { noun: `${noun}.only` }),
      `Each of ${words.things} is one of these; also when there are none.`,
    ),
    any: optional(list(element, { noun: `${noun}.any` }), `At least one of ${words.things} is one of these.`),
    none: optional(list(element, { noun: `${noun}.none` }), `Not one of ${words.things} is one of these.`),
  }
}

export const effects: Shape<SetCondition<(typeof EFFECTS)[number]>> = object({
  noun: 'effects',
  fields: setFields(choice(EFFECTS, 'effect'), 'effects', { things: 'the effects' }),
})

const command: Shape<CommandPattern> = formatted<CommandPattern>({
  noun: 'the command',
  max: 200,
  parse: parseCommandPattern,
  print: sourceOf,
})
const commands: Shape<SetCondition<CommandPattern>> = object({
  noun: 'commands',
  fields: setFields(command, 'commands', { things: 'the simple commands' }),
})

const objectPattern: Shape<ObjectPattern> = formatted<ObjectPattern>({
  noun: 'the object',
  max: 220,
  parse: parseObjectPattern,
  print: sourceOf,
})
const objects: Shape<ObjectCondition> = object({
  noun: 'objects',
  fields: {
    ...setFields(objectPattern, 'objects', { things: 'the objects' }),
    known: optional(
      truth('objects.known'),
      'true: the text tells every object · false: at least one it does not tell (rm $X).',
    ),
  },
})

const days: Shape<readonly Day[]> = mapped(
  list(
    formatted<{ readonly source: string; readonly days: readonly Day[] }>({
      noun: 'the day',
      max: 7,
      syntax: `^(${DAYS.join('|')})(-(${DAYS.join('|')}))?$`,
      parse: (source) => {
        const found = parseDays(source)
        return found === undefined
          ? refuse(`days are ${DAYS.join(', ')}, or a range such as mon-fri`)
          : { source, days: found }
      },
      print: sourceOf,
    }),
    { noun: 'days' },
  ),
  (found) => DAYS.filter((day) => found.some((range) => range.days.includes(day))),
  (value) => value.map((day) => ({ source: day, days: [day] })),
)

const timeOfDay = (noun: string): Shape<number> =>
  formatted({
    noun,
    max: 5,
    syntax: TIME_SYNTAX,
    parse: (source) => parseTimeOfDay(source) ?? refuse('a time of day looks like 08:00; the end of the day is 24:00'),
    print: formatTimeOfDay,
  })

const time: Shape<TimeWindow> = mapped(
  object({
    noun: 'time',
    fields: {
      days: optional(days, 'Days of the week on which it begins, such as [mon-fri]; every day when left out.'),
      from: required(timeOfDay('time.from'), 'Beginning, such as "08:00".'),
      to: required(
        timeOfDay('time.to'),
        'End (that minute is outside), such as "18:00". Before `from`: it ends on the next day.',
      ),
      zone: required(
        formatted({
          noun: 'the time zone',
          max: 64,
          parse: (source) =>
            isTimeZone(source) ? source : refuse('it is a name of the IANA database, such as Europe/Berlin or UTC'),
          print: (value) => value,
        }),
        'Time zone, such as Europe/Berlin.',
      ),
    },
  }),
  (window, place, problems) => {
    if (window.from === MINUTES_PER_DAY)
      return fail(problems, place.offset, 'a time window cannot begin at 24:00; write 00:00')
    return window.from === window.to
      ? fail(problems, place.offset, 'the time window is empty; a whole day is from 00:00 to 24:00')
      : window
  },
  (window) => window,
)

const network: Shape<Network> = formatted<Network>({
  noun: 'the network',
  max: 64,
  parse: parseNetwork,
  print: sourceOf,
})

const networks: Shape<NetworkCondition> = object({
  noun: 'network',
  fields: {
    in: optional(list(network, { noun: 'network.in' }), 'The address is in one of these networks, such as 10.0.0.0/8.'),
    outside: optional(list(network, { noun: 'network.outside' }), 'The address is in none of these networks.'),
  },
})

export const conditions: Shape<Conditions> = object({
  noun: 'when',
  fields: {
    kind: optional(
      list(choice(ACTION_KINDS, 'kind of action'), { noun: 'kind' }),
      'How it arrived. shell: an interactive shell is opened · exec: ssh host command · line: read at Enter · step: reported by the shell on the target.',
    ),
    interactive: optional(truth('interactive'), 'Whether the session has a terminal.'),
    assurance: optional(
      list(choice(ASSURANCES, 'assurance'), { noun: 'assurance' }),
      'How sure the text is: exact, stepped or inferred.',
    ),
    effects: optional(effects, 'What the command does. Never holds for opening a shell.'),
    commands: optional(
      commands,
      'Commands by name (ls, mkfs.*) or with arguments (git push *). Never holds for opening a shell.',
    ),
    objects: optional(
      objects,
      'What it acts on: paths (/etc/**), or a kind and a glob (unit:nginx*). Never holds for opening a shell.',
    ),
    text: optional(
      object({
        noun: 'text',
        fields: {
          matches: required(
            formatted<Pattern>({ noun: 'the regular expression', max: 500, parse: parsePattern, print: sourceOf }),
            'A regular expression that matches somewhere in the text.',
          ),
        },
      }),
      'The text itself. Never holds for opening a shell.',
    ),
    time: optional(time, 'When it is asked for.'),
    network: optional(networks, 'Where the client’s address is.'),
  },
})

export const places: Shape<Places> = object({
  noun: 'on',
  fields: {
    targets: optional(list(glob('the target'), { noun: 'targets' }), 'Names of targets, with * and ?.'),
    labels: optional(
      dictionary({
        noun: 'labels',
        keyNoun: 'the name of a label',
        keySyntax: LABEL_SYNTAX,
        // `env: prod` reads better than `env: [prod]`, and this is where people expect it.
        value: oneOrList(glob('the label’s value'), { noun: 'the label’s values' }),
      }),
      'Labels that the target has, each with a value or a list of values, with * and ?.',
    ),
    protocols: optional(list(choice(['ssh'], 'protocol'), { noun: 'protocols' }), 'Protocols of the target.'),
    logins: optional(list(glob('the login'), { noun: 'logins' }), 'Accounts on the target, with * and ?.'),
  },
})
