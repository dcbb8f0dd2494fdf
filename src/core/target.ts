/** Something people work on. An `upstream` is a connection to one. */
export interface Target {
  readonly name: string
  readonly protocol: 'ssh'
  readonly host: string
  readonly port: number
  /** The account on the target when the person names none; the first of `logins`. */
  readonly login: string
  readonly logins: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** Pinned host keys, each `type base64`. Empty: none is pinned yet, and nobody gets in. */
  readonly hostKeys: readonly string[]
  /** Name of the vault's secret that opens it. */
  readonly credential: string
}
