/**
 * Claims of a verified token → Principal. The provider vouches for who it is; what the claims may look like is decided
 * here. A missing claim is taken as "no": no groups, no e-mail address. A claim of the wrong shape refuses the person,
 * because a guess about somebody's groups is a guess about what they may do.
 */
import { BastionError } from '../core/errors.ts'
import { principalId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'

export type Claims = Readonly<Record<string, unknown>>

export interface GroupSettings {
  /** The claim that lists the groups: its name, then the fields inside of it where it is nested. */
  readonly groupsClaim: readonly string[]
  /** `lower`: groups are taken in lower case, for a directory that minds no case; policies name them so. */
  readonly groupsCase: 'exact' | 'lower'
  /** Stands before each of them; left out: nothing does. */
  readonly groupsPrefix?: string
}

const MAX_NAME_LENGTH = 64
const MAX_EMAIL_LENGTH = 254
const MAX_GROUPS = 1000
const MAX_GROUP_LENGTH = 256

/** Throws `unauthenticated`, naming the claim that cannot be used. `claims` must come out of a signature check. */
export function principalFromClaims(claims: Claims, settings: GroupSettings): Principal {
  const issuer = claims.iss
  if (typeof issuer !== 'string' || issuer === '') throw refusal('iss')
  const subject = readSubject(claims.sub)
  return {
    id: principalId(issuer, subject),
    issuer,
    subject,
    name: readName(claims) ?? subject.slice(0, MAX_NAME_LENGTH),
    email: readEmail(claims),
    groups: readGroups(claims, settings),
  }
}

/** OpenID Connect Core §2: at most 255 ASCII characters, case-sensitive. Look-alike letters are refused with the rest. */
function readSubject(value: unknown): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(value)) throw refusal('sub')
  return value
}

/** The first of the two that leaves something to read. Never compared with anything, so it may be tidied. */
function readName(claims: Claims): string | undefined {
  for (const claim of ['preferred_username', 'name']) {
    const value = own(claims, claim)
    if (value === undefined || value === null) continue
    if (typeof value !== 'string') throw refusal(claim)
    const name = readable(value)
    if (name !== '') return name
  }
  return undefined
}

/**
 * Without what is not seen or turns text around (controls, Cf with the bidi controls of UAX #9, surrogates, private
 * use, line separators): a name is shown in terminals and next to a command that somebody must judge.
 */
function readable(text: string): string {
  const visible = text
    .slice(0, 4096)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim()
  return Array.from(visible).slice(0, MAX_NAME_LENGTH).join('').trim()
}

/** OpenID Connect Core §5.7: an address that nobody verified belongs to whoever typed it. */
function readEmail(claims: Claims): string | undefined {
  if (own(claims, 'email_verified') !== true) return undefined
  const value = own(claims, 'email')
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value.length > MAX_EMAIL_LENGTH || !/^[^\s\p{C}@]+@[^\s\p{C}@]+$/u.test(value)) {
    throw refusal('email')
  }
  return value.normalize('NFKC').toLowerCase()
}

function readGroups(claims: Claims, { groupsClaim, groupsCase, groupsPrefix = '' }: GroupSettings): readonly string[] {
  const claim = groupsClaim.join(' → ')
  refuseOverage(claims, groupsClaim[0] ?? '')
  let value: unknown = claims
  for (const name of groupsClaim) {
    if (value === undefined || value === null) return []
    if (typeof value !== 'object' || Array.isArray(value)) throw refusal(claim)
    value = own(value as Claims, name)
  }
  if (value === undefined || value === null) return []
  const list: unknown = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list) || list.length > MAX_GROUPS) throw refusal(claim)
  const groups = list.map((group) => readGroup(group, claim))
  const compared = groupsCase === 'lower' ? groups.map((group) => group.toLowerCase()) : groups
  return [...new Set(compared.map((group) => `${groupsPrefix}${group}`))]
}

/**
 * Where there are too many groups, Microsoft Entra sends a link (OpenID Connect Core §5.6.2) or only the word that there
 * are some (`hasgroups`). Reading that as "no groups" would be silent, and reading the link would trust another address.
 */
function refuseOverage(claims: Claims, claim: string): void {
  const elsewhere = own(claims, '_claim_names')
  const isElsewhere = typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, claim)
  const says = own(claims, 'hasgroups')
  if (!isElsewhere && says !== true && says !== 'true') return
  throw new BastionError(
    'unauthenticated',
    `The identity provider sends a link in place of the "${claim}" claim, because there are too many groups. Its operator must limit the groups sent to this bastion.`,
  )
}

/** Groups are compared, so an odd one is refused and never repaired. */
function readGroup(value: unknown, claim: string): string {
  if (
    typeof value !== 'string' ||
    value === '' ||
    value.length > MAX_GROUP_LENGTH ||
    /[\p{C}\p{Zl}\p{Zp}]/u.test(value)
  ) {
    throw refusal(claim)
  }
  return value
}

function own(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

function refusal(claim: string): BastionError {
  return new BastionError(
    'unauthenticated',
    `The identity provider sends a "${claim}" claim that this bastion cannot use, so nobody is signed in. Tell the operator.`,
  )
}
