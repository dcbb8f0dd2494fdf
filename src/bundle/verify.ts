/**
 * Checks a bundle with nothing but itself and, where one was given on another way, the log's public key. Whatever is not
 * as it was signed is told with its file; what could be read in two ways counts as changed.
 */
import { createHash } from 'node:crypto'
import { BastionError, messageFor } from '../core/errors.ts'
import { openBundleNote } from '../evidence/bundle-note.ts'
import type { BundleFinding, BundleReport } from '../evidence/bundle-report.ts'
import { openLogCheckpoint } from '../evidence/log-checkpoint.ts'
import { formatVerifier, type NoteVerifier, parseVerifier } from '../evidence/note.ts'
import { CHECKPOINT, LOG_KEY_FILE, MANIFEST, MANIFEST_NOTE, type Manifest, readManifest } from './manifest.ts'
import { verifySession } from './verify-session.ts'
import { openZip, type ZippedFile } from './zip.ts'

/** What is read whole: manifest, notes, lines. A manifest has 200 bytes a file. */
const MOST_TEXT = 64 * 1024 * 1024
const MOST_FINDINGS = 1000

type Counts = { -readonly [Key in keyof BundleReport]: BundleReport[Key] }

export async function verifyBundle(archive: Blob, pinned?: NoteVerifier): Promise<BundleReport> {
  return new Verification(pinned).run(archive)
}

class Verification {
  readonly #pinned: NoteVerifier | undefined
  readonly #findings: BundleFinding[] = []
  readonly #report: Counts

  constructor(pinned: NoteVerifier | undefined) {
    this.#pinned = pinned
    this.#report = {
      key: undefined,
      isPinned: pinned !== undefined,
      exportedAt: undefined,
      exportedBy: undefined,
      signedAt: undefined,
      sessions: 0,
      files: 0,
      bytes: 0,
      events: 0,
      chunks: 0,
      receipts: 0,
      untoldBytes: 0,
      findings: this.#findings,
    }
  }

  async run(archive: Blob): Promise<BundleReport> {
    await this.#guarded('the archive', async () => {
      const files = new Map<string, ZippedFile>()
      for (const file of await openZip(archive)) {
        if (files.has(file.name)) this.#add(file.name, 'The archive has two files of this name.')
        files.set(file.name, file)
      }
      await this.#archive(files)
    })
    return this.#report
  }

  async #archive(files: ReadonlyMap<string, ZippedFile>): Promise<void> {
    const manifestText = await textOf(files, MANIFEST)
    const log = await this.#key(files)
    if (log === undefined) return
    const signed = await this.#guarded(MANIFEST_NOTE, async () =>
      openBundleNote(await textOf(files, MANIFEST_NOTE), log),
    )
    if (signed !== undefined && signed !== sha256(manifestText)) {
      this.#add(MANIFEST, 'It is not what the log signed. What follows is what it says of itself.')
    }
    const manifest = await this.#guarded(MANIFEST, async () => readManifest(manifestText))
    if (manifest === undefined) return
    if (manifest.key !== formatVerifier(log)) this.#add(MANIFEST, 'It names another key of the log.')
    this.#report.exportedAt = manifest.at
    this.#report.exportedBy = manifest.exportedBy.name
    await this.#files(manifest, files)
    const checkpoint = await this.#guarded(CHECKPOINT, async () => {
      const note = await textOf(files, CHECKPOINT)
      this.#report.signedAt = openLogCheckpoint(note, log).at
      return note
    })
    if (checkpoint === undefined) return
    for (const session of manifest.sessions) {
      this.#report.sessions++
      const place = `sessions/${session}`
      await this.#guarded(place, async () => {
        const found = await verifySession({ session, files, log, checkpoint, origin: manifest.origin })
        this.#report.events += found.events
        this.#report.chunks += found.chunks
        this.#report.receipts += found.receipts
        this.#report.untoldBytes += found.untoldBytes
        for (const { file, message } of found.findings) this.#add(`${place}/${file}`, message)
      })
    }
  }

  async #key(files: ReadonlyMap<string, ZippedFile>): Promise<NoteVerifier | undefined> {
    const log = await this.#guarded(LOG_KEY_FILE, async () => parseVerifier((await textOf(files, LOG_KEY_FILE)).trim()))
    if (log === undefined) return undefined
    this.#report.key = formatVerifier(log)
    if (this.#pinned === undefined || formatVerifier(this.#pinned) === this.#report.key) return log
    this.#add(LOG_KEY_FILE, 'It is another key than the one you gave: this is none of that log.')
    return this.#pinned
  }

  /** Every file is in the manifest, and the other way round, byte for byte. */
  async #files(manifest: Manifest, files: ReadonlyMap<string, ZippedFile>): Promise<void> {
    const listed = new Set([MANIFEST, MANIFEST_NOTE])
    for (const { name, size, sha256: expected } of manifest.files) {
      if (listed.has(name)) this.#add(name, 'The manifest has it twice.')
      listed.add(name)
      const file = files.get(name)
      if (file === undefined) {
        this.#add(name, 'It is missing.')
        continue
      }
      this.#report.files++
      await this.#guarded(name, async () => {
        const sum = createHash('sha256')
        let bytes = 0
        for await (const part of file.read()) {
          bytes += part.length
          if (bytes > size) break
          sum.update(part)
        }
        this.#report.bytes += bytes
        if (bytes !== size) this.#add(name, `It has ${bytes > size ? 'more' : 'fewer'} bytes than were signed.`)
        else if (sum.digest('hex') !== expected) this.#add(name, 'Its bytes are not what was signed.')
      })
    }
    for (const name of files.keys()) {
      if (!listed.has(name)) this.#add(name, 'It was added: the manifest does not have it.')
    }
  }

  async #guarded<Result>(file: string, task: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await task()
    } catch (error) {
      if (!(error instanceof BastionError)) throw error
      this.#add(file, messageFor(error))
      return undefined
    }
  }

  #add(file: string, message: string): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push({ file, message })
  }
}

async function textOf(files: ReadonlyMap<string, ZippedFile>, name: string): Promise<string> {
  const file = files.get(name)
  if (file === undefined) throw new BastionError('untrusted', 'It is missing.')
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of file.read()) {
    bytes += part.length
    if (bytes > MOST_TEXT) throw new BastionError('untrusted', 'It is longer than any of a bundle.')
    parts.push(part)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts))
  } catch (error) {
    throw new BastionError('untrusted', 'It is no text.', error)
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
