/**
 * The package comes without types. This declares the part of oidc-provider 9 that the demo uses, and no more.
 */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  /** Koa's context, as far as it is used here. `oidc` is there inside oidc-provider's own routes only. */
  export interface Context {
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly method: string
    readonly path: string
    readonly query: Readonly<Record<string, string | string[] | undefined>>
    readonly cookies: { set(name: string, value: string | null, options?: object): void }
    readonly oidc: OidcContext
    status: number
    type: string
    body: unknown
    set(name: string, value: string): void
    redirect(url: string): void
  }

  export interface OidcContext {
    readonly provider: Provider
    readonly account?: { readonly accountId: string }
    readonly session: { readonly accountId?: string; readonly state?: { readonly secret: string } }
    readonly client: ClientRecord
    readonly deviceCode?: { readonly userCode: string }
    readonly resourceServers: Readonly<Record<string, unknown>>
    readonly requestParamOIDCScopes: ReadonlySet<string>
    urlFor(route: string): string
  }

  export interface ClientRecord {
    readonly clientId: string
    readonly clientName?: string
    grantTypeAllowed(type: string): boolean
  }

  export interface Interaction {
    readonly uid: string
    readonly prompt: { readonly name: string }
    readonly params: Readonly<Record<string, unknown>>
  }

  export interface Grant {
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  export interface Session {
    destroy(): Promise<void>
  }

  export class Provider {
    constructor(issuer: string, configuration: object)
    readonly Grant: new (properties: {
      readonly accountId: string
      readonly clientId: string
    }) => Grant
    readonly Client: { find(id: string): Promise<ClientRecord | undefined> }
    readonly Session: { get(ctx: Context): Promise<Session> }
    /** Adds Koa middleware in front of the provider's own routes. */
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void> | void): this
    callback(): (req: IncomingMessage, res: ServerResponse) => void
    cookieName(type: 'session'): string
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>
    /** Keeps the result and resolves to where the browser goes next. */
    interactionResult(req: IncomingMessage, res: ServerResponse, result: object): Promise<string>
  }

  export const errors: { readonly InvalidTarget: new () => Error }
  export const interactionPolicy: { base(): { remove(prompt: string): void } }
}
