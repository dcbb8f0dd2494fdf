import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newBrowser } from '../support/idp-browser.ts'
import { type IdentityParts, startIdentity } from './parts.ts'

const never = new AbortController().signal
const complete = (login: { readonly verificationUriComplete: string | undefined }) =>
  login.verificationUriComplete ?? ''

describe('startDevice()', () => {
  let parts: IdentityParts
  beforeEach(async () => {
    parts = await startIdentity()
  })
  afterEach(async () => {
    vi.useRealTimers()
    await parts.idp.close()
  })

  it('names a code, a page and an end, and resolves to who confirmed it', async () => {
    const { identity, clock, idp } = parts
    const login = await identity.startDevice(never)
    expect(login.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    expect(login.verificationUri).toBe(`${idp.issuer}/device`)
    expect(complete(login)).toBe(`${idp.issuer}/device?user_code=${login.userCode}`)
    expect(login.expiresAt.getTime() - clock.now().getTime()).toBe(300_000)

    const page = await newBrowser().confirmDevice(complete(login), 'alice')
    expect(page.body).toContain('You are signed in')
    expect(await clock.step()).toBe(1000)
    expect(await login.principal).toEqual({
      id: `${idp.issuer}#alice`,
      issuer: idp.issuer,
      subject: 'alice',
      name: 'alice',
      email: 'alice@example.test',
      groups: ['engineering'],
    })
  })

  it('goes on asking while nobody has confirmed', async () => {
    const { identity, clock } = parts
    const login = await identity.startDevice(never)
    await clock.step()
    await clock.step()
    await newBrowser().confirmDevice(complete(login), 'erin')
    await clock.step()
    expect((await login.principal).groups).toEqual(['sre'])
  })

  it('rejects with "forbidden" when the person says no', async () => {
    const { identity, clock } = parts
    const login = await identity.startDevice(never)
    const page = await newBrowser().denyDevice(complete(login))
    expect(page.body).toContain('The sign-in was refused')
    await clock.step()
    await expect(login.principal).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('rejects with "unauthenticated" when the code runs out here', async () => {
    const { identity, clock } = parts
    const login = await identity.startDevice(never)
    await clock.waitForTimer()
    clock.advance(300_000)
    await expect(login.principal).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringMatching(/expired/),
    })
  })

  it('rejects with "unauthenticated" when the code has run out at the provider', async () => {
    const { identity, clock } = parts
    const login = await identity.startDevice(never)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 })
    const page = await newBrowser().confirmDevice(complete(login), 'alice')
    expect(page.body).toContain('That code has expired')
    await clock.step()
    await expect(login.principal).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('lets a code be used once: a second person is refused, and the first stays who it is', async () => {
    const { identity, clock } = parts
    const login = await identity.startDevice(never)
    await newBrowser().confirmDevice(complete(login), 'alice')
    const second = await newBrowser().confirmDevice(complete(login), 'bob')
    expect(second.body).toContain('That code was used before')
    await clock.step()
    expect((await login.principal).subject).toBe('alice')
    const third = await newBrowser().confirmDevice(complete(login), 'bob')
    expect(third.body).toContain('That code was used before')
  })

  it('stops asking when aborted, and nobody has to watch the promise', async () => {
    const { identity, clock } = parts
    const abort = new AbortController()
    const login = await identity.startDevice(abort.signal)
    await clock.waitForTimer()
    abort.abort()
    await expect(login.principal).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(clock.nextInMs).toBeUndefined()
    const gone = new AbortController()
    const unwatched = await identity.startDevice(gone.signal)
    gone.abort()
    expect(unwatched.userCode).not.toBe(login.userCode)
    await expect(identity.startDevice(gone.signal)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('rejects with "unavailable" when the provider dies while it is waited for', async () => {
    const { identity, clock, idp } = parts
    const login = await identity.startDevice(never)
    await clock.step()
    await clock.waitForTimer()
    await idp.close()
    let isOver = false
    const ended = login.principal.catch((error: unknown) => {
      isOver = true
      return error
    })
    for (let step = 0; step < 20 && !isOver; step += 1) {
      await Promise.race([clock.waitForTimer(), ended])
      if (clock.nextInMs !== undefined) clock.advance(clock.nextInMs)
    }
    expect(await ended).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/went away/) })
  })

  it('fault 6: two logins in parallel never swap people', async () => {
    const { identity, clock } = parts
    const people = ['alice', 'bob', 'carol', 'dave']
    const logins = await Promise.all(people.map(() => identity.startDevice(never)))
    expect(new Set(logins.map((login) => login.userCode)).size).toBe(people.length)
    // Confirmed in another order than they were begun, and all at once.
    await Promise.all(
      people.map((person, index) => newBrowser().confirmDevice(complete(logins[index] ?? fail()), person)).reverse(),
    )
    await clock.step()
    expect((await Promise.all(logins.map((login) => login.principal))).map(({ subject }) => subject)).toEqual(people)
  })

  it('fault 7: the provider asks for a click on the code also when somebody is signed in already', async () => {
    const { identity, clock } = parts
    const browser = newBrowser()
    const first = await identity.startDevice(never)
    await browser.confirmDevice(complete(first), 'alice')
    const second = await identity.startDevice(never)
    const page = await browser.signIn(complete(second), 'alice')
    expect(page.body).toContain(second.userCode)
    expect(page.body).toContain('You are signed in here as <b>alice</b>')
    expect(page.forms.some((form) => form.buttons.has('confirm'))).toBe(true)
    await clock.step()
    await expect(first.principal).resolves.toMatchObject({ subject: 'alice' })
    const pending = Symbol('pending')
    await clock.waitForTimer()
    expect(await Promise.race([second.principal, Promise.resolve(pending)])).toBe(pending)
  })
})

function fail(): never {
  throw new Error('missing')
}
