import { describe, expect, it } from 'vitest'
import { type Claims, principalFromClaims } from '../../src/identity/claims.ts'

const base: Claims = { iss: 'https://id.example.test', sub: 'u-1' }
const read = (claims: Claims, groupsClaim: string | string[] = 'groups', groupsCase: 'exact' | 'lower' = 'exact') =>
  principalFromClaims({ ...base, ...claims }, { groupsClaim: [groupsClaim].flat(), groupsCase })
const refused = expect.objectContaining({ code: 'unauthenticated' })

describe('principalFromClaims() takes', () => {
  it('issuer and subject together as the identity', () => {
    expect(read({})).toEqual({
      id: 'https://id.example.test#u-1',
      issuer: 'https://id.example.test',
      subject: 'u-1',
      name: 'u-1',
      email: undefined,
      groups: [],
    })
  })

  it.each<[string, Claims, string]>([
    ['preferred_username before name', { preferred_username: 'alice', name: 'Alice Ames' }, 'alice'],
    ['name where there is no user name', { name: 'Alice Ames' }, 'Alice Ames'],
    ['name where the user name is null', { preferred_username: null, name: 'Alice Ames' }, 'Alice Ames'],
    ['name where nothing of the user name is visible', { preferred_username: '\u200b\u2066 ', name: 'Alice' }, 'Alice'],
    ['sub where neither is visible', { preferred_username: '\u0000', name: '' }, 'u-1'],
    ['letters of any script', { name: 'Алиса 愛麗絲 أليس' }, 'Алиса 愛麗絲 أليس'],
    ['text without bidi overrides', { name: 'alice\u202egpj.exe\u202c' }, 'alicegpj.exe'],
    ['text without bidi isolates and marks', { name: '\u2067bob\u2069\u200f\u061c' }, 'bob'],
    ['text without terminal escapes', { name: 'bob\u001b[2J\u009b31m\u0007' }, 'bob [2J 31m'],
    ['one line', { name: 'bob\r\napproved\u2028by carol\t!' }, 'bob approved by carol !'],
    ['text without invisible letters', { name: 'a\u200bl\u00adi\u3164ce\ufeff\u{e0041}' }, 'alice'],
    ['text without lone surrogates', { name: 'bob\ud83d' }, 'bob'],
    ['composed letters', { name: 'Zoe\u0308' }, 'Zoë'],
    ['64 characters at most, none cut in half', { name: '😀'.repeat(70) }, '😀'.repeat(64)],
  ])('as the name: %s', (_, claims, name) => {
    expect(read(claims).name).toBe(name)
  })

  it.each<[string, Claims, string | undefined]>([
    ['a verified address, in lower case', { email: 'Alice@Example.TEST', email_verified: true }, 'alice@example.test'],
    ['none when it is not verified', { email: 'ceo@example.test', email_verified: false }, undefined],
    ['none when nobody says whether it is', { email: 'ceo@example.test' }, undefined],
    ['none when "true" is a string', { email: 'ceo@example.test', email_verified: 'true' }, undefined],
    ['none when it is missing', { email_verified: true }, undefined],
    ['the ordinary form of wide letters', { email: 'ａlice@example.test', email_verified: true }, 'alice@example.test'],
    ['none of an unverified odd one', { email: 17, email_verified: false }, undefined],
  ])('as the e-mail address: %s', (_, claims, email) => {
    expect(read(claims).email).toBe(email)
  })

  it.each<[string, unknown, readonly string[]]>([
    ['a list', ['sre', 'engineering'], ['sre', 'engineering']],
    ['a single string', 'sre', ['sre']],
    ['none when missing', undefined, []],
    ['none when null', null, []],
    ['each only once, case kept', ['sre', 'SRE', 'sre'], ['sre', 'SRE']],
    ['a thousand', Array.from({ length: 1000 }, (_, i) => `g${i}`), Array.from({ length: 1000 }, (_, i) => `g${i}`)],
  ])('as the groups: %s', (_, groups, expected) => {
    expect(read({ groups }).groups).toEqual(expected)
  })

  it('the groups from the configured claim, whatever its name', () => {
    const claims = { 'https://example.test/roles': ['sre'], groups: ['admins'] }
    expect(read(claims, 'https://example.test/roles').groups).toEqual(['sre'])
    expect(read(claims, 'constructor').groups).toEqual([])
    expect(read(claims, '__proto__').groups).toEqual([])
  })
})

describe('principalFromClaims() refuses', () => {
  it.each<[string, Claims]>([
    ['no issuer', { iss: undefined }],
    ['an issuer that is no string', { iss: ['https://id.example.test'] }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is a number', { sub: 1 }],
    ['a subject with look-alike letters', { sub: 'аlice' }],
    ['a subject with a line break', { sub: 'alice\n' }],
    ['a subject with a space', { sub: 'alice ames' }],
    ['a subject that is too long', { sub: 'a'.repeat(256) }],
    ['a name that is no string', { preferred_username: ['alice'] }],
    ['a verified address that is no string', { email: ['a@example.test'], email_verified: true }],
    ['a verified address without a domain', { email: 'alice', email_verified: true }],
    ['two addresses in one', { email: 'a@example.test,b@example.test', email_verified: true }],
    ['an address with a bidi override', { email: 'a\u202e@example.test', email_verified: true }],
    ['an address that is too long', { email: `${'a'.repeat(250)}@example.test`, email_verified: true }],
    ['groups that are an object', { groups: { sre: true } }],
    ['groups that are a number', { groups: 7 }],
    ['a group that is a number', { groups: ['sre', 7] }],
    ['a group that is empty', { groups: ['sre', ''] }],
    ['a group in a list in the list', { groups: [['admins']] }],
    ['a group with a control character', { groups: ['admins\u0000'] }],
    ['a group with a bidi override', { groups: ['\u202esnimda'] }],
    ['a group that is too long', { groups: ['g'.repeat(257)] }],
    ['too many groups', { groups: Array.from({ length: 1001 }, (_, i) => `g${i}`) }],
    ['groups of which it is only said that there are some', { hasgroups: true }],
    ['the same, in the words of Entra’s implicit flow', { hasgroups: 'true' }],
    ['groups that are kept elsewhere', { _claim_names: { groups: 'src1' }, _claim_sources: {} }],
  ])('%s', (_, claims) => {
    expect(() => read(claims)).toThrow(refused)
  })

  it('with a sentence that names the claim and repeats nothing of its value', () => {
    expect(() => read({ groups: ['\u001b[31mroot'] })).toThrow(/"groups" claim/)
    expect(() => read({ groups: ['\u001b[31mroot'] })).not.toThrow(/root/)
  })
})

describe('groups in a claim of another form', () => {
  const keycloak = { resource_access: { sallyport: { roles: ['sre', 'Ops'] }, other: { roles: ['root'] } } }

  it('are found by a path of names, and only there', () => {
    expect(read(keycloak, ['resource_access', 'sallyport', 'roles']).groups).toEqual(['sre', 'Ops'])
    expect(read(keycloak, ['resource_access', 'nobody', 'roles']).groups).toEqual([])
    expect(read(keycloak, 'resource_access.sallyport.roles').groups).toEqual([])
  })

  it('are found by a name with dots and slashes in it', () => {
    expect(read({ 'https://id.example/groups': ['sre'] }, 'https://id.example/groups').groups).toEqual(['sre'])
  })

  it.each([
    ['text', { resource_access: 'sallyport' }],
    ['a list', { resource_access: ['sallyport'] }],
    ['a number', { resource_access: 1 }],
  ])('refuse the person where %s stands on the way', (_, claims) => {
    expect(() => read(claims, ['resource_access', 'sallyport', 'roles'])).toThrow(refused)
  })

  it('never come from what every object has', () => {
    expect(read({}, ['constructor', 'name']).groups).toEqual([])
    expect(read({ resource_access: {} }, ['resource_access', '__proto__', 'roles']).groups).toEqual([])
  })

  it('refuse the person where a nested claim is kept elsewhere', () => {
    expect(() => read({ _claim_names: { resource_access: 'src1' } }, ['resource_access', 'x'])).toThrow(refused)
  })

  it('are compared as they are written, unless the configuration says that no case counts', () => {
    expect(read({ groups: ['SRE', 'sre'] }).groups).toEqual(['SRE', 'sre'])
    expect(read({ groups: ['SRE', 'sre', 'Ärzte'] }, 'groups', 'lower').groups).toEqual(['sre', 'ärzte'])
  })
})
