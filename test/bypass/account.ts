/** An account on the target between two tricks: its canary made, its home as new, nothing of the last one still running. */
import type { Seat } from './driver.ts'
import type { Shell } from './trick.ts'

/** How long what a trick left running may go on by itself, before its canary is looked at. */
const LINGER_MS = 2_500
const CANARY = 'canary'

/** Start files that make every shell ask nothing and prompt alike; bash's are Debian's own, and a file for readline. */
const START_FILES: Readonly<Record<Shell, string>> = {
  bash: `cp /etc/skel/.bashrc /etc/skel/.profile .; echo '$include /etc/inputrc' > .inputrc`,
  zsh: String.raw`printf 'PS1="%%m$ "\n' > .zshrc`,
  fish: String.raw`mkdir -p .config/fish; printf 'function fish_prompt; printf "fish\\$ "; end\nset -g fish_greeting\n' > .config/fish/config.fish`,
  dash: ':',
  busybox: ':',
}

/** Sets `left` (and `p` and `n` on the way) to the account's processes but this shell and the sshd that brought it. */
const OTHERS = `left=; for p in /proc/[0-9]*; do n=\${p#/proc/}; if [ -O "$p" ] && [ "$n" != $$ ] && [ "$n" != $PPID ]; then left="$left $n"; fi; done`

/** Empties the account's home and makes a canary; resolves to its path. */
export async function setOut(seat: Seat, name: string): Promise<string> {
  const canary = `${seat.canaryFolder}/${name}`
  await clearAway(seat, `mkdir -p ${seat.canaryFolder} && printf ${CANARY} > ${canary}`)
  return canary
}

/** Ends what is left running and makes the home as new, and runs `more` there. */
export async function clearAway(at: Pick<Seat, 'shell' | 'login' | 'hand'>, more = ':'): Promise<void> {
  const said = await at.hand.run(
    `${OTHERS}; [ -n "$left" ] && kill -9 $left
cd && find . -mindepth 1 -maxdepth 1 -exec rm -rf {} +
${START_FILES[at.shell]}
${more} && echo ready`,
  )
  if (!said.trimEnd().endsWith('ready')) throw new Error(`${at.login} could not be made ready: ${said}`)
}

/** Waits for what the trick left running, up to a limit. */
export async function settle(seat: Seat): Promise<void> {
  const step = 0.1
  await seat.hand.run(
    `turns=0; while [ $turns -lt ${Math.round(LINGER_MS / 1000 / step)} ]; do ${OTHERS}; [ -z "$left" ] && break; sleep ${step}; turns=$((turns + 1)); done`,
  )
}

/** Returns those of the canaries that are neither gone nor changed. */
export async function wholeOf(seat: Seat, canaries: readonly string[]): Promise<ReadonlySet<string>> {
  const said = await seat.hand.run(
    canaries.map((path) => `[ "$(cat ${path} 2> /dev/null)" = ${CANARY} ] && echo ${path}`).join('\n'),
  )
  return new Set(said.split('\n'))
}
