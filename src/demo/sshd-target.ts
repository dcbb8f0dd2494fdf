/**
 * A demo target on a real `sshd`, in namespaces of its own: its own host name, processes, /home, /srv, /tmp and accounts,
 * so that `rm -rf /srv/data/old` in the demo removes the demo's folder and nothing of the machine's. Needs root, the
 * Debian package openssh-server and the kernel's leave to make namespaces; `canRunSshd` tells.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { BastionError } from '../core/errors.ts'

const SSHD = '/usr/sbin/sshd'

export interface DemoTarget {
  readonly port: number
  /** `type base64`, to be pinned. */
  readonly hostKey: string
  /** What runs, for the demo to say. */
  readonly kind: 'sshd' | 'built-in'
  close(): Promise<void>
}

export interface DemoTargetOptions {
  readonly name: string
  /** Its files: keys, configuration, log. */
  readonly folder: string
  /** The accounts and the login shell of each. */
  readonly logins: readonly { readonly name: string; readonly shell: string }[]
  /** An authorized_keys line, for each account. */
  readonly authorizedKey: string
  /** Further lines of sshd_config, for tests. */
  readonly sshdConfig?: readonly string[]
  /** Further commands of the script that sets the target up, run as root before sshd, for tests. */
  readonly setup?: readonly string[]
}

/** Reports whether a real sshd can be started here in namespaces of its own. */
export function canRunSshd(): boolean {
  if (process.getuid?.() !== 0 || !existsSync(SSHD)) return false
  return spawnSync('unshare', ['--mount', '--uts', '--pid', '--fork', '--mount-proc', 'true']).status === 0
}

export async function startSshdTarget(options: DemoTargetOptions): Promise<DemoTarget> {
  const { folder, name } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const hostKeyFile = join(folder, 'host_key')
  if (!existsSync(hostKeyFile)) {
    const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', hostKeyFile])
    if (made.status !== 0)
      throw new BastionError(
        'unavailable',
        `ssh-keygen could not make a host key for ${name}.`,
        new Error(String(made.stderr)),
      )
  }
  await chmod(hostKeyFile, 0o600)
  const [type, base64] = (await readFile(`${hostKeyFile}.pub`, 'utf8')).split(' ')
  const port = await freePort()
  await writeFile(join(folder, 'authorized_keys'), `${options.authorizedKey}\n`)
  await writeFile(join(folder, 'sshd_config'), sshdConfig(port, options))
  await writeFile(join(folder, 'setup.sh'), setupScript(options))
  // However this process ends, the target ends with it (setpriv(1), prctl(2) PR_SET_PDEATHSIG).
  const child = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['sh', join(folder, 'setup.sh')],
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      // The target's own environment, not the demo's: what is set here would reach every session.
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
    },
  )
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => {
    errors = (errors + bytes.toString()).slice(-4000)
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await untilListening(port, exited).catch((error) => {
    throw new BastionError('unavailable', `sshd for ${name} did not start.`, new Error(errors, { cause: error }))
  })
  return { port, hostKey: `${type} ${base64}`, kind: 'sshd', close: () => stop(child, exited) }
}

function sshdConfig(port: number, { logins, sshdConfig: more = [] }: DemoTargetOptions): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'HostKey /run/sallyport/host_key',
    'AuthorizedKeysFile /run/sallyport/authorized_keys',
    'PidFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'PrintMotd no',
    'PrintLastLog no',
    'AcceptEnv LANG LC_* COLORTERM NO_COLOR TZ',
    'MaxStartups 200',
    'MaxSessions 50',
    `AllowUsers ${logins.map((login) => login.name).join(' ')}`,
    ...more,
    '',
  ].join('\n')
}

/** Runs as root inside the new namespaces and becomes sshd. */
function setupScript({ name, folder, logins, setup = [] }: DemoTargetOptions): string {
  const accounts = logins.map(({ name: login, shell }, index) => ({ login, shell, id: 2001 + index }))
  return `set -e
mount --make-rprivate /
hostname ${quote(name)}
mount -t tmpfs -o mode=755 none /run
mkdir -p /run/sshd /run/sallyport
cp ${['host_key', 'authorized_keys', 'sshd_config'].map((file) => quote(join(folder, file))).join(' ')} /run/sallyport
chmod 755 /run/sallyport; chmod 644 /run/sallyport/authorized_keys
cp /etc/passwd /run/sallyport/passwd
cp /etc/group /run/sallyport/group
cp /etc/shadow /run/sallyport/shadow
mount -t tmpfs -o mode=755 none /home
mount -t tmpfs -o mode=755 none /srv
mount -t tmpfs -o mode=1777 none /tmp
${accounts
  .map(
    ({ login, shell, id }) => `sed -i '/^${login}:/d' /run/sallyport/passwd /run/sallyport/group /run/sallyport/shadow
echo '${login}:x:${id}:${id}:${login}:/home/${login}:${shell}' >> /run/sallyport/passwd
echo '${login}:x:${id}:' >> /run/sallyport/group
echo '${login}:*:19000:0:99999:7:::' >> /run/sallyport/shadow
mkdir -p /home/${login}
cp /etc/skel/.bashrc /etc/skel/.profile /home/${login} 2>/dev/null || true
chown -R ${id}:${id} /home/${login}`,
  )
  .join('\n')}
mount --bind /run/sallyport/passwd /etc/passwd
mount --bind /run/sallyport/group /etc/group
mount --bind /run/sallyport/shadow /etc/shadow
mkdir -p /srv/data/old /srv/data/reports
echo 'id,amount' > /srv/data/reports/2026-q3.csv
echo 'stale' > /srv/data/old/export.csv
chown -R ${accounts[0]!.id}:${accounts[0]!.id} /srv/data
${setup.join('\n')}
exec ${SSHD} -D -e -f /run/sallyport/sshd_config
`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Asks the system for a port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string')
    throw new BastionError('unavailable', 'No free port could be found.')
  return address.port
}

const START_LIMIT_MS = 20_000

async function untilListening(port: number, exited: Promise<void>): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS
  let hasExited = false
  void exited.then(() => {
    hasExited = true
  })
  while (!hasExited && Date.now() < deadline) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not listen in time')
}

/** `--kill-child` ends everything in the target's process namespace with the `unshare` that made it. */
async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await exited
}
