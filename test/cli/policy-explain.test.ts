import { afterAll, describe, expect, it } from 'vitest'
import { openTerminal } from '../support/terminal.ts'
import { folderOf, MAIN, sallyport } from './sallyport.ts'

const explain = (...args: readonly string[]) => sallyport(['policy', 'explain', ...args])
const json = (...args: readonly string[]) => JSON.parse(explain(...args, '--json').stdout)
const alice = ['--as', 'alice', '--on', 'web-1'] as const

const files = folderOf({
  'broken.yaml': 'version: 1\nroles:\n  a: { groups: [x] }\nrules:\n  - name: r\n    who: [b]\n    then: alow\n',
  'people.yaml': 'people:\n  zoe: { groups: [sre] }\ntargets:\n  db-9: { labels: { env: prod }, logins: [postgres] }\n',
  'sallyport.yaml':
    'identity: { issuer: "https://id.example.com", client-id: x }\npolicy: strict.yaml\ntargets:\n  app-1: { host: 192.0.2.1, logins: [app], labels: { env: prod }, credential: c }\n',
  'strict.yaml':
    'version: 1\nroles:\n  dev: { groups: [developers] }\nrules:\n  - name: nothing\n    who: [dev]\n    then: { deny: "not here" }\n',
})
afterAll(() => files.remove())

describe('sallyport policy explain', () => {
  it('knows the commands of the catalogue that the configuration names', () => {
    const own = folderOf({
      'sallyport.yaml':
        'identity: { issuer: "https://id.example.com", client-id: x }\npolicy: p.yaml\ncatalogue: own.yaml\ntargets: {}\n',
      'own.yaml':
        'name: ours\ncommands:\n  deployctl: { effects: read, subcommands: { roll-out: [write, unit], status: read } }\n  rm: read\n',
      'p.yaml':
        'version: 1\nroles:\n  dev: { groups: [developers] }\nrules:\n  - name: r\n    who: [dev]\n    then: allow\n',
      'people.yaml':
        'people:\n  zoe: { groups: [developers] }\ntargets:\n  app-1: { labels: { env: prod }, logins: [app] }\n',
    })
    try {
      const told = (text: string) =>
        sallyport(['policy', 'explain', text, '--as', 'zoe', '--on', 'app-1', '--people', 'people.yaml', '--json'], {
          cwd: own.path,
        })
      expect(JSON.parse(told('deployctl roll-out web').stdout)).toMatchObject({
        effects: ['write'],
        commands: [{ objects: [{ kind: 'unit', value: 'web' }] }],
      })
      expect(JSON.parse(told('rm x').stdout).effects).toEqual(['read'])
      expect(JSON.parse(told('ls').stdout).effects).toEqual(['read'])
    } finally {
      own.remove()
    }
  })

  it('works in a fresh checkout, with the people and targets of the demo', () => {
    const { status, stdout, stderr } = explain('rm -rf /srv', ...alice)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('   │ rm -rf /srv\n   │ ^^^^^^^^^^^ destroy: /srv\n   │ = because: rm')
    expect(stdout).toMatch(/^hold: “ask before change”\n {2}--> policies\/default\.yaml:\d+$/m)
    expect(stdout).toContain('1 approval by sre within 15m')
    expect(stdout).toContain('may approve: bob, erin; never alice')
    expect(stdout).toContain('when.effects.only wants [read], and there is destroy')
  })

  it('points at each simple command of a text, nested ones too', () => {
    const { stdout } = explain('sudo ls | xargs rm', ...alice)
    const marks = stdout.split('\n').filter((line) => line.includes('^'))
    expect(marks.map((line) => line.replace(/(\^) .*/, '$1'))).toEqual([
      '   │ ^^^^^^^',
      '   │      ^^',
      '   │           ^^^^^^^^',
      '   │                 ^^',
    ])
  })

  it('prints for programs what it promised them', () => {
    const data = json('cd /srv && rm -rf old', ...alice)
    expect(data).toMatchObject({ verdict: 'hold', rule: 'ask before change' })
    expect(data.effects.toSorted()).toEqual(['destroy', 'read'])
    expect(data.commands.map(({ text, effects }: { text: string; effects: string[] }) => [text, effects])).toEqual([
      ['cd /srv', ['read']],
      ['rm -rf old', ['destroy']],
    ])
    expect(data.commands[0].objects).toEqual([{ kind: 'path', value: '/srv' }])
  })

  it.each([
    [['uptime', ...alice], 'allow', 'read freely'],
    [['uptime', ...alice, '--kind', 'line'], 'hold', 'ask before change'],
    [['uptime', ...alice, '--kind', 'step'], 'allow', 'read freely'],
    [['for i in a b', ...alice, '--kind', 'step'], 'allow', 'read freely'],
    [[...alice], 'allow', 'open a shell'],
    [['--kind', 'shell', '--as', 'carol', '--on', 'web-1'], 'deny', 'no-rule-matched'],
    [['touch x', '--as', 'dave', '--on', 'deploy@web-2'], 'allow', 'work in staging'],
    [
      ['touch x', '--as', 'zoe', '--groups', 'sre,other', '--on', 'new-1', '--label', 'env=staging'],
      'allow',
      'work in staging',
    ],
    [
      ['touch x', '--as', 'zoe', '--groups', 'sre', '--on', 'web-2', '--label', 'env=prod'],
      'hold',
      'ask before change',
    ],
    [['touch x', '--as', 'zoe', '--groups', 'nobody', '--on', 'web-1'], 'deny', 'no-rule-matched'],
    [['ls', '--as', 'zoe', '--on', 'db-9', '--people', `${files.path}/people.yaml`], 'allow', 'read freely'],
    [['', ...alice], 'allow', 'read freely'],
  ] as const)('%j', (args, verdict, rule) => {
    expect(json(...args)).toMatchObject({ verdict, rule })
  })

  it('says who may not approve when nobody who is known may', () => {
    const { stdout } = explain('rm x', '--as', 'bob', '--on', 'web-1')
    expect(stdout).toContain('may approve: erin; never bob')
  })

  it('tells what the gate itself refuses, whatever the policy says', () => {
    expect(json('trap - DEBUG', ...alice, '--kind', 'step').invariant).toEqual(expect.any(String))
    expect(json('ls', ...alice, '--kind', 'step').invariant).toBeNull()
  })

  it('takes policy and targets of a configuration, also of one that lies in the working folder', () => {
    const given = sallyport(
      ['policy', 'explain', 'ls', '--as', 'x', '--groups', 'developers', '--on', 'app-1', '--json'],
      {
        cwd: files.path,
      },
    )
    expect(JSON.parse(given.stdout)).toMatchObject({
      verdict: 'deny',
      rule: 'nothing',
      file: 'strict.yaml',
      login: 'app',
    })
    const demo = sallyport(['policy', 'explain', 'ls', ...alice, '-c', `${files.path}/sallyport.yaml`])
    expect(demo).toMatchObject({ status: 1, stdout: '' })
    expect(demo.stderr).toContain('Nobody here is called alice')
  })

  it.each([
    [['ls', '--as', 'zed', '--on', 'web-1'], 1, 'Nobody here is called zed'],
    [['ls', '--as', 'alice', '--on', 'web-9'], 1, 'There is no target web-9'],
    [['ls', ...alice, '--login', 'root'], 1, 'The account root is not offered on web-1'],
    [['ls', ...alice, '--kind', 'shell'], 1, 'Opening a shell runs no command'],
    [[...alice, '--kind', 'exec'], 1, 'no command to explain'],
    [['ls', ...alice, '-c', '/nowhere.yaml'], 1, '/nowhere.yaml:0:0'],
    [['ls', ...alice, '--policy', '/nowhere.yaml'], 1, 'cannot be read'],
    [['ls', ...alice, '--policy', `${files.path}/broken.yaml`], 1, 'broken.yaml:6:'],
    [['ls', ...alice, '--people', `${files.path}/broken.yaml`], 1, 'The people file cannot be used'],
    [['ls', '--on', 'web-1'], 2, '--as'],
    [['ls', ...alice, '--kind', 'guess'], 2, 'exec, shell, step, line'],
    [['ls', ...alice, '--label', 'prod'], 2, 'name=value'],
    [['ls', ...alice, '--at', 'noon'], 2, '2025-03-31T09:00Z'],
    [['ls', ...alice, '--from', 'home'], 2, 'no IP address'],
    [['ls', 'extra', ...alice], 2, 'too many arguments'],
  ] as const)('refuses %j with exit code %i', (args, status, sentence) => {
    const run = explain(...args)
    expect(run).toMatchObject({ status, stdout: '' })
    expect(run.stderr).toContain(sentence)
  })

  it('shows what a terminal would obey or hide', () => {
    const { stdout } = explain('echo \u001b[2J\u202e; ls', ...alice)
    expect(stdout).toContain('echo ␛[2J⟨202e⟩; ls')
    expect(
      [...stdout].filter((character) => /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(character)),
    ).toEqual([])
  })

  it('has colour on a terminal, and not where NO_COLOR is set or there is none', async () => {
    const args = [MAIN, 'policy', 'explain', 'rm x', ...alice]
    const raw = async (env: Record<string, string>) => {
      const terminal = openTerminal(process.execPath, args, { env })
      expect(await terminal.exited).toBe(0)
      return terminal.raw()
    }
    expect(await raw({})).toContain('\u001b[31m')
    expect(await raw({ NO_COLOR: '1' })).not.toContain('\u001b[')
    expect(sallyport(args.slice(1), { env: { TERM: 'xterm-256color' } }).stdout).not.toContain('\u001b[')
  })
})
