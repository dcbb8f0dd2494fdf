import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/core/verdict.ts'
import { runExec } from '../../src/session/exec.ts'
import { Registry } from '../../src/session/registry.ts'
import { approve, bob, hold, RULE, reject } from '../approval/parts.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from '../support/store.ts'
import { fakeClient, type SessionUnderTest, session } from './parts.ts'

const ALLOW: Verdict = { kind: 'allow', because: RULE }
const DENY: Verdict = { kind: 'deny', because: RULE, message: 'not here' }

let temporary: TemporaryStore
let clock: ManualClock
beforeAll(async () => {
  temporary = await temporaryStore()
})
afterAll(() => temporary.close())
beforeEach(() => {
  clock = new ManualClock()
})

const start = (verdict: Verdict, over: Partial<Parameters<typeof session>[0]> = {}) =>
  session({ store: temporary.store, clock, verdict: () => verdict, ...over })

/** Resolves to the hold when it is waiting. */
function nextHold({ desk }: SessionUnderTest) {
  return new Promise<Parameters<Parameters<typeof desk.subscribe>[0]>[0]>((resolve) => {
    const stop = desk.subscribe((held) => {
      stop()
      resolve(held)
    })
  })
}
const turn = () => new Promise((done) => setTimeout(done, 5))
const texts = ({ client }: SessionUnderTest) => client.shown.map(({ text }) => text).join('')

function finish(it: SessionUnderTest): void {
  it.upstream.stdout.end()
  it.upstream.stderr.end()
  it.client.input.end()
}

describe('runExec()', () => {
  it('runs what is allowed, shows both streams and gives the status', async () => {
    const it = await start(ALLOW)
    const exit = runExec(it.live, 'ls -l')
    it.upstream.stdout.give('out')
    it.upstream.stderr.give('err')
    it.upstream.exit = { kind: 'status', status: 4 }
    finish(it)
    expect(await exit).toEqual({ kind: 'status', status: 4 })
    expect(it.upstream.ran.map(({ text }) => text)).toEqual(['ls -l'])
    expect(new Set(it.client.shown)).toEqual(
      new Set([
        { stream: 'stdout', text: 'out' },
        { stream: 'stderr', text: 'err' },
      ]),
    )
  })

  it('runs nothing that is denied', async () => {
    const it = await start(DENY)
    expect(await runExec(it.live, 'rm x')).toEqual({ kind: 'status', status: 77 })
    expect(it.upstream.ran).toEqual([])
    expect(texts(it)).toContain('not run: not here')
  })

  it('waits for a reviewer, and then runs exactly what was held, once', async () => {
    const it = await start(hold())
    const exit = runExec(it.live, 'rm -rf /srv/old')
    const held = await nextHold(it)
    await turn()
    expect(it.upstream.ran).toEqual([])
    await it.desk.decide(held.id, bob, approve)
    finish(it)
    expect(await exit).toEqual({ kind: 'status', status: 0 })
    expect(it.upstream.ran.map(({ text, hold: id }) => ({ text, id }))).toEqual([
      { text: 'rm -rf /srv/old', id: held.id },
    ])
    expect((await it.desk.find(held.id)).state.kind).toBe('done')
  })

  it('runs nothing that is rejected', async () => {
    const it = await start(hold())
    const exit = runExec(it.live, 'rm x')
    const held = await nextHold(it)
    await it.desk.decide(held.id, bob, reject)
    expect(await exit).toEqual({ kind: 'status', status: 77 })
    expect(it.upstream.ran).toEqual([])
  })

  it('takes the request back when the session ends', async () => {
    const it = await start(hold())
    const exit = runExec(it.live, 'rm x')
    const held = await nextHold(it)
    it.ended.abort()
    expect(await exit).toEqual({ kind: 'status', status: 130 })
    expect((await it.desk.find(held.id)).state.kind).toBe('withdrawn')
  })

  it('takes the request back at Ctrl-C on a terminal, and only there', async () => {
    const terminal = await start(hold(), { hasPty: true })
    const exit = runExec(terminal.live, 'rm x')
    const held = await nextHold(terminal)
    await turn()
    terminal.client.input.give('\u0003')
    expect(await exit).toEqual({ kind: 'status', status: 130 })
    expect((await terminal.desk.find(held.id)).state.kind).toBe('withdrawn')

    const pipe = await start(hold())
    void runExec(pipe.live, 'rm x')
    const other = await nextHold(pipe)
    pipe.client.input.give('\u0003')
    await turn()
    expect((await pipe.desk.find(other.id)).state.kind).toBe('pending')
  })

  it('fault 32: nothing typed early reaches the target before the verdict, and all of it after, in order', async () => {
    const it = await start(hold())
    const exit = runExec(it.live, 'cat')
    const held = await nextHold(it)
    for (const text of ['1', '2', '3']) it.client.input.give(text)
    await turn()
    expect(it.upstream.typed).toEqual([])
    // Typed while the early pieces go out, slowly: it must come after them.
    it.upstream.onWrite = () => turn().then(() => {})
    it.upstream.onExec = () => setTimeout(() => it.client.input.give('4'), 2)
    await it.desk.decide(held.id, bob, approve)
    while (!it.upstream.typed.includes('4')) await turn()
    it.client.input.give('5')
    finish(it)
    await exit
    while (!it.upstream.typed.includes('EOF')) await turn()
    expect(it.upstream.typed).toEqual(['1', '2', '3', '4', '5', 'EOF'])
  })

  it('settles an approved command as unknown when the target breaks', async () => {
    const it = await start(hold())
    it.upstream.onExec = () => {
      throw STORAGE_FULL
    }
    const exit = runExec(it.live, 'rm x')
    const refused = expect(exit).rejects.toBe(STORAGE_FULL)
    const held = await nextHold(it)
    await it.desk.decide(held.id, bob, approve)
    await refused
    expect((await it.desk.find(held.id)).state.kind).toBe('unknown')
  })

  it.each([
    'scp -t /tmp',
    'scp -r -p -t -- /tmp',
    '/usr/bin/scp -f x',
    'scp -prt /tmp',
    '/usr/lib/openssh/sftp-server',
    'internal-sftp',
    '  scp -v -f x',
  ])('fault 27: “%s” is refused, whatever the policy says', async (command) => {
    const it = await start(ALLOW)
    expect(await runExec(it.live, command)).toEqual({ kind: 'status', status: 77 })
    expect(it.upstream.ran).toEqual([])
    expect(texts(it)).toContain('copying files has no gate yet')
  })

  it.each(['scp -C file host:', 'scp -o StrictHostKeyChecking=no a b:', 'scpx -t', 'echo scp -t'])(
    '“%s” is the policy’s to judge',
    async (command) => {
      const it = await start(ALLOW)
      finish(it)
      await runExec(it.live, command)
      expect(it.upstream.ran).toHaveLength(1)
    },
  )
})

describe('Checkpoint: whatever breaks is a refusal', () => {
  it('every failing append of the audit log, from the hold to the release', async () => {
    for (let fails = 1; fails <= 3; fails++) {
      const store = withAudit(temporary.store, (append) => {
        if (append === fails) throw STORAGE_FULL
      })
      const it = await start(hold(), { store })
      void nextHold(it).then((held) => it.desk.decide(held.id, bob, approve).catch(() => {}))
      const outcome = await it.live.checkpoint.pass({ kind: 'exec', text: 'rm x', assurance: 'exact' }, it.ended.signal)
      expect(outcome).toMatchObject({ kind: 'refused', how: 'broken' })
      expect(await store.holds.list({ state: 'approved', limit: 10 })).toEqual([])
    }
  })

  it('a recording that fails: the request is taken back', async () => {
    const it = await start(hold(), {
      beforeAppend: (append) => {
        if (append > 1) throw STORAGE_FULL
      },
    })
    const outcome = await it.live.checkpoint.pass({ kind: 'exec', text: 'rm x', assurance: 'exact' }, it.ended.signal)
    expect(outcome.kind).toBe('refused')
  })

  it('a policy that throws', async () => {
    const it = await start(ALLOW, {
      verdict: () => {
        throw new Error('secret detail')
      },
    })
    const outcome = await it.live.checkpoint.pass({ kind: 'exec', text: 'ls', assurance: 'exact' }, it.ended.signal)
    expect(outcome).toMatchObject({ kind: 'refused', how: 'broken' })
    expect(JSON.stringify(outcome)).not.toContain('secret detail')
  })

  it('a client that is gone at the moment of the approval: it does not run', async () => {
    let it: SessionUnderTest | undefined
    // The second write is the notice of the approval.
    const client = fakeClient((write) => {
      if (write === 2) it?.ended.abort()
    })
    it = await start(hold(), { client })
    const held = nextHold(it)
    void held.then(({ id }) => it?.desk.decide(id, bob, approve))
    const outcome = await it.live.checkpoint.pass({ kind: 'exec', text: 'rm x', assurance: 'exact' }, it.ended.signal)
    expect(outcome.kind).toBe('refused')
    expect((await it.desk.find((await held).id)).state).toMatchObject({
      kind: 'revoked',
      reason: 'the one who asked is gone',
    })
  })

  it('tells how many wait', async () => {
    const it = await start(hold())
    const counts: number[] = []
    it.live.onWaiting = (waiting) => counts.push(waiting)
    const outcome = it.live.checkpoint.pass({ kind: 'exec', text: 'rm x', assurance: 'exact' }, it.ended.signal)
    await nextHold(it)
    await turn()
    it.live.checkpoint.withdraw('enough')
    expect(await outcome).toMatchObject({ how: 'withdrawn' })
    expect(counts).toEqual([1, 0])
    expect(it.live.checkpoint.isWaiting).toBe(false)
  })
})

describe('Registry', () => {
  const entry = async (end: () => Promise<void> = async () => {}) => {
    const { live } = await start(ALLOW)
    return {
      record: live.context.record,
      keyBinding: undefined,
      screen: () => [],
      ungated: () => undefined,
      reconsider() {},
      end,
    }
  }

  it('knows who is live, and tells of changes', async () => {
    const registry = new Registry()
    let changes = 0
    const stop = registry.subscribe(() => void changes++)
    const one = await entry()
    const leave = registry.add(one)
    expect(registry.find(one.record.id)).toBe(one)
    expect(registry.list()).toEqual([one])
    leave()
    stop()
    registry.add(one)()
    expect(registry.list()).toEqual([])
    expect(changes).toBe(2)
  })

  it('ends whom it is told to, though one of them fails', async () => {
    const registry = new Registry()
    const ended: string[] = []
    registry.add(await entry(() => Promise.reject(new Error('stuck'))))
    registry.add(await entry(async () => void ended.push('second')))
    expect(await registry.endWhere(() => true, 'over')).toBe(2)
    expect(ended).toEqual(['second'])
    expect(await registry.endWhere(() => false, 'over')).toBe(0)
  })
})
