import type { ClientInPool } from '../state/account.ts'
import type { User } from '../state/user.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
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
