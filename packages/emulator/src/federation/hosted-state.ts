import { randomBytes } from 'node:crypto'
import { type Clock, MINUTE } from '../clock.ts'
import { ExpiringMap } from '../state/expiring-map.ts'
import type { Session } from '../state/sessions.ts'
import type { Persona } from './personas.ts'

/** What `/oauth2/authorize` was asked, kept while the person is at the provider. */
export interface AuthorizeRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | undefined
  readonly nonce: string | undefined
  readonly codeChallenge: string | undefined
  readonly providerName: string
}

/** What an authorization code stands for. */
export interface CodeGrant {
  readonly session: Session
  readonly request: AuthorizeRequest
}

// Developer Guide: quotas (OAuth code 5 min); the time at the provider is as long as a hosted session's step.
const CODE_LIFETIME = 5 * MINUTE
const VISIT_LIFETIME = 15 * MINUTE

const random = () => randomBytes(24).toString('base64url')

export class HostedState {
  readonly #visits: ExpiringMap<AuthorizeRequest>
  readonly #answers: ExpiringMap<Persona>
  readonly #codes: ExpiringMap<CodeGrant>

  constructor(clock: Clock) {
    this.#visits = new ExpiringMap(clock)
    this.#answers = new ExpiringMap(clock)
    this.#codes = new ExpiringMap(clock)
  }

  /** Somebody goes to the provider; the key travels as the OAuth `state` between Cognito and the provider. */
  beginVisit(request: AuthorizeRequest): string {
    const key = random()
    this.#visits.set(key, request, VISIT_LIFETIME)
    return key
  }

  visit(key: string): AuthorizeRequest | undefined {
    return this.#visits.get(key)
  }

  endVisit(key: string): AuthorizeRequest | undefined {
    return this.#visits.take(key)
  }

  /** The simulated provider's own authorization code. */
  answerAs(persona: Persona): string {
    const code = random()
    this.#answers.set(code, persona, CODE_LIFETIME)
    return code
  }

  redeemAnswer(code: string): Persona | undefined {
    return this.#answers.take(code)
  }

  grantCode(grant: CodeGrant): string {
    const code = random()
    this.#codes.set(code, grant, CODE_LIFETIME)
    return code
  }

  /** Good once only. */
  redeemCode(code: string): CodeGrant | undefined {
    return this.#codes.take(code)
  }

  clear(): void {
    this.#visits.clear()
    this.#answers.clear()
    this.#codes.clear()
  }
}
