import { type Clock, HOUR, MINUTE } from '../shared/clock.ts'
import { randomKey } from '../shared/random-key.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import { ExpiringMap } from '../state/expiring-map.ts'
import type { Persona } from './personas.ts'

/** A sign-in that is at an identity provider, from the redirect there until its answer. */
export interface ProviderVisit {
  /** Sent to the provider and back, as OAuth `state` or SAML RelayState. */
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

const VISIT_LIFETIME = 15 * MINUTE
const CODE_LIFETIME = 5 * MINUTE
const ASSERTION_MEMORY = 24 * HOUR

/** Sign-ins at identity providers, and what the simulated providers remember of them. */
export class ProviderVisits {
  readonly #visits: ExpiringMap<ProviderVisit>
  readonly #assertions: ExpiringMap<true>
  readonly #consents = new Set<string>()
  readonly #answers: ExpiringMap<Persona>

  constructor(clock: Clock) {
    this.#visits = new ExpiringMap(clock)
    this.#assertions = new ExpiringMap(clock)
    this.#answers = new ExpiringMap(clock)
  }

  begin(visit: ProviderVisit): void {
    this.#visits.set(visit.key, visit, VISIT_LIFETIME)
  }

  get(key: string): ProviderVisit | undefined {
    return this.#visits.get(key)
  }

  end(key: string): ProviderVisit | undefined {
    return this.#visits.take(key)
  }

  /** True at the first sign-in of this subject to this client. */
  isFirstConsent(clientId: string, subject: string): boolean {
    const key = JSON.stringify([clientId, subject])
    const isFirst = !this.#consents.has(key)
    this.#consents.add(key)
    return isFirst
  }

  /** A SAML assertion is good once (Developer Guide: cognito-user-pools-saml-idp-things-to-know). */
  isFirstUse(assertionId: string): boolean {
    if (this.#assertions.get(assertionId)) return false
    this.#assertions.set(assertionId, true, ASSERTION_MEMORY)
    return true
  }

  /** The simulated provider's own authorization code. */
  issueCode(persona: Persona): string {
    const code = randomKey()
    this.#answers.set(code, persona, CODE_LIFETIME)
    return code
  }

  redeemCode(code: string): Persona | undefined {
    return this.#answers.take(code)
  }

  clear(): void {
    this.#visits.clear()
    this.#assertions.clear()
    this.#consents.clear()
    this.#answers.clear()
  }
}
