import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isQuorumReached, isReviewerOf, isSamePerson, mayDecide } from '../../src/approval/reviewers.ts'
import type { Hold } from '../../src/core/hold.ts'
import { newHoldId, principalId } from '../../src/core/ids.ts'
import type { Principal } from '../../src/core/principal.ts'
import { action, alice, bob, erin, groupsAreRoles, hold, person, RULE } from './parts.ts'

function heldBy(requester: Principal, quorum: Parameters<typeof hold>[0], approvers: readonly Principal[] = []): Hold {
  const at = new Date(0)
  return {
    id: newHoldId(),
    action: action({ principal: requester }),
    because: RULE,
    quorum: hold(quorum).quorum,
    message: undefined,
    createdAt: at,
    expiresAt: at,
    explanations: [],
    screen: [],
    decisions: approvers.map((by) => ({ kind: 'approve', by, at, reason: '' })),
    state: { kind: 'pending' },
  }
}

const elsewhere = 'https://other.example'

describe('isSamePerson()', () => {
  it.each([
    ['the same account', alice, alice, true],
    [
      'fault 43: the same sub under another issuer',
      alice,
      person('alice', { issuer: elsewhere, email: undefined }),
      true,
    ],
    ['fault 43: the same e-mail', alice, person('a.ames', { email: 'alice@example.org' }), true],
    ['fault 43: the same e-mail in other case', alice, person('a.ames', { email: 'Alice@Example.ORG' }), true],
    ['fault 43: the same e-mail, full width', alice, person('a.ames', { email: 'ａlice@example.org' }), true],
    ['two people without an e-mail', person('x', { email: undefined }), person('y', { email: undefined }), false],
    ['two people', alice, bob, false],
    ['two people of one name', alice, person('b', { name: 'alice' }), false],
  ])('%s', (_, one, other, expected) => {
    expect(isSamePerson(one, other)).toBe(expected)
    expect(isSamePerson(other, one)).toBe(expected)
  })
})

describe('mayDecide()', () => {
  const word = (who: Principal, held = heldBy(alice, {})) => mayDecide(held, who, groupsAreRoles)

  it.each([
    ['a reviewer', bob, 'may'],
    ['fault 43: the requester, though a reviewer', { ...alice, groups: ['sre'] }, 'may-not'],
    [
      'fault 43: the requester at another provider',
      person('alice', { issuer: elsewhere, email: undefined }),
      'may-not',
    ],
    ['fault 43: the requester by e-mail', person('second', { email: 'ALICE@example.org' }), 'may-not'],
    ['somebody without the role', person('carol', { groups: ['compliance'] }), 'may-not'],
    ['somebody without any role', person('carol', { groups: [] }), 'may-not'],
  ])('%s', (_, who, expected) => {
    expect(word(who).kind).toBe(expected)
  })

  it('counts a reviewer once, by any account', () => {
    const held = heldBy(alice, { count: 2 }, [bob])
    expect(word(bob, held)).toMatchObject({ kind: 'may-not', message: expect.stringContaining('once') })
    expect(word(person('bob', { issuer: elsewhere }), held).kind).toBe('may-not')
  })
})

describe('isQuorumReached()', () => {
  const dba = (name: string) => person(name, { groups: ['dba'] })
  const both = (name: string) => person(name, { groups: ['sre', 'dba'] })
  const sre = (name: string) => person(name)
  const reviewers = ['sre', 'dba']
  const reached = (quorum: Parameters<typeof hold>[0], ...approvers: readonly Principal[]) =>
    isQuorumReached(heldBy(alice, { reviewers, ...quorum }, approvers), groupsAreRoles)

  it.each<[string, Parameters<typeof hold>[0], readonly Principal[], boolean]>([
    ['nobody', {}, [], false],
    ['one of one', {}, [sre('b')], true],
    ['one of two', { count: 2 }, [sre('b')], false],
    ['two of two', { count: 2 }, [sre('b'), sre('c')], true],
    ['fault 43: two accounts of one person', { count: 2 }, [sre('b'), person('b2', { email: 'B@example.org' })], false],
    ['fault 43: the requester, stored by mistake', {}, [{ ...alice, groups: ['sre'] }], false],
    ['one who has lost the role since', {}, [person('b', { groups: [] })], false],
    ['distinct: two of one role', { count: 2, distinctRoles: true }, [sre('b'), sre('c')], false],
    ['distinct: one of each', { count: 2, distinctRoles: true }, [sre('b'), dba('c')], true],
    ['distinct: one who has both, and a second', { count: 2, distinctRoles: true }, [both('b'), sre('c')], true],
    ['distinct: both in any order', { count: 2, distinctRoles: true }, [sre('c'), both('b')], true],
    ['distinct: one person with both roles', { count: 2, distinctRoles: true }, [both('b')], false],
    ['distinct: three for two roles', { count: 3, distinctRoles: true }, [both('b'), both('c'), sre('d')], false],
  ])('%s', (_, quorum, approvers, expected) => {
    expect(reached(quorum, ...approvers)).toBe(expected)
  })

  it('finds the largest matching of people to different roles', () => {
    const roles = ['r0', 'r1', 'r2', 'r3']
    const people = fc.array(fc.subarray(roles), { maxLength: 5 })
    /** The plain definition: try every way to give each person one of his roles, or none. */
    const largest = (rest: readonly (readonly string[])[], taken: ReadonlySet<string>): number => {
      const [first, ...others] = rest
      if (first === undefined) return 0
      const without = largest(others, taken)
      const withRole = first
        .filter((role) => !taken.has(role))
        .map((role) => 1 + largest(others, new Set([...taken, role])))
      return Math.max(without, ...withRole)
    }
    fc.assert(
      fc.property(people, fc.integer({ min: 1, max: 5 }), (groups, count) => {
        const approvers = groups.map((mine, index) => person(`p${index}`, { groups: mine }))
        const held = heldBy(alice, { reviewers: roles, count, distinctRoles: true }, approvers)
        expect(isQuorumReached(held, groupsAreRoles)).toBe(largest(groups, new Set()) >= count)
      }),
    )
  })

  it('fault 43: never counts more people than there are, nor the requester', () => {
    const account = fc.record({
      subject: fc.constantFrom('alice', 'bob', 'carl'),
      issuer: fc.constantFrom('https://id.example', elsewhere),
    })
    fc.assert(
      fc.property(fc.array(account, { maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (accounts, count) => {
        const approvers = accounts.map(({ subject, issuer }) =>
          person(subject, { issuer, id: principalId(issuer, subject), email: undefined }),
        )
        const others = new Set(accounts.map(({ subject }) => subject).filter((subject) => subject !== 'alice'))
        expect(reached({ count }, ...approvers)).toBe(others.size >= count)
      }),
    )
  })
})

describe('agents', () => {
  const agentOf = (owner: Principal, subject = 'deploy-bot') =>
    person(subject, { owner: owner.id, email: undefined, groups: ['sre'] })
  const robot = agentOf(bob)

  it.each([
    ['the owner', bob, 'Your own agent'],
    ['the owner’s account at another provider', person('bob', { issuer: elsewhere }), 'Your own agent'],
    ['the agent itself', robot, 'You asked'],
    ['another agent of the owner', agentOf(bob, 'other-bot'), 'An agent decides nothing'],
    ['somebody else’s agent', agentOf(erin, 'erins-bot'), 'An agent decides nothing'],
  ])('what one asks for is not decided by %s', (_, who, why) => {
    const held = heldBy(robot, { reviewers: ['sre'] })
    expect(mayDecide(held, who, groupsAreRoles)).toEqual({ kind: 'may-not', message: expect.stringContaining(why) })
    expect(isReviewerOf(held, who, groupsAreRoles)).toBe(false)
    expect(isQuorumReached(heldBy(robot, { reviewers: ['sre'] }, [who]), groupsAreRoles)).toBe(false)
  })

  it('what one asks for is decided by somebody else, and by the owner where the rule says so', () => {
    expect(mayDecide(heldBy(robot, { reviewers: ['sre'] }), erin, groupsAreRoles).kind).toBe('may')
    const held = heldBy(robot, { reviewers: ['sre'], ownerMayDecide: true })
    expect(mayDecide(held, bob, groupsAreRoles).kind).toBe('may')
    expect(isQuorumReached({ ...held, decisions: heldBy(robot, {}, [bob]).decisions }, groupsAreRoles)).toBe(true)
    expect(mayDecide(held, robot, groupsAreRoles).kind).toBe('may-not')
    expect(mayDecide(held, agentOf(bob, 'other-bot'), groupsAreRoles).kind).toBe('may-not')
  })

  it('do not decide what their owner asks for', () => {
    const held = heldBy(bob, { reviewers: ['sre'], ownerMayDecide: true })
    expect(mayDecide(held, robot, groupsAreRoles).kind).toBe('may-not')
  })
})
