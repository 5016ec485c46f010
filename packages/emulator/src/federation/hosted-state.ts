import { randomBytes } from 'node:crypto'
import { type Clock, HOUR, MINUTE } from '../shared/clock.ts'
import { ExpiringMap } from '../state/expiring-map.ts'
import type { Pool } from '../state/pool.ts'
import type { Session } from '../state/sessions.ts'
import type { User } from '../state/user.ts'
import type { Persona } from './personas.ts'

/** What `/oauth2/authorize` was asked, kept while the person is at the provider. */
export interface AuthorizeRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | undefined
  readonly nonce: string | undefined
  readonly codeChallenge: string | undefined
  readonly responseType: 'code' | 'token'
}

/** Somebody on the way to an identity provider and back. */
export interface Visit {
  /** Travels to the provider and back, as OAuth `state` or SAML RelayState. */
  readonly key: string
  readonly poolId: string
  readonly request: AuthorizeRequest
  readonly providerName: string
  /** Cognito's own nonce, which the provider's ID token must repeat. */
  readonly nonce: string
  readonly loginHint: string | undefined
  /** As the application asked: Cognito passes it on (Developer Guide: authorization-endpoint). */
  readonly prompt: string | undefined
}

/** Whom a browser's cookie stands for, so that a later authorize asks nothing (Developer Guide: authorization-endpoint). */
export interface BrowserSession {
  readonly pool: Pool
  readonly user: User
  readonly providerName: string
  /** When somebody last signed in here by hand; an authorize that the cookie answers does not count. */
  readonly signedInAt: number
}

/** What an authorization code stands for. */
export interface CodeGrant {
  readonly session: Session
  readonly request: AuthorizeRequest
}

// Developer Guide: quotas (OAuth code 5 min); the time at the provider is as long as a hosted session's step.
const CODE_LIFETIME = 5 * MINUTE
const VISIT_LIFETIME = 15 * MINUTE
const ASSERTION_MEMORY = 24 * HOUR
// Developer Guide: quotas ("session cookie").
export const BROWSER_SESSION_LIFETIME = HOUR

export const randomKey = () => randomBytes(24).toString('base64url')

export class HostedState {
  readonly #visits: ExpiringMap<Visit>
  readonly #browsers: ExpiringMap<BrowserSession>
  readonly #assertions: ExpiringMap<true>
  readonly #consents = new Set<string>()
  readonly #answers: ExpiringMap<Persona>
  readonly #codes: ExpiringMap<CodeGrant>

  constructor(clock: Clock) {
    this.#visits = new ExpiringMap(clock)
    this.#browsers = new ExpiringMap(clock)
    this.#assertions = new ExpiringMap(clock)
    this.#answers = new ExpiringMap(clock)
    this.#codes = new ExpiringMap(clock)
  }

  beginVisit(visit: Visit): void {
    this.#visits.set(visit.key, visit, VISIT_LIFETIME)
  }

  visit(key: string): Visit | undefined {
    return this.#visits.get(key)
  }

  endVisit(key: string): Visit | undefined {
    return this.#visits.take(key)
  }

  rememberBrowser(session: BrowserSession): string {
    const key = randomKey()
    this.#browsers.set(key, session, BROWSER_SESSION_LIFETIME)
    return key
  }

  browser(key: string): BrowserSession | undefined {
    return this.#browsers.get(key)
  }

  forgetBrowser(key: string): void {
    this.#browsers.delete(key)
  }

  forgetBrowsersOf(user: User): void {
    const keys = [...this.#browsers.living()].filter(([, { value }]) => value.user === user).map(([key]) => key)
    for (const key of keys) this.#browsers.delete(key)
  }

  /** Answers whether this application had never been let in by this person before. */
  isFirstConsent(clientId: string, subject: string): boolean {
    const key = JSON.stringify([clientId, subject])
    const isFirst = !this.#consents.has(key)
    this.#consents.add(key)
    return isFirst
  }

  /** A SAML assertion may come once (Developer Guide: cognito-user-pools-saml-idp-things-to-know). */
  isFirstUse(assertionId: string): boolean {
    if (this.#assertions.get(assertionId)) return false
    this.#assertions.set(assertionId, true, ASSERTION_MEMORY)
    return true
  }

  /** The simulated provider's own authorization code. */
  answerAs(persona: Persona): string {
    const code = randomKey()
    this.#answers.set(code, persona, CODE_LIFETIME)
    return code
  }

  redeemAnswer(code: string): Persona | undefined {
    return this.#answers.take(code)
  }

  grantCode(grant: CodeGrant): string {
    const code = randomKey()
    this.#codes.set(code, grant, CODE_LIFETIME)
    return code
  }

  /** Good once only. */
  redeemCode(code: string): CodeGrant | undefined {
    return this.#codes.take(code)
  }

  clear(): void {
    this.#visits.clear()
    this.#browsers.clear()
    this.#assertions.clear()
    this.#consents.clear()
    this.#answers.clear()
    this.#codes.clear()
  }
}
