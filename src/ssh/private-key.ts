import ssh2 from 'ssh2'

/** Reports whether a connection could be opened with it: a private key in a format that is known, without a passphrase. */
export function isPrivateKey(bytes: Uint8Array): boolean {
  const parsed = ssh2.utils.parseKey(Buffer.from(bytes))
  if (parsed instanceof Error) return false
  const [key] = Array.isArray(parsed) ? parsed : [parsed]
  return key?.isPrivateKey() ?? false
}
