/** Where in S3, or in what speaks it, recordings are kept. */
export interface S3Settings {
  readonly bucket: string
  /** In front of every name: empty, or with a slash at its end. */
  readonly prefix: string
  readonly region: string
  /** Of a service that is not Amazon's. */
  readonly endpoint: URL | undefined
  /** The bucket stands in the path and not in the host's name. */
  readonly pathStyle: boolean
  /** Undefined: wherever the AWS SDK looks for them (environment, profile, the machine's role). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  /**
   * How an object is kept from being created twice: by the server (`If-None-Match: *`), or where that does not know it, by
   * looking first.
   */
  readonly createOnly: 'if-none-match' | 'look-first'
  readonly encryption: { readonly kind: 'aes256' } | { readonly kind: 'kms'; readonly key: string } | undefined
  /** Object Lock in compliance mode: nobody can delete it before, not even who owns the account. */
  readonly lockDays: number | undefined
}
