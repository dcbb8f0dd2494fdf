import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { check as findingsOf } from '../../src/check.ts'
import { folderOf, REPOSITORY, sallyport } from './sallyport.ts'

const POLICY = readFileSync(join(REPOSITORY, 'policies/default.yaml'), 'utf8')
const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBXqOSxvsTLF+ycwQdCqnZRNyKkmh5a6A5EGw0DNLm1E'

const config = (more = '', target = `host-keys: ["${HOST_KEY}"]`) => `
identity: { issuer: "https://id.example.com", client-id: sallyport, client-secret: { env: SECRET } }
policy: policy.yaml
${more}
targets:
  web-1: { host: 10.0.0.11, logins: [deploy], credential: web-1, ${target} }
`
const KEY = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')

function check(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const folder = folderOf({ 'policy.yaml': POLICY, ...files })
  try {
    const run = (...args: string[]) =>
      sallyport(args, { cwd: folder.path, env: { SALLYPORT_VAULT_KEY: KEY, SECRET: 'x', ...env } })
    return {
      put: run('vault', 'put', 'web-1', '-f', 'key', '-c', 'sallyport.yaml'),
      check: run('check', '-c', 'sallyport.yaml'),
      json: run('--json', 'check', '-c', 'sallyport.yaml'),
    }
  } finally {
    folder.remove()
  }
}

describe('sallyport check', () => {
  it('is content with a configuration that would work', () => {
    const { put, check: checked } = check({ 'sallyport.yaml': config(), key: 'a private key' })
    expect(put.stderr).toBe('')
    expect(checked).toMatchObject({ status: 0, stdout: 'sallyport.yaml is good.\n' })
  })

  it('tells every mistake of the file at once, with line, column and suggestion', () => {
    const { check: checked, json } = check({
      'sallyport.yaml': config('shh: {}\nkey-binding: soon\nssh: { listen: "127.0.0.1:99999" }'),
    })
    expect(checked.status).toBe(1)
    expect(checked.stdout).toMatch(/sallyport\.yaml:4:1: .*did you mean “ssh”/)
    expect(checked.stdout).toMatch(/sallyport\.yaml:5:\d+: .*length of time/)
    expect(checked.stdout).toMatch(/sallyport\.yaml:6:\d+: /)
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false })
  })

  it('tells what the file names and is not there: secret, vault entry, host key', () => {
    const { check: checked } = check({ 'sallyport.yaml': config('', 'host-keys: []') }, { SECRET: '' })
    expect(checked.status).toBe(1)
    expect(checked.stdout).toContain('The environment variable SECRET')
    expect(checked.stdout).toContain('The vault has no “web-1”')
    expect(checked.stdout).toContain('No host key is pinned for web-1')
  })

  it('tells of a rule that wants passkeys where browsers would use none', async () => {
    const policy = POLICY.replace('        approvals: 1\n', '        approvals: 1\n        sign: passkey\n')
    const told = async (web: string) => {
      const folder = folderOf({ 'policy.yaml': policy, 'sallyport.yaml': config(web) })
      try {
        const findings = await findingsOf(join(folder.path, 'sallyport.yaml'), {
          SALLYPORT_VAULT_KEY: KEY,
          SECRET: 'x',
        })
        return findings.filter(({ message }) => message.includes('passkey'))
      } finally {
        folder.remove()
      }
    }
    for (const url of ['', 'web: { url: "http://192.0.2.7:8080" }', 'web: { url: "http://bastion.example" }']) {
      expect(await told(url)).toMatchObject([
        { message: expect.stringContaining('Nobody can approve what “ask before') },
      ])
    }
    expect(await told('web: { url: "https://bastion.example" }')).toEqual([])
  })

  it('tells the mistakes of a catalogue of one’s own with their place in it', () => {
    const wrong = 'name: ours\ncommands:\n  deployctl:\n    effects: reed\n    options:\n      "-f=": { add: read }\n'
    const { check: checked } = check({ 'sallyport.yaml': config('catalogue: own.yaml'), 'own.yaml': wrong })
    expect(checked.status).toBe(1)
    expect(checked.stdout).toMatch(/own\.yaml:4:5: commands\.deployctl\.effects: "reed" must be effects/)
    expect(checked.stdout).toMatch(/own\.yaml:6:16: commands\.deployctl\.options\.-f=\.add: is not known here/)
    const missing = check({ 'sallyport.yaml': config('catalogue: none.yaml') }).check
    expect(missing.stdout).toContain('none.yaml: The catalogue file cannot be read.')
    const torn = check({ 'sallyport.yaml': config('catalogue: own.yaml'), 'own.yaml': 'name: [' }).check
    expect(torn.stdout).toMatch(/own\.yaml:1:\d+: /)
  })

  it('tells the mistakes of the policy with their place in it', () => {
    const { check: checked } = check({
      'sallyport.yaml': config(),
      'policy.yaml': POLICY.replace('who: [engineer, sre]', 'whom: [engineer]'),
    })
    expect(checked.status).toBe(1)
    expect(checked.stdout).toMatch(/policy\.yaml:\d+:\d+: .*whom/)
  })
})
