/**
 * The key of real sshd targets is rotated by two administrators, and people work on through it. Run long: the parts of it
 * are proved in test/secret-desk.test.ts.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKeyPair } from '../../src/ssh/host-key.ts'
import type { SecretView } from '../../src/web/routes/secrets.ts'
import type { TargetView } from '../../src/web/routes/targets.ts'
import type { ProposalView, TrialView } from '../../src/web/views/proposal.ts'
import { type Person, startTestBastion, type TestBastion } from '../support/bastion.ts'

describe.runIf(process.env.SALLYPORT_LONG)('a key of real targets', () => {
  const next = newKeyPair('next')
  const strange = newKeyPair('strange')
  let bastion: TestBastion
  let [rita, olga]: Person[] = []

  beforeAll(async () => {
    bastion = await startTestBastion({ moreKeys: [next.publicKey] })
    rita = await bastion.person('root-admin')
    olga = await bastion.person('olga')
  })
  afterAll(() => bastion.close())

  const trial = async (name: string): Promise<TrialView> =>
    (await rita!.api(`targets/${name}/trials`, { method: 'POST', body: { login: 'deploy' } })).json() as never
  const propose = async (secret: string): Promise<ProposalView> => {
    const body = { kind: 'secret', name: 'demo-targets', secret, reason: 'a year old' }
    return (await rita!.api('proposals', { method: 'POST', body })).json() as never
  }
  const approve = ({ id }: ProposalView) =>
    olga!.api(`proposals/${id}/decisions`, { method: 'POST', body: { decision: 'approve' } })

  it('is tried, replaced when the other administrator approves, and opens them as before', async () => {
    const { targets } = await rita!.json<{ targets: readonly TargetView[] }>('targets')
    expect(targets.map(({ name }) => name)).toEqual(['web-1', 'web-2'])
    expect((await trial('web-1')).outcome).toBe('opened')
    const key = await bastion.boundKey('alice')
    const proposal = await propose(next.privateKey)
    expect(proposal.change).toMatchObject({ trials: [{ outcome: 'opened' }, { outcome: 'opened' }] })
    expect((await approve(proposal)).status).toBe(201)
    expect((await trial('web-2')).outcome).toBe('opened')
    const ran = await bastion.run('web-1', 'id -un', { key })
    expect([ran.status, ran.stdout.toString()]).toEqual([0, 'deploy\n'])
    const { secrets } = await olga!.json<{ secrets: readonly SecretView[] }>('secrets')
    expect(secrets.find(({ name }) => name === 'demo-targets')?.usedBy).toEqual(['web-1', 'web-2'])
  })

  it('that the targets do not take stays out', async () => {
    const proposal = await propose(strange.privateKey)
    expect(proposal.change).toMatchObject({ trials: [{ outcome: 'refused' }, { outcome: 'refused' }] })
    const refused = await approve(proposal)
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('deploy@web-1')])
    expect((await trial('web-1')).outcome).toBe('opened')
  })

  it('is in no log and no file of the bastion’s', () => {
    const line = next.privateKey.split('\n')[2]!
    expect(bastion.log()).not.toContain(line)
    for (const file of ['vault.json', 'state/sallyport.db'])
      expect(readFileSync(`${bastion.folder}/${file}`).includes(line)).toBe(false)
  })
})
