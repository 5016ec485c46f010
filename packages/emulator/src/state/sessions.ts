import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../shared/clock.ts'
import type { AppClient } from './app-client.ts'
import { ExpiringMap } from './expiring-map.ts'
import type { User } from './user.ts'

/** One sign-in; its refresh token and its access tokens are revoked together (`origin_jti`). */
export interface Session {
  readonly originJti: string
  readonly eventId: string
  readonly client: AppClient
  readonly user: User
  readonly scopes: readonly string[]
  readonly authTime: number
  readonly kind: 'api' | 'hosted'
}

interface RefreshToken {
  readonly session: Session
  readonly endsAt: number
  /** Rotated: invalid from this time on. */
  retiresAt?: number | undefined
}

interface KeptToken {
  readonly token: string
  readonly endsAt: number
  readonly retiresAt: number | undefined
}

/** A session with what a snapshot needs to restore it. */
export interface KeptSession {
  readonly session: Session
  readonly endsAt: number
  readonly refreshTokens: readonly KeptToken[]
}

export class Sessions {
  readonly #byOrigin: ExpiringMap<Session>
  readonly #refreshTokens: ExpiringMap<RefreshToken>
  readonly #ofUser = new Map<User, Set<string>>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
    this.#byOrigin = new ExpiringMap(clock)
    this.#refreshTokens = new ExpiringMap(clock)
  }

  begin(given: Pick<Session, 'client' | 'user' | 'scopes' | 'kind'> & Partial<Pick<Session, 'authTime'>>): Session {
    const session = { authTime: this.#clock(), ...given, originJti: randomUUID(), eventId: randomUUID() }
    this.#enter(session, given.client.settings.refreshTokenLifetime)
    return session
  }

  #enter(session: Session, lifetime: number): void {
    this.#byOrigin.set(session.originJti, session, lifetime)
    const origins = this.#ofUser.get(session.user) ?? new Set()
    this.#ofUser.set(session.user, origins.add(session.originJti))
  }

  kept(): readonly KeptSession[] {
    const tokens = this.#tokensBySession()
    return [...this.#byOrigin.living()].map(([, { value: session, expiresAt }]) => ({
      session,
      endsAt: expiresAt,
      refreshTokens: tokens.get(session) ?? [],
    }))
  }

  #tokensBySession(): ReadonlyMap<Session, KeptSession['refreshTokens']> {
    const tokens = new Map<Session, KeptToken[]>()
    for (const [token, { value }] of this.#refreshTokens.living()) {
      const { session, endsAt, retiresAt } = value
      const kept = { token, endsAt, retiresAt }
      const others = tokens.get(session)
      if (others) others.push(kept)
      else tokens.set(session, [kept])
    }
    return tokens
  }

  resume({ session, endsAt, refreshTokens }: KeptSession): void {
    this.#enter(session, endsAt - this.#clock())
    for (const { token, ...kept } of refreshTokens) {
      this.#refreshTokens.set(token, { session, ...kept }, kept.endsAt - this.#clock())
    }
  }

  refreshTokenFor(session: Session): string {
    return this.#keep(session, this.#clock() + session.client.settings.refreshTokenLifetime)
  }

  byRefreshToken(token: string): Session | undefined {
    return this.wasRotatedAway(token) ? undefined : this.#refreshTokens.get(token)?.session
  }

  /** The token was replaced by a newer one, and its grace period is over. */
  wasRotatedAway(token: string): boolean {
    const { retiresAt } = this.#refreshTokens.get(token) ?? {}
    return retiresAt !== undefined && retiresAt <= this.#clock()
  }

  /** A new token with the remaining lifetime of the old one (Developer Guide: …-using-the-refresh-token). */
  rotate(token: string, graceMs: number): string | undefined {
    const old = this.#refreshTokens.get(token)
    if (!old) return undefined
    old.retiresAt ??= this.#clock() + graceMs
    return this.#keep(old.session, old.endsAt)
  }

  #keep(session: Session, endsAt: number): string {
    const token = randomBytes(48).toString('base64url')
    this.#refreshTokens.set(token, { session, endsAt }, endsAt - this.#clock())
    return token
  }

  isAlive(originJti: string): boolean {
    return this.#byOrigin.get(originJti) !== undefined
  }

  revoke(session: Session): void {
    this.#byOrigin.delete(session.originJti)
    this.#ofUser.get(session.user)?.delete(session.originJti)
  }

  revokeAll(user: User): void {
    for (const origin of this.#ofUser.get(user) ?? []) this.#byOrigin.delete(origin)
    this.#ofUser.delete(user)
  }

  clear(): void {
    this.#byOrigin.clear()
    this.#refreshTokens.clear()
    this.#ofUser.clear()
  }
}
