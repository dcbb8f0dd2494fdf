/**
 * What a policy can be read with, and is probably not meant. Findings are advice: the bastion runs with them. Those about
 * people need to be told who there is; a policy file knows groups only.
 */
import type { Effect } from '../core/action.ts'
import type { Principal } from '../core/principal.ts'
import type { GlassTerms } from '../core/verdict.ts'
import { rolesOf } from './roles.ts'
import type { Policy, Rule } from './rule.ts'
import { isImpossible, subsumes } from './subsume.ts'

export interface Finding {
  readonly kind:
    | 'never-matches'
    /** A command is allowed by its name or its text, whatever it does. */
    | 'allowed-by-looks'
    /** A denial by name or object that also meets everything whose inside is not seen. */
    | 'denies-the-unseen'
    /** A grant that could fit nothing which the rule holds. */
    | 'grants-nothing'
    /** Commands whose inside nobody sees may be granted for a time. */
    | 'grants-the-unseen'
    | 'unused-role'
    | 'nobody-reviews'
    | 'too-few-reviewers'
    | 'only-reviewer'
  readonly file: string
  /** 0 where it is not about one rule. */
  readonly line: number
  readonly message: string
}

export interface LintContext {
  /** Everybody who is known, with their groups. */
  readonly people?: readonly Principal[]
}

export function lint(policy: Policy, { people }: LintContext = {}): readonly Finding[] {
  const about = people === undefined ? [] : policy.rules.flatMap((rule) => reviewerFindings(policy, rule, people))
  const findings = [
    ...policy.rules.flatMap((rule, index) => ruleFindings(policy, rule, index)),
    ...about,
    ...roleFindings(policy),
  ]
  return findings.toSorted((one, other) => one.line - other.line)
}

function ruleFindings(policy: Policy, rule: Rule, index: number): readonly Finding[] {
  const found = (kind: Finding['kind'], message: string): Finding => ({
    kind,
    file: policy.file,
    line: rule.line,
    message,
  })
  if (isImpossible(rule))
    return [found('never-matches', `“${rule.name}” can never match: its conditions exclude each other.`)]
  const earlier = policy.rules.slice(0, index).find((candidate) => subsumes(policy, candidate, rule))
  if (earlier !== undefined)
    return [
      found(
        'never-matches',
        `“${rule.name}” can never match: “${earlier.name}” (line ${earlier.line}) answers all of it before.`,
      ),
    ]
  const { effects, commands, objects, text } = rule.when
  const isByLooks = commands !== undefined || text !== undefined
  if (rule.then.kind === 'allow' && isByLooks && effects?.only === undefined) {
    return [
      found(
        'allowed-by-looks',
        `“${rule.name}” allows commands for what they look like, and \`ls > /etc/passwd\` looks like ls; say what they may do with effects.only.`,
      ),
    ]
  }
  const meetsUnseen =
    (commands?.any ?? objects?.any) !== undefined && effects?.only === undefined && effects?.none === undefined
  if (rule.then.kind === 'deny' && meetsUnseen && !asksAboutUnseenBefore(policy, index)) {
    return [
      found(
        'denies-the-unseen',
        `“${rule.name}” also denies every command whose inside is not seen (escape, opaque, unknown), because it might do this; hold those by a rule before it, or exclude them with effects.none.`,
      ),
    ]
  }
  return grantFindings(rule).map(([kind, message]) => found(kind, message))
}

const UNSEEN = ['escape', 'opaque', 'unknown'] as const satisfies readonly Effect[]

function grantFindings({ name, then, when }: Rule): readonly (readonly [Finding['kind'], string])[] {
  if (then.kind !== 'hold' || then.grant === undefined) return []
  const granted = then.grant.effects
  const isOut = (effect: Effect) =>
    granted?.only?.includes(effect) === false || granted?.none?.includes(effect) === true
  const isShellOnly = when.kind?.every((kind) => kind === 'shell') ?? false
  const isInferredOnly = when.assurance?.every((assurance) => assurance === 'inferred') ?? false
  if (isShellOnly || isInferredOnly || (when.effects?.any?.every(isOut) ?? false)) {
    return [
      [
        'grants-nothing',
        `“${name}” has a grant that never applies: what it holds is a shell, read off the screen, or outside grant.effects.`,
      ],
    ]
  }
  const isHeld = (effect: Effect) =>
    when.effects?.only?.includes(effect) !== false && when.effects?.none?.includes(effect) !== true
  const unseen = UNSEEN.filter((effect) => isHeld(effect) && !isOut(effect))
  if (unseen.length === 0) return []
  return [
    [
      'grants-the-unseen',
      `“${name}” lets a reviewer grant commands that may do something else each time (${unseen.join(', ')}); say which may be granted with grant.effects.`,
    ],
  ]
}

function asksAboutUnseenBefore({ rules }: Policy, index: number): boolean {
  return rules.slice(0, index).some(({ when }) => {
    const any = when.effects?.any ?? []
    return any.includes('escape') && any.includes('opaque') && any.includes('unknown')
  })
}

function reviewerFindings(policy: Policy, rule: Rule, people: readonly Principal[]): readonly Finding[] {
  if (rule.then.kind !== 'hold') return []
  const { reviewers, count } = rule.then.quorum
  const found = (kind: Finding['kind'], message: string): Finding => ({
    kind,
    file: policy.file,
    line: rule.line,
    message,
  })
  const hasOne = (person: Principal, roles: readonly string[]) =>
    rolesOf(policy, person).some((role) => roles.includes(role))
  const able = people.filter((person) => hasOne(person, reviewers))
  const roles = reviewers.join(' or ')
  if (able.length === 0)
    return [found('nobody-reviews', `Nobody is ${roles}, so what “${rule.name}” holds always expires.`)]
  const { who } = rule
  return people
    .filter((person) => (who === 'everyone' ? rolesOf(policy, person).length > 0 : hasOne(person, who)))
    .flatMap((person): readonly Finding[] => {
      const others = able.filter((other) => !isSamePerson(person, other))
      if (others.length >= count) return []
      if (others.length === 0)
        return [
          found(
            'only-reviewer',
            `${person.name} is the only ${roles}, and nobody approves their own command: what “${rule.name}” holds of theirs always expires.`,
          ),
        ]
      return [
        found(
          'too-few-reviewers',
          `“${rule.name}” needs ${count} approvals, and only ${others.length} other than ${person.name} can give one.`,
        ),
      ]
    })
}

/** As the approval desk sees it: one subject or one address is one person. */
function isSamePerson(one: Principal, other: Principal): boolean {
  return one.id === other.id || one.subject === other.subject || (one.email !== undefined && one.email === other.email)
}

function rolesOfGlass(glass: GlassTerms | undefined): readonly string[] {
  return glass === undefined ? [] : [...glass.who, ...glass.alert, ...glass.reviewers]
}

function roleFindings(policy: Policy): readonly Finding[] {
  const used = new Set([
    ...Object.values(policy.permissions).flat(),
    ...policy.rules.flatMap(({ who, then }) => [
      ...(who === 'everyone' ? policy.roles.keys() : who),
      ...(then.kind === 'hold'
        ? [...then.quorum.reviewers, ...(then.quorum.escalation?.to ?? []), ...rolesOfGlass(then.quorum.glass)]
        : []),
    ]),
  ])
  return [...policy.roles.keys()]
    .filter((role) => !used.has(role))
    .map(
      (role): Finding => ({
        kind: 'unused-role',
        file: policy.file,
        line: 0,
        message: `The role “${role}” is used nowhere, so whoever has only that gets nowhere.`,
      }),
    )
}
