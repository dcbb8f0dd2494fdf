/**
 * The people of the demo, and the password they share. They exist for trying Sallyport on one's own machine; the
 * password is printed on the sign-in page.
 */
export interface DemoPerson {
  /** Also the `sub` and the `preferred_username`. */
  readonly userName: string
  readonly name: string
  readonly email: string
  readonly isEmailVerified: boolean
  readonly groups: readonly string[]
}

export const DEMO_PASSWORD = 'demo'

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('alice', 'Alice Ames', 'engineering'),
  person('dave', 'Dave Dunn', 'engineering'),
  person('bob', 'Bob Bell', 'sre'),
  person('erin', 'Erin East', 'sre'),
  person('carol', 'Carol Cole', 'compliance'),
  person('root-admin', 'Rita Root', 'admins'),
  person('olga', 'Olga Orr', 'admins'),
]

/** The claims of OpenID Connect Core §5.1, and `groups`, which no standard has but every provider does. */
export function claimsOf(person: DemoPerson): Record<string, unknown> {
  return {
    preferred_username: person.userName,
    name: person.name,
    email: person.email,
    email_verified: person.isEmailVerified,
    groups: person.groups,
  }
}

function person(userName: string, name: string, group: string): DemoPerson {
  return { userName, name, email: `${userName}@example.test`, isEmailVerified: true, groups: [group] }
}
