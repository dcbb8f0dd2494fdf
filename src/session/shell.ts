/**
 * An interactive shell. Where the login shell is one that can ask us beside the terminal (see stepped/dialect.ts), it is
 * started under the stepped gate; everywhere else the Enter gate reads lines off the screen, and its assurance says so.
 */
import type { Clearance } from '../approval/clearance.ts'
import { messageFor } from '../core/errors.ts'
import type { Exit, Pty, SideChannel, SideConnection, UpstreamChannel } from './channel.ts'
import { recordEvent } from './context.ts'
import { EnterGate } from './enter-gate.ts'
import { InputGate, type InputGateParts } from './input-gate.ts'
import { NestedShells } from './nested-shells.ts'
import { noticing } from './noticing.ts'
import { PasteReader } from './paste.ts'
import { watchProgram } from './program-lines.ts'
import { ReasonPrompt } from './reason-prompt.ts'
import { EXIT_REFUSED, type Live } from './session.ts'
import { type Dialect, dialectFor } from './stepped/dialect.ts'
import { type Keys, newKeys } from './stepped/question.ts'
import { watchSide } from './stepped/side-watch.ts'
import { Stepper } from './stepped/stepper.ts'
import { TypedLine } from './typed-line.ts'

/** What the action of opening a shell is called; policies speak of its kind, not of this text. */
const SHELL_TEXT = 'login shell'
/** How long a target may take to put its shell under the gate, its own start files included. */
const START_LIMIT_MS = 30_000
/** How long the report of an entered line may take before the way in opens without it. */
const REPORT_LIMIT_MS = 2_000
/** How long a shell may take to show that it has left its line editor; one that shows nothing is believed. */
const LEAVING_LIMIT_MS = 100
const NO_WAY =
  'this target leaves the gate no way to ask beside the terminal, so lines are read off the screen (graded “inferred”), and what cannot be read there is held.'
const GNU_LESS = /^less \d{3}/
const NOT_IN_TIME =
  'The shell on the target did not come under the gate in time, so it was closed. Try again, or ask the target’s administrator.'
const BELL = Uint8Array.of(0x07)
const LINE_FEED = 0x0a

export async function runShell(live: Live): Promise<Exit> {
  const { checkpoint } = live
  const outcome = await checkpoint.pass(
    { kind: 'shell', text: SHELL_TEXT, assurance: 'exact', analysis: { commands: [], effects: [], objects: [] } },
    live.ended,
  )
  if (outcome.kind === 'refused') return { kind: 'status', status: EXIT_REFUSED }

  live.keepDuties(outcome.clearance.because)
  // From here an approved shell counts as running, which must be settled on every way out.
  try {
    return await runCleared(live, outcome.clearance)
  } finally {
    if (outcome.hold !== undefined) await checkpoint.finished(outcome.hold, undefined)
  }
}

async function runCleared(live: Live, clearance: Clearance): Promise<Exit> {
  const { context, upstream, request } = live
  const prepared = request.pty === undefined ? undefined : await prepareStepped(live)
  const stepped = prepared === 'no-way' ? undefined : prepared
  await recordEvent(context, 'command.released', {
    text: SHELL_TEXT,
    gate: stepped === undefined ? 'inferred' : 'stepped',
    ...(stepped !== undefined && { way: stepped.side.way }),
    ...(prepared === 'no-way' && { way: 'none' }),
  })
  if (prepared === 'no-way') await live.tell(NO_WAY)
  const pty = stepped === undefined && request.pty !== undefined ? withKnownModes(request.pty) : request.pty
  const start = { session: context.record.id, pty, env: request.env }
  const channel = await upstream.shell(clearance, { ...start, launcher: stepped?.launcher })
  try {
    return stepped === undefined ? await liveInferred(live, channel) : await liveStepped(live, channel, stepped)
  } finally {
    stepped?.side.close()
  }
}

interface Stepped {
  readonly dialect: Dialect
  /** Of the shell that is gated. */
  readonly path: string
  readonly keys: Keys
  readonly secured: ReadonlySet<string>
  readonly launcher: string
  readonly side: SideChannel
  /** Takes the connections that came before the gate was built, and all later ones. */
  attach(stepper: Stepper): void
}

/**
 * Makes the way for questions; undefined where the target's shell cannot be put under the gate, `no-way` where it could, but
 * sshd forwards no port and no bridge runs (ssh/bridge.ts).
 */
async function prepareStepped(live: Live): Promise<Stepped | 'no-way' | undefined> {
  const { upstream } = live
  const facts = await upstream.shellFacts()
  const dialect = facts === undefined ? undefined : dialectFor(facts)
  if (facts === undefined || dialect === undefined) return undefined
  let stepper: Stepper | undefined
  const early: SideConnection[] = []
  const side = await upstream.sideChannel((connection) => {
    if (stepper !== undefined) void stepper.serve(connection)
    else if (early.length < 16) early.push(connection)
    else connection.end(new Uint8Array())
  })
  if (side === undefined) return 'no-way'
  return {
    dialect,
    path: facts.path,
    keys: newKeys(),
    // Only GNU less is known to keep to LESSSECURE; its name is not proof (`more` and busybox go by it as well).
    secured: new Set(GNU_LESS.test(facts.less) ? ['less'] : []),
    launcher: dialect.launcher(facts.path, side.port),
    side,
    attach(chosen) {
      stepper = chosen
      for (const connection of early.splice(0)) void chosen.serve(connection)
    },
  }
}

async function liveStepped(live: Live, channel: UpstreamChannel, stepped: Stepped): Promise<Exit> {
  const { client, context, checkpoint, pump, ungated } = live
  const { clock } = context.services
  let isStarted = false
  let isJudging = false
  const mayOpen = () => isStarted && !checkpoint.isWaiting && !isJudging
  // From Enter at a prompt to the answer for its line nothing follows, above all no Ctrl-C, which would cut the report
  // short. Where no report comes (Enter to a pager of completions), the way in opens again by itself.
  let stopReportTimer = () => {}
  const awaitReport = () => {
    gate.shut()
    stopReportTimer()
    stopReportTimer = clock.after(REPORT_LIMIT_MS, () => {
      if (mayOpen()) gate.open()
    })
  }
  // What was typed while a step was held follows when that may run, as its program reads it; where it may not, when the
  // shell is at its prompt again: otherwise it would stand in the terminal's own buffer, shown before its turn.
  const awaitShell = () => {
    isJudging = true
    stopReportTimer()
    stopReportTimer = clock.after(REPORT_LIMIT_MS, () => {
      isJudging = false
      if (mayOpen()) gate.open()
    })
  }
  const onStep = (what: 'asked' | 'answered' | 'refused') => {
    if (what === 'refused') return awaitShell()
    stopReportTimer()
    isJudging = what === 'asked'
    if (mayOpen()) gate.open()
  }
  let isLeavingLine = false
  const openAfterLine = () => {
    stopReportTimer()
    isLeavingLine = false
    if (mayOpen()) gate.open()
  }
  const pastes = new PasteReader()
  const typedLine = new TypedLine()
  const programLines = watchProgram(live, (bytes) => channel.write(bytes))
  const gate: InputGate = gateInput(live, {
    mayOpen,
    async forward(bytes) {
      const shell = nested?.innermost ?? stepper
      if (!shell.isReadingLine) {
        pastes.reset()
        typedLine.reset()
        if (programLines === undefined || ungated.current === undefined) return channel.write(bytes)
        return gate.putBack(await programLines.feed(bytes))
      }
      if (bytes.includes(0x1b)) await live.screen?.settled()
      const enter = pastes.findEnter(bytes, live.screen?.isBracketingPaste ?? false)
      typedLine.add(enter === -1 ? bytes : bytes.subarray(0, enter))
      if (enter === -1) return channel.write(bytes)
      isLeavingLine = false
      awaitReport()
      gate.putBack(bytes.subarray(enter + 1))
      const written = channel.write(bytes.subarray(0, enter + 1))
      const line = typedLine.take()
      if (line !== undefined) shell.expect(line)
      return written
    },
  })
  let stopTimer = () => {}
  // From the moment that a shell waits for its key, nothing but that is typed until its first prompt.
  const awaitPrompt = () => {
    isStarted = false
    gate.shut()
    stopTimer = clock.after(START_LIMIT_MS, () => {
      if (!checkpoint.isWaiting) live.end(NOT_IN_TIME)
    })
  }
  const newStepper = (shell: { readonly keys: Keys; readonly login: string | undefined }, isNested: boolean) => {
    const made: Stepper = new Stepper({
      context,
      checkpoint,
      ungated,
      dialect: stepped.dialect,
      secured: stepped.secured,
      // An inner shell may be over while it still has one.
      keepsConnections: !isNested,
      ...shell,
      entranceFor: async (line) => nested?.entranceFor(line, isNested ? made : undefined, shell.login),
      onPrompt: () => {
        nested?.noticePrompt(isNested ? made : undefined)
        stopTimer()
        isStarted = true
        isJudging = false
        if (mayOpen()) gate.open()
      },
      onStep,
      onLine: ({ asks }) => {
        if (asks) return awaitShell()
        // What was typed ahead follows when the shell has left its line editor, which the new line shows: an Enter that
        // comes before that is a carriage return to the program (termios ICRNL is off in there).
        stopReportTimer()
        stopReportTimer = clock.after(LEAVING_LIMIT_MS, openAfterLine)
        isLeavingLine = true
      },
      onBroken: (reason) => live.end(`The session was closed, because ${reason}.`),
    })
    return made
  }
  const { dialect, path } = stepped
  // Where the questions go over a bridge there is no port for an inner shell's.
  const nesting = dialect.reports === 'steps' && stepped.side.way === 'forward' ? dialect.nesting : undefined
  const nested =
    nesting &&
    new NestedShells({
      upstream: live.upstream,
      nesting,
      path,
      newStepper: (shell) => newStepper(shell, true),
      onReady: ({ ask, answer }) => {
        awaitPrompt()
        channel.write(Buffer.from(`${ask}${answer}\n`)).catch(() => live.end(NOT_IN_TIME))
      },
      onForged: () => live.end('The session was closed, because somebody on the target posed as its inner shell.'),
    })
  const stepper = newStepper({ keys: stepped.keys, login: undefined }, false)
  awaitPrompt()
  stepped.attach(stepper)
  const stopWatching = watchSide(stepped.side, clock, () => {
    const lost = live.upstream.closed
    if (lost.aborted) return live.end(messageFor(lost.reason))
    const why = 'the way on which its shell asks was cut or silenced on the target'
    void recordEvent(context, 'gate.failed', { why })
      .catch(() => {})
      .then(() => live.end(`The session was closed, because ${why}.`))
  })
  follow(live, channel)
  // The gate's keys go first, with echo off: the init file reads them from the terminal.
  const { ask, answer } = stepped.keys
  await channel.write(Buffer.from(`${stepped.dialect.firstLine ?? ''}${ask}${answer}\n`))
  const typed = (async () => {
    for await (const bytes of client.input) await gate.feed(bytes)
    channel.endInput()
  })()
  typed.catch(() => {})
  const watched = noticing(channel.stdout, {
    came: (bytes) => {
      if (isLeavingLine && bytes.includes(LINE_FEED)) openAfterLine()
    },
    shown: () => programLines?.noticeShown(),
  })
  try {
    await Promise.all([pump.drain(watched, 'stdout'), pump.drain(channel.stderr, 'stderr')])
    return await channel.exit
  } finally {
    stopTimer()
    stopReportTimer()
    stopWatching()
    nested?.close()
    await stepper.close()
  }
}

async function liveInferred(live: Live, channel: UpstreamChannel): Promise<Exit> {
  const { client, context, checkpoint, pump } = live
  follow(live, channel)
  const { screen } = live
  if (screen === undefined) {
    // A shell without a terminal reads a script from its input; no line of it can be judged before it runs.
    live.end('A shell without a terminal cannot be gated. Give the command to ssh instead: ssh … ‘command’.')
    channel.close()
    return { kind: 'status', status: EXIT_REFUSED }
  }
  const enter = new EnterGate({
    context,
    checkpoint,
    screen,
    clock: context.services.clock,
    closed: live.ended,
    send: (bytes) => channel.write(bytes),
    putBack: (bytes) => gate.putBack(bytes),
  })
  const gate: InputGate = gateInput(live, { forward: (bytes) => enter.feed(bytes), mayOpen: () => true })
  gate.open()
  const typed = (async () => {
    for await (const bytes of client.input) void gate.feed(bytes).catch(() => {})
    channel.endInput()
  })()
  typed.catch(() => {})
  const watched = noticing(channel.stdout, { came: () => enter.noticeOutput() })
  await Promise.all([pump.drain(watched, 'stdout'), pump.drain(channel.stderr, 'stderr')])
  return channel.exit
}

/** The way in: shut while something waits; opened again as soon as nothing does and `mayOpen` agrees. */
function gateInput(
  live: Live,
  { forward, mayOpen }: Pick<InputGateParts, 'forward'> & { readonly mayOpen: () => boolean },
): InputGate {
  const { checkpoint, pump, status } = live
  const prompt = reasonPrompt(live)
  const gate = new InputGate({
    forward,
    onFull: () => void pump.show(BELL, 'stdout').catch(() => {}),
    onInterrupt: () => checkpoint.withdraw('taken back with Ctrl-C') > 0,
    onKept: (bytes) => status?.noteTypedAhead(bytes),
    prompt,
  })
  live.onWaiting = (waiting) => {
    prompt.noticeWaiting()
    status?.noteTypedAhead(gate.keptBytes)
    if (waiting > 0) gate.shut()
    else if (mayOpen()) gate.open()
  }
  return gate
}

/** What `r` and `b` open while a command of this session's is held. */
function reasonPrompt({ checkpoint, context, pump, status }: Live): ReasonPrompt {
  return new ReasonPrompt({
    clock: context.services.clock,
    status,
    waiting: () => checkpoint.waiting,
    explain: (waiting, text) => checkpoint.explain(waiting, text),
    glassPage: (waiting) => checkpoint.glassPage(waiting),
    show: (text) => void pump.show(Buffer.from(text), 'stdout').catch(() => {}),
  })
}

/** Passes on what concerns the terminal, and keeps screen and recording in step with it. */
function follow(live: Live, channel: UpstreamChannel): void {
  live.client.onResize((size) => {
    channel.resize(size)
    live.screen?.resize(size)
    live.pump.noticeResized()
    live.status?.redraw()
    live.recorder.resize(size.cols, size.rows).catch(() => {})
  })
  live.client.onSignal((signal) => channel.signal(signal))
}

/**
 * The modes in which a line can be read off the screen (RFC 4254 §8, termios): echo on, control characters shown, lines
 * ended by CR and LF only, Ctrl-C and Ctrl-D where they are looked for. A client could ask for others, and type unseen.
 */
function withKnownModes(pty: Pty): Pty {
  const known = { ECHO: 1, ECHOE: 1, ECHOK: 1, ECHOCTL: 1, ECHONL: 0, ICANON: 1, ISIG: 1, IEXTEN: 1, NOFLSH: 0 }
  const input = { ICRNL: 1, INLCR: 0, IGNCR: 0, ISTRIP: 0, IUCLC: 0, PARMRK: 0 }
  const characters = { VINTR: 0x03, VEOF: 0x04, VKILL: 0x15, VEOL: 0xff, VEOL2: 0xff }
  return { ...pty, modes: { ...pty.modes, ...known, ...input, ...characters } }
}
