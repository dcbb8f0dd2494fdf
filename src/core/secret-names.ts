/** Names in the vault that are the bastion's own: no target opens with them, and nobody puts anything there by hand. */
export const OWN_SECRETS = 'sallyport/'

/** What signs the checkpoints of the audit log. */
export const LOG_KEY = `${OWN_SECRETS}audit-log-key`

export function isOwnSecret(name: string): boolean {
  return name.startsWith(OWN_SECRETS)
}
