/**
 * Runs bash scripts where they can harm nothing: namespaces of their own for mounts, processes and network, a throwaway
 * root on tmpfs with /usr read-only, no rights. Every command they start logs its words and does nothing else, but for a
 * few wrappers (`env`, `xargs`, `find` …) that log and then are the real ones.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

/** The words of one command that was started. */
export type Started = readonly string[]

const COMMANDS = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'x', 'y']
const WRAPPERS = [
  'env',
  'nice',
  'timeout',
  'nohup',
  'setsid',
  'stdbuf',
  'xargs',
  'find',
  'bash',
  'sh',
  'busybox',
  'cat',
  'sleep',
  'flock',
  'ionice',
  'chrt',
  'awk',
  'sed',
]

/** In the log: after each word, after each record, after each script. The generator makes none of them. */
const WORD_END = '\x01'
const RECORD = '\x02'
const SCRIPT = '\x03'

/** /bin/sh starts faster than bash, and writes a record in one piece. */
const LOG = `printf '%s${WORD_END}' "\${0##*/}" "$@" '${RECORD}' >>/tmp/log`

const ENTER = `set -e
root=$1 share=$2
mount -t tmpfs -o size=256m tmpfs "$root"
mkdir -p "$root"/usr "$root"/etc "$root"/dev "$root"/proc "$root"/tmp "$root"/share
chmod 1777 "$root"/tmp
mount --bind /usr "$root"/usr
mount -o remount,bind,ro "$root"/usr
for each in bin sbin lib lib64; do
  if [ -L /$each ]; then ln -s usr/$each "$root"/$each; else mkdir -p "$root"/$each; mount --bind /$each "$root"/$each; mount -o remount,bind,ro "$root"/$each; fi
done
touch "$root"/dev/null; mount --bind /dev/null "$root"/dev/null
mount -t proc proc "$root"/proc
ln -s /proc/self/fd "$root"/dev/fd
mount --bind "$share" "$root"/share
chmod 755 "$root" "$share"
ln -s share/names "$root"/names
touch "$share"/log; chmod 666 "$share"/log
exec chroot "$root" /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs /usr/bin/env -i PATH=/names HOME=/tmp \\
  FUNCNEST=20 TMPDIR=/tmp "BASH_FUNC_command_not_found_handle%%=$(cat "$share"/not-found)" /usr/bin/bash --norc --noprofile /share/drive
`

/** Logs what bash finds nowhere. A newline in a word is \\x1c, because bash writes out at each. */
const NOT_FOUND = `() { local record nl=$'\\n' gs=$'\\x1c'; printf -v record '%s${WORD_END}' "$@" '${RECORD}'; printf %s "\${record//$nl/$gs}" >>/tmp/log; return 127; }`

/**
 * Process 1 of the namespace, already without rights: its `kill -1` reaches all that a script left behind and nothing else,
 * and nothing there can kill it. A turn starts one process besides what the script starts, since ten thousand are to run
 * in a minute or two. All of them hold descriptor 9, so that its end says that they are done; it is waited for at most
 * 0.16 s after the script itself, and 10 s for the script.
 */
const DRIVE = `
ulimit -u 400 -v 2000000 -f 10000
exec 2>/dev/null </dev/null
shopt -s nullglob dotglob
: >/tmp/log
/usr/bin/mkdir /tmp/here; cd /tmp/here
for script in /share/*.script; do
  IFS= read -r -d '' text <"$script"
  exec {done}< <(exec /usr/bin/bash --norc --noprofile -c "$text" 9>&1 >/dev/null 2>&1)
  main=$! late=0
  for ((waited = 0; waited < 125 && late < 2; waited++)); do
    read -r -t 0.08 -n 1 -u $done
    [ $? -gt 128 ] || break
    [ -e /proc/$main/exe ] || late=$((late + 1))
  done
  kill -9 -1
  exec {done}<&-
  wait
  printf '${SCRIPT}' >>/tmp/log
  left=(/tmp/here/*)
  if [ \${#left[@]} -gt 0 ]; then cd /; /usr/bin/rm -rf /tmp/here; /usr/bin/mkdir /tmp/here; cd /tmp/here; fi
done
printf %s "$(</tmp/log)" >/share/log
`

/** Says why scripts cannot be run here, or undefined when they can. */
export function sandboxProblem(): string | undefined {
  const tried = spawnSync('unshare', [...NAMESPACES, 'true'], { encoding: 'utf8' })
  if (tried.error !== undefined) return 'unshare is not installed'
  return tried.status === 0 ? undefined : `unshare is refused: ${tried.stderr.trim()}`
}

const NAMESPACES = [
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  '--mount',
  '--net',
  '--ipc',
  '--uts',
  '--pid',
  '--fork',
  '--kill-child',
]

/** Runs each script once, in as many sandboxes as there are processors; returns what each of them started. */
export async function runScripts(scripts: readonly string[]): Promise<readonly (readonly Started[])[]> {
  const share = Math.max(1, Math.ceil(scripts.length / availableParallelism()))
  const parts: Promise<readonly (readonly Started[])[]>[] = []
  for (let from = 0; from < scripts.length; from += share) parts.push(runPart(scripts.slice(from, from + share)))
  return (await Promise.all(parts)).flat()
}

async function runPart(scripts: readonly string[]): Promise<readonly (readonly Started[])[]> {
  const share = mkdtempSync(join(tmpdir(), 'sallyport-differential-'))
  const root = mkdtempSync(join(tmpdir(), 'sallyport-root-'))
  try {
    writeFileSync(join(share, 'enter'), ENTER)
    writeFileSync(join(share, 'drive'), DRIVE)
    writeFileSync(join(share, 'not-found'), NOT_FOUND)
    mkdirSync(join(share, 'names'))
    const command = (name: string, text: string) => writeFileSync(join(share, 'names', name), text, { mode: 0o755 })
    for (const name of COMMANDS) command(name, `#!/bin/sh\n${LOG}\n`)
    for (const name of WRAPPERS) command(name, `#!/bin/sh\n${LOG}\nexec ${programOf(name)} "$@"\n`)
    for (const [at, script] of scripts.entries())
      writeFileSync(join(share, `${String(at).padStart(6, '0')}.script`), script)
    const sandbox = spawn('unshare', [...NAMESPACES, 'bash', join(share, 'enter'), root, share], { stdio: 'ignore' })
    const [status] = await once(sandbox, 'exit')
    if (status !== 0) throw new Error(`the sandbox ended with ${status}`)
    const logs = readFileSync(join(share, 'log'), 'utf8').split(SCRIPT)
    if (logs.length !== scripts.length + 1) throw new Error(`${scripts.length} scripts, and ${logs.length - 1} ended`)
    return scripts.map((_, at) => parseLog(logs[at] ?? ''))
  } finally {
    rmSync(share, { recursive: true, force: true })
    rmSync(root, { recursive: true, force: true })
  }
}

/** The program itself: there is no /etc/alternatives in the sandbox. */
function programOf(name: string): string {
  const path = `/usr/bin/${name}`
  return existsSync(path) ? realpathSync(path) : path
}

/** A record cut short by the kill at the end has no mark, and is left out. */
function parseLog(log: string): readonly Started[] {
  return log
    .split(`${RECORD}${WORD_END}`)
    .slice(0, -1)
    .map((record) => record.replaceAll('\x1c', '\n').split(WORD_END).slice(0, -1))
}
