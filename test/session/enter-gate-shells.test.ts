/** The Enter gate before real shells on a pseudo-terminal: nothing runs that had no verdict, whatever is typed. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { openPty } from '../../src/pty/pty.ts'
import { EnterGate } from '../../src/session/enter-gate.ts'
import { InputGate } from '../../src/session/input-gate.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { Screen } from '../../src/terminal/screen.ts'
import { RULE } from '../approval/parts.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type TemporaryStore, temporaryStore } from '../support/store.ts'
import { session } from './parts.ts'

let temporary: TemporaryStore
let folder: string
let canary: string
const opened: { kill(): void }[] = []
beforeAll(async () => {
  temporary = await temporaryStore()
})
afterAll(() => temporary.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-enter-'))
  canary = join(folder, 'c')
  writeFileSync(canary, '')
})
afterEach(() => {
  for (const shell of opened.splice(0)) shell.kill()
  rmSync(folder, { recursive: true, force: true })
})

const analyse = createAnalyser(defaultCatalogue())

/** What speaks of removing, or cannot be known, is refused; everything else is allowed, as a lenient policy would. */
async function shellUnderGate(file: string, args: readonly string[], cols = 80) {
  const judged: string[] = []
  const { live } = await session({
    store: temporary.store,
    clock: new ManualClock(),
    hasPty: true,
    verdict: (action) => {
      judged.push(action.text)
      const isRisky = action.text.includes('rm ') || action.effects.includes('opaque')
      return isRisky ? { kind: 'deny', because: RULE, message: 'no' } : { kind: 'allow', because: RULE }
    },
  })
  const context = { ...live.context, services: { ...live.context.services, analyse } }
  const screen = new Screen({ cols, rows: 24 })
  const env = { PATH: process.env.PATH ?? '', PS1: '$ ', HOME: folder, TERM: 'xterm', LC_ALL: 'C.UTF-8' }
  const program = openPty({ file, args, cols, rows: 24, term: 'xterm', cwd: folder, env })
  opened.push({ kill: () => program.kill('SIGKILL') })
  let raw = ''
  const waiting = new Set<() => void>()
  const gate: InputGate = new InputGate({
    forward: (bytes) => enter.feed(bytes),
    onFull() {},
    onInterrupt: () => false,
  })
  const enter = new EnterGate({
    context,
    checkpoint: live.checkpoint,
    screen,
    clock: systemClock,
    closed: live.ended,
    send: async (bytes) => program.write(Buffer.from(bytes)),
    putBack: (bytes) => gate.putBack(bytes),
  })
  program.onData((data) => {
    const bytes = Buffer.from(data)
    enter.noticeOutput()
    void screen.feed(bytes)
    raw += bytes.toString()
    for (const look of waiting) look()
  })
  const shows = (what: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (raw.includes(what)) resolve()
      }
      waiting.add(look)
      look()
    })
  gate.open()
  await shows('$ ')
  return { judged, type: (keys: string) => void gate.feed(Buffer.from(keys, 'latin1')), shows, raw: () => raw }
}

/** Each is typed at a prompt as it is; `$C` is the canary. */
const TRICKS: Readonly<Record<string, readonly string[]>> = {
  'two lines in one paste': ['ls\rrm -f $C\r'],
  'a line feed': ['ls\nrm -f $C\n'],
  'echo off': ['stty -echo\r', 'rm -f $C\r'],
  'the alternate screen of a file': ["printf '\\033[?1049h'\r", 'rm -f $C\r'],
  'after a line given up with Ctrl-C': ['ls #\x03', 'rm -f $C\r'],
  'end of file instead of Enter': ['rm -f $C\x04\x04'],
  'a refused line that Ctrl-C does not clear': ['stty -isig\r', 'rm -f $C #\r', '\r'],
  'a quote that an earlier line opened': ["echo '\r", "ls '; rm -f $C #'\r"],
  'a Ctrl-C that is a character, in a quote of an earlier line': [
    'stty -isig\r',
    "echo '\r",
    '\x03',
    "ls '; rm -f $C #'\r",
  ],
  'a Ctrl-C that is a character, and a row more': ['stty -isig\r', 'rm -f $C #\x03', `${'y'.repeat(90)}\r`],
  'a line that wraps': [`${'ls; rm -f $C; echo '.padEnd(82, 'x')}\r`],
}
const SHELLS: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  dash: ['/bin/dash', ['-i']],
  busybox: ['/bin/busybox', ['ash', '-i']],
}

describe.each(Object.entries(SHELLS))('the Enter gate before %s', (_name, [file, args]) => {
  it.each(Object.entries(TRICKS))('lets nothing through by %s', async (_trick, inputs) => {
    const shell = await shellUnderGate(file, args)
    for (const input of inputs) shell.type(input.replaceAll('$C', canary))
    // Whatever became of the lines before, this one has its turn after them.
    shell.type('\x03')
    shell.type('\recho at-$((40+2))\r')
    await Promise.race([shell.shows('at-42'), new Promise((done) => setTimeout(done, 3_000))])
    expect(existsSync(canary), `${JSON.stringify(shell.judged)}\n${shell.raw()}`).toBe(true)
  })

  it('runs what is allowed, and would have noticed', async () => {
    const shell = await shellUnderGate(file, args)
    shell.type(`unlink ${canary}\recho at-$((40+2))\r`)
    await shell.shows('at-42')
    expect(shell.judged).toEqual([`unlink ${canary}`, 'echo at-$((40+2))'])
    expect(existsSync(canary)).toBe(false)
  })

  it('judges the same lines however the bytes are cut', async () => {
    const whole = await shellUnderGate(file, args)
    const cut = await shellUnderGate(file, args)
    const keys = 'echo one\recho two\r\recho at-$((40+2))\r'
    whole.type(keys)
    for (const key of keys) cut.type(key)
    await Promise.all([whole.shows('at-42'), cut.shows('at-42')])
    expect(cut.judged).toEqual(whole.judged)
    expect(whole.judged).toEqual(['echo one', 'echo two', 'echo at-$((40+2))'])
  })
})
