import { type Clock, MINUTE } from '../shared/clock.ts'
import { randomKey } from '../shared/random-key.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import { ExpiringMap } from '../state/expiring-map.ts'
import type { Session } from '../state/sessions.ts'

/** What an authorization code stands for. */
export interface CodeGrant {
  readonly session: Session
  readonly request: AuthorizeRequest
}

// Developer Guide: quotas (OAuth code: 5 minutes).
const CODE_LIFETIME = 5 * MINUTE

export class AuthorizationCodes {
  readonly #grants: ExpiringMap<CodeGrant>

  constructor(clock: Clock) {
    this.#grants = new ExpiringMap(clock)
  }

  issue(grant: CodeGrant): string {
    const code = randomKey()
    this.#grants.set(code, grant, CODE_LIFETIME)
    return code
  }

  /** A code is good once (RFC 6749, section 4.1.2). */
  redeem(code: string): CodeGrant | undefined {
    return this.#grants.take(code)
  }

  clear(): void {
    this.#grants.clear()
  }
}
