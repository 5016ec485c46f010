import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { AppClient } from './app-client.ts'
import { ExpiringMap } from './expiring-map.ts'
import type { User } from './user.ts'

/** One sign-in; its refresh token and every access token of it live and die together (`origin_jti`). */
export interface Session {
  readonly originJti: string
  readonly eventId: string
  readonly client: AppClient
  readonly user: User
  readonly scopes: readonly string[]
  readonly authTime: number
  readonly kind: 'api' | 'hosted'
}

export class Sessions {
  readonly #byOrigin: ExpiringMap<Session>
  readonly #byRefreshToken: ExpiringMap<Session>
  readonly #ofUser = new Map<User, Set<string>>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
    this.#byOrigin = new ExpiringMap(clock)
    this.#byRefreshToken = new ExpiringMap(clock)
  }

  begin(given: Pick<Session, 'client' | 'user' | 'scopes' | 'kind'>): Session {
    const session = { ...given, originJti: randomUUID(), eventId: randomUUID(), authTime: this.#clock() }
    this.#byOrigin.set(session.originJti, session, given.client.settings.refreshTokenLifetime)
    const origins = this.#ofUser.get(given.user) ?? new Set()
    this.#ofUser.set(given.user, origins.add(session.originJti))
    return session
  }

  refreshTokenFor(session: Session): string {
    const token = randomBytes(48).toString('base64url')
    this.#byRefreshToken.set(token, session, session.client.settings.refreshTokenLifetime)
    return token
  }

  byRefreshToken(token: string): Session | undefined {
    return this.#byRefreshToken.get(token)
  }

  isAlive(originJti: string): boolean {
    return this.#byOrigin.get(originJti) !== undefined
  }

  revokeAll(user: User): void {
    for (const origin of this.#ofUser.get(user) ?? []) this.#byOrigin.delete(origin)
    this.#ofUser.delete(user)
  }

  clear(): void {
    this.#byOrigin.clear()
    this.#byRefreshToken.clear()
    this.#ofUser.clear()
  }
}
