import { randomBytes } from 'node:crypto'
import { type Clock, MINUTE } from '../clock.ts'
import type { AppClient } from './app-client.ts'
import { ExpiringMap } from './expiring-map.ts'
import type { User } from './user.ts'

export interface Challenge {
  readonly name: 'NEW_PASSWORD_REQUIRED'
  readonly user: User
  readonly client: AppClient
}

// AuthSessionValidity, API reference CreateUserPoolClient: three minutes unless set.
const LIFETIME = 3 * MINUTE

/** Sign-ins that wait for an answer, by the `Session` the client was given. */
export class Challenges {
  readonly #open: ExpiringMap<Challenge>

  constructor(clock: Clock) {
    this.#open = new ExpiringMap(clock)
  }

  begin(challenge: Challenge): string {
    const session = randomBytes(48).toString('base64url')
    this.#open.set(session, challenge, LIFETIME)
    return session
  }

  peek(session: string): Challenge | undefined {
    return this.#open.get(session)
  }

  end(session: string): void {
    this.#open.delete(session)
  }

  clear(): void {
    this.#open.clear()
  }
}
