/** Signed notes and checkpoints: what others signed is read, and what was touched is refused. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../../src/evidence/checkpoint.ts'
import { leafHash } from '../../src/evidence/merkle.ts'
import { formatVerifier, openNote, parseVerifier, signNote, verifierOf } from '../../src/evidence/note.ts'

/** Signed by another implementation: the example of Go's golang.org/x/mod/sumdb/note. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const GO_TEXT =
  'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n'.replace(
    '’',
    "'",
  )
const GO_NOTE = `${GO_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`

const ORIGIN = 'bastion.example/evidence'
const signerOf = (name: string) => ({ name, privateKey: generateKeyPairSync('ed25519').privateKey })
const log = signerOf(ORIGIN)
const known = [verifierOf(log)]
const checkpoint = { origin: ORIGIN, size: 20_852_163, root: leafHash(Buffer.from('x')) }
const untrusted = expect.objectContaining({ name: 'BastionError', code: 'untrusted' })

describe('signed notes', () => {
  it('reads what Go signed, and hands its key on unchanged', () => {
    const verifier = parseVerifier(GO_KEY)
    expect(openNote(GO_NOTE, [verifier])).toMatchObject({ text: GO_TEXT, by: [{ name: 'PeterNeumann' }] })
    expect(formatVerifier(verifier)).toBe(GO_KEY)
    expect(() => openNote(GO_NOTE.replace('answer', 'Answer'), [verifier])).toThrow(untrusted)
  })

  it('passes over signatures of strangers, and refuses a note that has no others', () => {
    const witness = signerOf('witness.example')
    const note = signNote('text\n', log)
    const both = note + signNote('text\n', witness).slice('text\n\n'.length)
    expect(openNote(both, known).by).toHaveLength(1)
    expect(openNote(both, [...known, verifierOf(witness)]).by).toHaveLength(2)
    expect(() => openNote(note, [verifierOf(witness)])).toThrow(untrusted)
    // The same name with another key is a stranger, too.
    expect(() => openNote(note, [verifierOf(signerOf(ORIGIN))])).toThrow(untrusted)
  })

  it('takes the last empty line as the border', () => {
    expect(openNote(signNote('a\n\nb\n', log), known).text).toBe('a\n\nb\n')
  })

  it.each(['name', 'a+00000000+AQ==', GO_KEY.replace('c74f', 'c74e'), GO_KEY.replace('Peter', 'Petra')])(
    'refuses the key %s',
    (text) => expect(() => parseVerifier(text)).toThrow(expect.objectContaining({ code: 'invalid' })),
  )

  it('signs with Ed25519 alone, and no text that could be read in two ways', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(() => signNote('text\n', { name: 'a', privateKey })).toThrow('Ed25519')
    for (const text of ['', 'no newline', 'a\r\n', 'a\0\n', '\ud800\n']) expect(() => signNote(text, log)).toThrow()
    for (const name of ['', 'a b', 'a+b', 'a\n']) expect(() => signNote('a\n', { ...log, name })).toThrow()
  })
})

describe('checkpoints', () => {
  const note = signCheckpoint(checkpoint, log)

  it('come back as they were signed', () => {
    expect(openCheckpoint(note, { origin: ORIGIN, known })).toEqual(checkpoint)
  })

  it('fault 38: are refused after any change of a character', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.string({ minLength: 0, maxLength: 1 }), (at, put) => {
        const changed = note.slice(0, at) + put + note.slice(at + 1)
        fc.pre(changed !== note)
        expect(() => openCheckpoint(changed, { origin: ORIGIN, known })).toThrow(untrusted)
      }),
      { numRuns: 500 },
    )
  })

  it('of another log, or that only a witness signed, are refused', () => {
    const other = signerOf('other.example')
    const strange = signCheckpoint({ ...checkpoint, origin: 'other.example' }, other)
    expect(() => openCheckpoint(strange, { origin: ORIGIN, known: [...known, verifierOf(other)] })).toThrow(untrusted)
    const body = note.slice(0, note.lastIndexOf('\n\n') + 1)
    const witnessed = signNote(body, other)
    expect(() => openCheckpoint(witnessed, { origin: ORIGIN, known: [...known, verifierOf(other)] })).toThrow(untrusted)
  })

  it.each(['01', '-1', '1e3', '9007199254740993', '', ' 1'])(
    'are refused with the size “%s”, signed or not',
    (size) => {
      const root = Buffer.from(checkpoint.root).toString('base64')
      const signed = signNote(`${ORIGIN}\n${size}\n${root}\n`, log)
      expect(() => openCheckpoint(signed, { origin: ORIGIN, known })).toThrow(untrusted)
    },
  )

  it('are refused with a root that is none', () => {
    for (const root of ['', 'AAAA', 'not base64', `${Buffer.alloc(33).toString('base64')}`]) {
      const signed = signNote(`${ORIGIN}\n1\n${root}\n`, log)
      expect(() => openCheckpoint(signed, { origin: ORIGIN, known }), root).toThrow(untrusted)
    }
  })
})
