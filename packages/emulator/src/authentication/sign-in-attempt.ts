import type { ClientInPool } from '../state/account.ts'
import type { User } from '../state/user.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
import type { AuthenticationContext } from './context.ts'

/** One user's sign-in, from the first call until the tokens. */
export interface SignInAttempt {
  readonly context: AuthenticationContext
  readonly clientInPool: ClientInPool
  readonly user: User
  readonly source: TokenSource
  /** From the answer to a challenge; that of InitiateAuth never reaches PostAuthentication. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}
