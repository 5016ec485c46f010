import { invalidParameter } from '../shared/faults.ts'
import type { ClientInPool } from '../state/account.ts'
import type { User } from '../state/user.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
import type { Challenge, ChallengeName } from './challenge-session.ts'
import type { AuthenticationContext } from './context.ts'

/** The sign-in of one user, from the first call until tokens are issued. */
export interface SignInAttempt {
  readonly context: AuthenticationContext
  readonly clientInPool: ClientInPool
  readonly user: User
  readonly source: TokenSource
  /** ClientMetadata of RespondToAuthChallenge; PostAuthentication never sees that of InitiateAuth. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export type Answers = Readonly<Record<string, string>>

/** What RespondToAuthChallenge was given, together with the challenge it belongs to. */
export interface Answer<N extends ChallengeName> {
  readonly challenge: Challenge<N>
  readonly answers: Answers
  readonly attempt: SignInAttempt
  /** Ends the session. Until then the client may answer again. */
  close(): void
}

export function parameter(given: Answers, name: string): string {
  const value = given[name]
  if (!value) throw invalidParameter(`Missing required parameter ${name}`)
  return value
}
