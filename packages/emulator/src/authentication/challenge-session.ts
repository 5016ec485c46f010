import { randomBytes } from 'node:crypto'
import type { Clock } from '../shared/clock.ts'
import type { AppClient } from '../state/app-client.ts'
import { ExpiringMap } from '../state/expiring-map.ts'
import type { SrpExchange } from '../state/srp.ts'
import type { User } from '../state/user.ts'
import type { PastChallenge } from '../triggers/custom-challenge.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'

interface Waiting {
  readonly user: User
  readonly client: AppClient
  readonly source: TokenSource
}

type CheckedRequest =
  | { readonly name: 'NEW_PASSWORD_REQUIRED' }
  | {
      readonly name: 'PASSWORD_VERIFIER'
      readonly srp: SrpExchange
      /** Set where SRP is a step of a custom sign-in. */
      readonly past?: readonly PastChallenge[]
    }
  | {
      readonly name: 'CUSTOM_CHALLENGE'
      readonly past: readonly PastChallenge[]
      readonly privateParameters: unknown
      readonly metadata: string | undefined
    }
  | { readonly name: 'PASSWORD' | 'PASSWORD_SRP' }
  | { readonly name: 'SELECT_CHALLENGE'; readonly offered: readonly string[] }
  | { readonly name: 'EMAIL_OTP' | 'SMS_OTP' | 'SMS_MFA'; readonly code: string }
  | { readonly name: 'SOFTWARE_TOKEN_MFA' }
  | { readonly name: 'SELECT_MFA_TYPE'; readonly offered: readonly string[] }
  | { readonly name: 'MFA_SETUP'; readonly isSetUp: boolean }
  /** Joins SignUp, ConfirmSignUp and InitiateAuth; a client cannot answer it. */
  | { readonly name: 'SIGN_UP'; readonly factor: 'EMAIL_OTP' | 'SMS_OTP' | undefined }

export type ChallengeName = CheckedRequest['name']
export type Challenge<N extends ChallengeName = ChallengeName> = Waiting & Extract<CheckedRequest, { readonly name: N }>
/** Written out, so that `switch (challenge.name)` narrows the type. */
export type AnyChallenge = Waiting & CheckedRequest

/** Sign-ins that wait for an answer, by the `Session` that the client was given. */
export class ChallengeSessions {
  readonly #open: ExpiringMap<AnyChallenge>

  constructor(clock: Clock) {
    this.#open = new ExpiringMap(clock)
  }

  begin(challenge: AnyChallenge): string {
    const session = randomBytes(48).toString('base64url')
    this.#open.set(session, challenge, challenge.client.settings.authSessionLifetime)
    return session
  }

  peek(session: string): AnyChallenge | undefined {
    return this.#open.get(session)
  }

  end(session: string): void {
    this.#open.delete(session)
  }

  clear(): void {
    this.#open.clear()
  }
}
