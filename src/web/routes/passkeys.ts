/**
 * A person's own passkeys: the keys that sign their decisions. Only a browser adds one, and nobody is shown or revokes
 * another's here. Adding one takes a fresh sign-in: who got hold of a browser that is signed in, and of nothing else, would
 * otherwise leave it with a key of their own that speaks for its person for good.
 */
import { z } from '@hono/zod-openapi'
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from 'hono'
import { demandStepUp } from '../../approval/step-up.ts'
import type { AuditType } from '../../core/audit.ts'
import { BastionError } from '../../core/errors.ts'
import type { PasskeyRecord } from '../../core/passkey.ts'
import type { StepUp } from '../../core/verdict.ts'
import type { Api } from '../api.ts'
import { authenticationOf, personOf, type WebEnv } from '../caller.ts'
import { PasskeyRegistrations } from '../passkey-registration.ts'
import type { WebServices } from '../services.ts'
import { json, problems, Time, time } from '../views/common.ts'
import { StepUpView, stepUpView } from '../views/hold.ts'

const MOST_PASSKEYS = 10
export const PASSKEY_STEP_UP: StepUp = { maxAgeMs: 5 * 60_000, acr: [] }

const PasskeyView = z
  .object({
    id: z.string(),
    label: z.string(),
    registeredAt: Time,
    lastUsedAt: Time.nullable(),
    /** `elsewhere`: it was made for another address of the bastion, and signs nothing at this one. */
    state: z.enum(['in-force', 'revoked', 'elsewhere']),
  })
  .openapi('Passkey')
export type PasskeyView = z.infer<typeof PasskeyView>

const PasskeysView = z
  .object({
    /** Whether browsers use passkeys at the bastion's address at all. */
    usable: z.boolean(),
    passkeys: z.array(PasskeyView),
    /** What adding one takes. */
    stepUp: StepUpView,
  })
  .openapi('Passkeys')
export type PasskeysView = z.infer<typeof PasskeysView>

const PasskeyWanted = z
  .object({
    challenge: z.string(),
    /** The relying party id. */
    site: z.string(),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    algorithms: z.array(z.number().int()),
    known: z.array(z.string()),
  })
  .openapi('PasskeyWanted')
export type PasskeyWanted = z.infer<typeof PasskeyWanted>

const text = z.string().max(16_384)
/** A RegistrationResponseJSON (WebAuthn §5.1.8); what else a browser sends with it is not looked at. */
const NewPasskey = z
  .object({
    label: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/^\P{C}+$/u, 'plain text'),
    response: z.object({
      id: text,
      rawId: text,
      type: z.literal('public-key'),
      response: z.object({ clientDataJSON: text, attestationObject: text }),
    }),
  })
  .openapi('NewPasskey')

export function addPasskeys(api: Api, services: WebServices): void {
  const { clock, store, desk } = services
  const registrations = new PasskeyRegistrations(clock)

  const view = ({ credential, label, registeredAt, lastUsedAt, revokedAt, site }: PasskeyRecord): PasskeyView => ({
    id: credential,
    label,
    registeredAt: registeredAt.toISOString(),
    lastUsedAt: time(lastUsedAt),
    state: revokedAt !== undefined ? 'revoked' : site === desk.signing.relyingParty?.id ? 'in-force' : 'elsewhere',
  })

  const record = (type: AuditType, c: Context<WebEnv>, detail: Record<string, unknown>) => {
    const { id: actor, name: actorName } = personOf(c)
    return store.audit.append({
      ...{ type, at: clock.now(), actor, actorName, session: undefined, hold: undefined },
      detail,
    })
  }

  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/passkeys',
      summary: 'The passkeys that may sign your decisions',
      responses: { 200: json(PasskeysView, 'The passkeys, newest first.'), ...problems },
    },
    async (c) => {
      const passkeys = await store.passkeys.list(personOf(c).id)
      const usable = desk.signing.relyingParty !== undefined
      return c.json({ usable, passkeys: passkeys.map(view), stepUp: stepUpView(PASSKEY_STEP_UP) }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/passkeys/options',
      summary: 'What to ask a browser for, to add a passkey; wants a sign-in that is minutes old',
      responses: { 200: json(PasskeyWanted, 'What navigator.credentials.create() is asked for.'), ...problems },
    },
    async (c) => {
      const site = desk.signing.demandRelyingParty()
      const [browser, person] = [browserOf(c), personOf(c)]
      demandStepUp(PASSKEY_STEP_UP, { authentication: authenticationOf(c), isSigned: false }, clock.now())
      const known = (await store.passkeys.list(person.id)).filter((passkey) => view(passkey).state === 'in-force')
      if (known.length >= MOST_PASSKEYS) {
        throw new BastionError('conflict', `You have ${MOST_PASSKEYS} passkeys; revoke one first.`)
      }
      const { algorithms, known: taken, ...wanted } = await registrations.begin(browser, person, { site, known })
      return c.json({ ...wanted, algorithms: [...algorithms], known: [...taken] }, 200)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'post',
      path: '/passkeys',
      summary: 'Add the passkey that a browser made',
      request: { body: { required: true, content: { 'application/json': { schema: NewPasskey } } } },
      responses: { 201: json(PasskeyView, 'It is yours.'), ...problems },
    },
    async (c) => {
      const site = desk.signing.demandRelyingParty()
      const { label, response } = c.req.valid('json')
      const answer: RegistrationResponseJSON = { ...response, clientExtensionResults: {} }
      const made = await registrations.finish(browserOf(c), answer, site)
      const passkey: PasskeyRecord = {
        ...made,
        principal: personOf(c).id,
        label,
        site: site.id,
        registeredAt: clock.now(),
        lastUsedAt: undefined,
        revokedAt: undefined,
      }
      // The key with it: whoever has the log alone can verify what it signed.
      const { credential, publicKey } = passkey
      await record('passkey.registered', c, { credential, publicKey, label, site: site.id })
      await store.passkeys.insert(passkey)
      return c.json(view(passkey), 201)
    },
  )

  api.route(
    'signed-in',
    {
      method: 'delete',
      path: '/passkeys/{id}',
      summary: 'Revoke a passkey of yours; what it signed stays signed',
      request: { params: z.object({ id: z.string().max(2048) }) },
      responses: { 204: { description: 'It is revoked.' }, ...problems },
    },
    async (c) => {
      const { id } = c.req.valid('param')
      const own = await store.passkeys.find(id)
      if (own?.principal !== personOf(c).id || own.revokedAt !== undefined) {
        throw new BastionError('not-found', 'There is no such passkey of yours in force.')
      }
      await record('passkey.revoked', c, { credential: id, label: own.label })
      await store.passkeys.revoke(id, own.principal, clock.now())
      return c.body(null, 204)
    },
  )
}

/** A program has an access token, and nobody in front of it. */
function browserOf(c: Context<WebEnv>): string {
  const { caller } = c.var
  if (caller?.kind !== 'browser') throw new BastionError('forbidden', 'A passkey is added in a browser.')
  return caller.session.id
}
