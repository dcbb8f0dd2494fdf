/**
 * Runs bash scripts where they can harm nothing: namespaces of their own for mounts, processes and network, a throwaway
 * root on tmpfs with /usr read-only, no rights. Every command they start logs its words and does nothing else, but for a
 * few wrappers (`env`, `xargs`, `find` …) that log and then are the real ones.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
]

const ENTER = `set -e
root=$1 share=$2
mount -t tmpfs -o size=256m tmpfs "$root"
mkdir -p "$root"/usr "$root"/etc "$root"/dev "$root"/proc "$root"/tmp "$root"/share "$root"/names
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
exec chroot "$root" /usr/bin/bash /share/drive
`

const DRIVE = `
say='printf -v record "%s\\x01" "\${0##*/}" "$@"; record=\${record//$nl/$etx}; printf "%s\\x02\\n" "$record" >>/tmp/log'
say="nl=$'\\\\n' etx=$'\\\\x1c'; $say"
for name in ${COMMANDS.join(' ')}; do printf '#!/usr/bin/bash\\n%s\\n' "$say" >/names/$name; done
for name in ${WRAPPERS.join(' ')}; do
  [ -x /usr/bin/$name ] && printf '#!/usr/bin/bash\\n%s\\nexec /usr/bin/%s "$@"\\n' "$say" "$name" >/names/$name
done
chmod 755 /names/*
ulimit -u 400 -v 2000000 -f 10000
exec 2>/dev/null </dev/null
for script in /share/*.sh; do
  : >/tmp/log; chmod 666 /tmp/log
  mkdir /tmp/here; chmod 777 /tmp/here; cd /tmp/here
  IFS= read -r -d '' text </share/"\${script##*/}"
  /usr/bin/timeout -s KILL 10 /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs \\
    /usr/bin/env -i PATH=/names HOME=/tmp FUNCNEST=20 TMPDIR=/tmp 'BASH_FUNC_command_not_found_handle%%=() { local record nl=$'"'"'\\n'"'"' etx=$'"'"'\\x1c'"'"'; printf -v record "%s\\x01" "$@"; record=\${record//$nl/$etx}; printf "%s\\x02\\n" "$record" >>/tmp/log; return 127; }' \\
    /usr/bin/bash --norc --noprofile -c "$text" >/dev/null 2>&1 </dev/null
  for wait in 1 2 3 4 5 6 7 8; do /usr/bin/pgrep -u 65534 >/dev/null || break; /usr/bin/sleep 0.02; done
  /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups /usr/bin/kill -9 -1 2>/dev/null
  cd /; /usr/bin/cp /tmp/log "\${script%.sh}.log"
  /usr/bin/rm -rf /tmp/here
done
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

/** Runs each script once; returns what each of them started. */
export function runScripts(scripts: readonly string[]): readonly (readonly Started[])[] {
  const share = mkdtempSync(join(tmpdir(), 'sallyport-differential-'))
  const root = mkdtempSync(join(tmpdir(), 'sallyport-root-'))
  try {
    const fileOf = (at: number) => join(share, String(at).padStart(6, '0'))
    writeFileSync(join(share, 'enter'), ENTER)
    writeFileSync(join(share, 'drive'), DRIVE)
    for (const [at, script] of scripts.entries()) writeFileSync(`${fileOf(at)}.sh`, script)
    const done = spawnSync('unshare', [...NAMESPACES, 'bash', join(share, 'enter'), root, share], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`the sandbox ended with ${done.status}: ${done.stderr}`)
    return scripts.map((_, at) => parseLog(readFileSync(`${fileOf(at)}.log`, 'utf8')))
  } finally {
    rmSync(share, { recursive: true, force: true })
    rmSync(root, { recursive: true, force: true })
  }
}

/** A newline within a word is \\x1c, because bash writes out at each. A record cut short by the kill at the end has no mark, and is left out. */
function parseLog(log: string): readonly Started[] {
  return log
    .split('\x02\n')
    .slice(0, -1)
    .map((record) => record.replaceAll('\x1c', '\n').split('\x01').slice(0, -1))
}
