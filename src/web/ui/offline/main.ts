/** The page of a bundle: the recording, the commands (a click goes there), and what the check found. No network. */
import 'asciinema-player/dist/bundle/asciinema-player.css'
import './offline.css'
import { create, type Player } from 'asciinema-player'
import { visibleLine } from '../src/visible-text.ts'
import { base64, type Checked, check, textOf } from './check.ts'

interface Command {
  readonly at: string
  readonly text: string
  readonly verdict: string
  readonly outcome: string
  readonly exitStatus: number | null
  readonly decisions: readonly { readonly kind: string; readonly by: string; readonly reason: string }[]
}

interface Session {
  readonly id: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly address: string
  readonly login: string
  readonly target: string
  readonly principal: { readonly name: string; readonly subject: string; readonly issuer: string }
}

let player: Player | undefined
/** Where idle time is skipped, the player counts without it. */
let playerTime: (seconds: number) => number = (seconds) => seconds
const IDLE_SECONDS = 2

function inlined(name: string): Uint8Array<ArrayBuffer> | undefined {
  const text = document.querySelector(`script[data-file="${name}"]`)?.textContent
  return text === undefined || text === null ? undefined : base64(text)
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = '',
  look = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  made.textContent = text
  if (look !== '') made.className = look
  return made
}

async function show(main: HTMLElement): Promise<void> {
  const badge = element('section', 'Checking…', 'badge')
  badge.setAttribute('role', 'status')
  const screen = element('div', '', 'screen')
  main.replaceChildren(badge, screen)
  const session = JSON.parse(textOf(required('session.json'))) as Session
  main.append(facts(session), commands(session))
  const recording = inlined('recording.cast')
  if (recording === undefined) screen.append(chooser(screen, badge, session))
  else play(screen, recording)
  await checked(badge, session, recording)
}

function required(name: string): Uint8Array<ArrayBuffer> {
  const bytes = inlined(name)
  if (bytes === undefined) throw new Error(`This page has lost its ${name}.`)
  return bytes
}

function play(screen: HTMLElement, recording: Uint8Array): void {
  const text = textOf(recording)
  // One that was exported while it grew may end in the middle of a line.
  const data = text.slice(0, text.lastIndexOf('\n') + 1)
  playerTime = withoutIdle(data)
  screen.replaceChildren()
  player = create({ data }, screen, {
    fit: 'width',
    controls: true,
    preload: true,
    idleTimeLimit: IDLE_SECONDS,
    poster: 'npt:3600:00:00',
  })
}

/** Of a recording that is too large for the page. */
function chooser(screen: HTMLElement, badge: HTMLElement, session: Session): HTMLElement {
  const label = element('label', 'This recording is large. Choose recording.cast of this bundle: ')
  const input = element('input')
  input.type = 'file'
  input.addEventListener('change', async () => {
    const file = input.files?.[0]
    if (file === undefined) return
    const bytes = new Uint8Array(await file.arrayBuffer())
    play(screen, bytes)
    await checked(badge, session, bytes)
  })
  label.append(input)
  return label
}

async function checked(badge: HTMLElement, session: Session, recording: Uint8Array | undefined): Promise<void> {
  const files = {
    key: textOf(required('key')),
    checkpoint: textOf(required('checkpoint')),
    events: required('events.jsonl'),
    recording,
    session: session.id,
  }
  try {
    tell(badge, await check(files), { key: files.key, hasRecording: recording !== undefined })
  } catch (error) {
    badge.className = 'badge bad'
    badge.textContent = `This is NOT as it was signed. ${error instanceof Error ? error.message : ''}`
  }
}

function tell(
  badge: HTMLElement,
  result: Checked,
  { key, hasRecording }: { readonly key: string; readonly hasRecording: boolean },
): void {
  const { problems, isSignatureChecked } = result
  const isBad = problems.length > 0
  badge.className = `badge ${isBad ? 'bad' : isSignatureChecked ? 'good' : 'open'}`
  const verdict = isBad
    ? 'This is NOT as it was signed.'
    : isSignatureChecked
      ? 'Checked in this browser: events and recording are as they were signed.'
      : 'Events and recording fit the checkpoint, but this browser cannot check its signature: see VERIFY.md.'
  const list = element('ul')
  const lines = [
    `${result.events} events lead to the checkpoint of ${result.signedAt}`,
    hasRecording ? `${result.chunks} chunks of the recording` : 'the recording was not checked yet',
    ...(result.isSealed
      ? []
      : ['the recording was still growing, or its bastion died: it is as long as the log has it']),
    ...(result.untoldBytes > 0 ? [`${result.untoldBytes} bytes at its end are not proved by any event yet`] : []),
    ...problems.slice(0, 50),
  ]
  for (const line of lines) list.append(element('li', line))
  const note = element('p', `Signed by ${key}. Whose key that is, only its operator can tell you: compare it.`, 'key')
  badge.replaceChildren(element('strong', verdict), list, note)
}

function facts({ principal, login, target, address, startedAt, endedAt }: Session): HTMLElement {
  const list = element('dl')
  for (const [name, value] of [
    ['who', `${principal.name} (${principal.subject} at ${principal.issuer})`],
    ['where', `${login}@${target}, from ${address}`],
    ['when', `${startedAt} to ${endedAt ?? 'not ended when it was exported'}`],
  ] as const) {
    list.append(element('dt', name), element('dd', visibleLine(value)))
  }
  return list
}

function commands({ startedAt }: Session): HTMLElement {
  const section = element('section')
  section.append(element('h2', 'Commands'))
  const list = element('ol', '', 'commands')
  for (const line of textOf(required('commands.jsonl')).split('\n').filter(Boolean)) {
    const { at, text, verdict, outcome, exitStatus, decisions } = JSON.parse(line) as Command
    const seconds = Math.max(0, (Date.parse(at) - Date.parse(startedAt)) / 1000)
    const button = element('button')
    button.type = 'button'
    button.append(element('time', clockTime(seconds)), element('code', visibleLine(text)))
    const became = [verdict, outcome, exitStatus === null ? '' : `exit ${exitStatus}`].filter(Boolean).join(' · ')
    button.append(element('span', became, verdict))
    for (const { kind, by, reason } of decisions) {
      button.append(element('span', visibleLine(`${kind} by ${by}${reason === '' ? '' : `: ${reason}`}`), 'decision'))
    }
    button.addEventListener('click', () => void playFrom(seconds))
    const item = element('li')
    item.append(button)
    list.append(item)
  }
  if (list.children.length === 0) section.append(element('p', 'None.'))
  section.append(list)
  return section
}

async function playFrom(seconds: number): Promise<void> {
  await player?.seek(playerTime(seconds))
  await player?.play()
}

/** Of a moment of the session, the moment in the player. */
function withoutIdle(cast: string): (seconds: number) => number {
  const moments: (readonly [real: number, played: number])[] = [[0, 0]]
  let [real, played] = [0, 0]
  for (const line of cast.split('\n').slice(1)) {
    if (!line.startsWith('[')) continue
    const interval = Number(/^\[([\d.e-]+)/.exec(line)?.[1] ?? 0)
    real += interval
    played += Math.min(interval, IDLE_SECONDS)
    moments.push([real, played])
  }
  return (seconds) => {
    const [since, at] = moments.findLast(([moment]) => moment <= seconds) ?? [0, 0]
    return at + Math.min(seconds - since, IDLE_SECONDS)
  }
}

function clockTime(seconds: number): string {
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0')
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
}

const main = document.querySelector<HTMLElement>('#main')
if (main !== null) {
  show(main).catch((error: unknown) => {
    main.replaceChildren(element('p', `This page cannot be read: ${String(error)}`, 'badge bad'))
  })
}
