/**
 * The policy language: which keys there are, what may stand at each, and what it means to a person. parse.ts reads by
 * it, print.ts writes by it, and policies/policy.schema.json is made from it.
 */
import type { ChangeTerms, Conditions, Places, Role, RolePermissions, Rule } from '../rule.ts'
import { dictionary, type Fields, list, object, optional, type Read, required } from '../shape/collections.ts'
import { text, wholeNumber } from '../shape/scalars.ts'
import { fail, mapped, type Shape, wordOr } from '../shape/shape.ts'
import { answer, stepUp } from './answer.ts'
import { conditions, places } from './conditions.ts'
import { duties } from './duties.ts'
import { NAME_SYNTAX, roleNames } from './words.ts'

const NOWHERE_SAID: Places = { targets: undefined, labels: undefined, protocols: undefined, logins: undefined }
const NOTHING_SAID: Conditions = {
  kind: undefined,
  interactive: undefined,
  assurance: undefined,
  effects: undefined,
  commands: undefined,
  objects: undefined,
  text: undefined,
  time: undefined,
  network: undefined,
}
const isSilent = (said: object) => Object.values(said).every((value) => value === undefined)

const ruleFields = {
  name: required(
    text({ max: 100, noun: 'name' }),
    'What the rule is called in verdicts, pages and the audit log; no two have the same.',
  ),
  who: required(wordOr('everyone', roleNames('who')), 'Roles; or everyone, which is everyone who has a role.'),
  on: optional(places, 'Where it applies; everywhere when left out. All that is said must hold.'),
  when: optional(conditions, 'Under which conditions; always when left out. All that is said must hold.'),
  // biome-ignore lint/suspicious/noThenProperty: it is the language's word, and nothing here is awaited.
  then: required(answer, 'allow, hold (a second person decides) or deny.'),
  session: optional(duties, 'What a session must keep to that this rule let open.'),
} satisfies Fields

export const ruleShape: Shape<Rule> = mapped(
  object({ noun: 'the rule', fields: ruleFields }),
  (value, place, problems): Rule | undefined => {
    const { name, who, on = NOWHERE_SAID, when = NOTHING_SAID, then, session } = value
    if (session !== undefined) {
      const opens = when.kind === undefined || when.kind.includes('shell') || when.kind.includes('exec')
      if (then.kind === 'deny')
        return fail(problems, place.offset, 'the rule denies, so no session keeps to what “session” says')
      if (!opens)
        return fail(
          problems,
          place.offset,
          'the rule opens no session (its kind is neither shell nor exec), so nothing keeps to what “session” says',
        )
      const isBulk = when.kind?.every((kind) => kind === 'exec') === true && when.interactive === false
      if (session.record.kind !== 'output' && !isBulk)
        return fail(
          problems,
          place.offset,
          'only commands without a terminal may be recorded less than whole, so “record” cannot be used without “when: { kind: [exec], interactive: false }”',
        )
    }
    return { name, line: problems.lineOf(place.offset), who, on, when, then, session }
  },
  ({ name, who, on, when, then, session }): Read<typeof ruleFields> => ({
    name,
    who,
    on: isSilent(on) ? undefined : on,
    when: isSilent(when) ? undefined : when,
    then,
    session,
  }),
)

const role: Shape<Role> = object({
  noun: 'the role',
  fields: {
    groups: required(
      list(text({ max: 200, noun: 'the group' }), { noun: 'groups' }),
      'Groups of the identity provider; being in one of them is enough.',
    ),
  },
})

const permissions: Shape<RolePermissions> = mapped(
  object({
    noun: 'permissions',
    mayBeEmpty: true,
    fields: {
      recordings: optional(roleNames('recordings'), 'Roles that may watch everybody’s sessions, live and recorded.'),
      audit: optional(roleNames('audit'), 'Roles that may read the audit log.'),
      sessions: optional(roleNames('sessions'), 'Roles that may end other people’s sessions.'),
      administration: optional(
        roleNames('administration'),
        'Roles that keep the bastion and its policy; people are told to ask them.',
      ),
    },
  }),
  (value) => ({
    recordings: value.recordings ?? [],
    audit: value.audit ?? [],
    sessions: value.sessions ?? [],
    administration: value.administration ?? [],
  }),
  (value) => {
    const some = (names: readonly string[]) => (names.length === 0 ? undefined : names)
    return {
      recordings: some(value.recordings),
      audit: some(value.audit),
      sessions: some(value.sessions),
      administration: some(value.administration),
    }
  },
)

const changes: Shape<ChangeTerms> = mapped(
  object({
    noun: 'changes',
    fields: {
      'step-up': required(
        stepUp,
        'Whoever approves a change must have proved to the identity provider who they are shortly before.',
      ),
    },
  }),
  (value) => ({ stepUp: value['step-up'] }),
  (value) => ({ 'step-up': value.stepUp ?? { maxAgeMs: 0, acr: [] } }),
)

export const NO_CHANGE_TERMS: ChangeTerms = { stepUp: undefined }
export const NO_PERMISSIONS: RolePermissions = { recordings: [], audit: [], sessions: [], administration: [] }

const policyFields = {
  version: required(wholeNumber({ min: 1, max: 1, noun: 'version' }), 'The version of the language: 1.'),
  roles: required(
    dictionary({ noun: 'roles', keyNoun: 'the name of a role', keySyntax: NAME_SYNTAX, value: role }),
    'Who is who: each role by the groups of the identity provider that have it.',
  ),
  permissions: optional(permissions, 'What roles may do besides opening sessions and deciding holds.'),
  changes: optional(
    changes,
    'What it takes to approve a change of the policy or a secret in the web; left out: being another administrator.',
  ),
  rules: required(
    list(ruleShape, { noun: 'rules' }),
    'In order: the first rule that matches answers. When none does, the answer is no.',
  ),
} satisfies Fields

export type PolicyFile = Read<typeof policyFields>
export const policyFile: Shape<PolicyFile> = object({ noun: 'the policy', fields: policyFields })
