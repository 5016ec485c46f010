import { type Clock, HOUR } from '../shared/clock.ts'
import { randomKey } from '../shared/random-key.ts'
import { ExpiringMap } from './expiring-map.ts'
import type { Pool } from './pool.ts'
import type { User } from './user.ts'

/** The session behind a browser's cookie, so that a later authorize request needs no sign-in (Developer Guide: authorization-endpoint). */
export interface BrowserSession {
  readonly pool: Pool
  readonly user: User
  readonly providerName: string
  /** The time of the last sign-in by hand; an authorize request that the cookie answers does not change it. */
  readonly signedInAt: number
}

// Developer Guide: quotas ("session cookie").
export const BROWSER_SESSION_LIFETIME = HOUR

/** The sessions of managed login, by the value of the browser's cookie. */
export class BrowserSessions {
  readonly #sessions: ExpiringMap<BrowserSession>

  constructor(clock: Clock) {
    this.#sessions = new ExpiringMap(clock)
  }

  begin(session: BrowserSession): string {
    const key = randomKey()
    this.#sessions.set(key, session, BROWSER_SESSION_LIFETIME)
    return key
  }

  get(key: string): BrowserSession | undefined {
    return this.#sessions.get(key)
  }

  end(key: string): void {
    this.#sessions.delete(key)
  }

  endAll(user: User): void {
    const keys = [...this.#sessions.living()].filter(([, { value }]) => value.user === user).map(([key]) => key)
    for (const key of keys) this.#sessions.delete(key)
  }

  clear(): void {
    this.#sessions.clear()
  }
}
