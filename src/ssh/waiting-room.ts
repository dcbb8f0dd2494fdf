/**
 * Where connections are until somebody is signed in on them, from the first packet of TCP on: ssh2 tells of a client only
 * when it has sent its version, so one that says nothing would be seen by nobody (CVE-2024-6387, CVE-2025-22869).
 *
 * INVARIANT: at most `MAX_KNOCKING` connections are here that are not busy with a sign-in in a browser, each for at most
 * the login grace time. When one more comes, the oldest of the address that holds most of them is put out, so that a
 * stranger who opens many keeps only himself out.
 */
import type { Socket } from 'node:net'
import type { Clock } from '../core/clock.ts'

/** OpenSSH's LoginGraceTime; a sign-in in the browser gets as long as its code lives. */
export const LOGIN_GRACE_MS = 120_000
export const MAX_KNOCKING = 200
/** One address may be many people behind a translator; the login desk has a bound of its own for all of them. */
export const MAX_IN_BROWSER_PER_ADDRESS = 100

export interface Visitor {
  /** Stops the grace time while a browser is waited for; false: too many of this address do so already. */
  enterBrowser(): boolean
  /** The sign-in in the browser has ended without success; the grace time runs anew. */
  leaveBrowser(): void
  /** Somebody is signed in, or the connection is gone. */
  leave(): void
}

interface Place {
  readonly address: string
  readonly socket: Socket
  isInBrowser: boolean
  stopGrace: () => void
}

export class WaitingRoom {
  readonly #clock: Clock
  readonly #places = new Set<Place>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get knocking(): number {
    return this.#knocking().length
  }

  enter(socket: Socket): Visitor {
    if (this.knocking >= MAX_KNOCKING) this.#makeRoom()
    const place: Place = { address: socket.remoteAddress ?? '', socket, isInBrowser: false, stopGrace: () => {} }
    const startGrace = () => {
      place.stopGrace = this.#clock.after(LOGIN_GRACE_MS, () => socket.destroy())
    }
    const leave = () => {
      place.stopGrace()
      this.#places.delete(place)
    }
    this.#places.add(place)
    startGrace()
    socket.once('close', leave)
    return {
      enterBrowser: () => {
        const busy = [...this.#places].filter((other) => other.isInBrowser && other.address === place.address)
        if (busy.length >= MAX_IN_BROWSER_PER_ADDRESS) return false
        place.isInBrowser = true
        place.stopGrace()
        return true
      },
      leaveBrowser() {
        if (!place.isInBrowser) return
        place.isInBrowser = false
        if (!socket.destroyed) startGrace()
      },
      leave,
    }
  }

  /** Puts everybody out who is not signed in. */
  close(): void {
    for (const { socket } of this.#places) socket.destroy()
  }

  #knocking(): readonly Place[] {
    return [...this.#places].filter((place) => !place.isInBrowser)
  }

  #makeRoom(): void {
    const byAddress = Map.groupBy(this.#knocking(), (place) => place.address)
    const greediest = [...byAddress.values()].reduce(
      (most, places) => (places.length > most.length ? places : most),
      [],
    )
    // A set keeps the order of arrival, so the first is the oldest.
    greediest[0]?.socket.destroy()
    if (greediest[0] !== undefined) this.#places.delete(greediest[0])
  }
}
