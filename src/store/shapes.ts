/**
 * The core types that are kept as JSON, as parsers. Written out by hand and checked by the compiler against core: what
 * the database gives back has every field, or is refused as damaged.
 */
import { type Action, ASSURANCES, EFFECTS, type ObjectRef, type SimpleCommand } from '../core/action.ts'
import type { Explanation, HoldState } from '../core/hold.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { Assertion, PublicJwk, Receipt } from '../core/passkey.ts'
import type { Principal } from '../core/principal.ts'
import type { Target } from '../core/target.ts'
import {
  type Escalation,
  type GlassTerms,
  GRANT_SCOPES,
  type GrantLimit,
  type Quorum,
  type RuleRef,
  type StepUp,
} from '../core/verdict.ts'
import {
  boolean,
  byKind,
  date,
  dictionary,
  fields,
  id,
  integer,
  list,
  maybe,
  oneOf,
  type Parse,
  record,
  text,
} from './parse.ts'

export const principal = record<Principal>({
  id,
  issuer: text,
  subject: text,
  name: text,
  email: maybe(text),
  groups: list(text),
  owner: maybe(id<PrincipalId>),
})

const target = record<Target>({
  name: text,
  protocol: oneOf('ssh'),
  host: text,
  port: integer,
  login: text,
  logins: list(text),
  labels: dictionary(text),
  hostKeys: list(text),
  credential: text,
})

const objectRef = record<ObjectRef>({
  kind: oneOf('path', 'host', 'url', 'unit', 'package', 'database', 'user', 'process', 'container', 'other'),
  value: maybe(text),
})

const simpleCommand = record<SimpleCommand>({
  text,
  name: maybe(text),
  start: integer,
  end: integer,
  effects: list(oneOf(...EFFECTS)),
  objects: list(objectRef),
  because: text,
})

export const action = record<Action>({
  id,
  kind: oneOf('shell', 'exec', 'line', 'step'),
  text,
  assurance: oneOf(...ASSURANCES),
  principal,
  target,
  login: text,
  session: id,
  interactive: boolean,
  address: text,
  commands: list(simpleCommand),
  effects: list(oneOf(...EFFECTS)),
  objects: list(objectRef),
})

export const ruleRef = record<RuleRef>({ name: text, file: text, line: integer })

const grantLimit = record<GrantLimit>({ longestMs: integer, scope: oneOf(...GRANT_SCOPES), policy: text })

const stepUp = record<StepUp>({ maxAgeMs: integer, acr: list(text) })

const glass = record<GlassTerms>({
  who: list(text),
  alert: list(text),
  reviewers: list(text),
  withinMs: integer,
  stepUp,
})

export const quorum = record<Quorum>({
  reviewers: list(text),
  count: integer,
  distinctRoles: boolean,
  expiresAfterMs: integer,
  reasonRequired: boolean,
  sign: maybe(oneOf('passkey')),
  stepUp: maybe(stepUp),
  glass: maybe(glass),
  grant: maybe(grantLimit),
  ownerMayDecide: maybe(boolean),
  escalation: maybe(record<Escalation>({ afterMs: integer, to: list(text) })),
})

export const publicKey: Parse<PublicJwk> = dictionary(text)

const assertion = record<Assertion>({ credential: text, authenticatorData: text, clientData: text, signature: text })

export const receipt = record<Receipt>({ statement: fields, assertion })

export const explanations = list(record<Explanation>({ at: date, text, askedBy: maybe(principal) }))

type State<Kind extends HoldState['kind']> = Extract<HoldState, { readonly kind: Kind }>

export const holdState = byKind<HoldState>({
  pending: record<State<'pending'>>({ kind: oneOf('pending') }),
  approved: record<State<'approved'>>({ kind: oneOf('approved'), at: date }),
  running: record<State<'running'>>({ kind: oneOf('running'), at: date }),
  done: record<State<'done'>>({ kind: oneOf('done'), at: date, exitStatus: integer }),
  unknown: record<State<'unknown'>>({ kind: oneOf('unknown'), at: date }),
  rejected: record<State<'rejected'>>({ kind: oneOf('rejected'), at: date, by: principal, reason: text }),
  expired: record<State<'expired'>>({ kind: oneOf('expired'), at: date, reason: text }),
  withdrawn: record<State<'withdrawn'>>({ kind: oneOf('withdrawn'), at: date, reason: text }),
  revoked: record<State<'revoked'>>({ kind: oneOf('revoked'), at: date, reason: text }),
})
