import { notAuthorized } from '../shared/faults.ts'
import type { ClientInPool } from '../state/account.ts'
import type { User } from '../state/user.ts'
import type { Challenge } from './challenge-session.ts'
import type { AuthenticationContext } from './context.ts'

export type SignUpFactor = Challenge<'SIGN_UP'>['factor']

interface Beginning {
  readonly context: AuthenticationContext
  readonly clientInPool: ClientInPool
  readonly user: User
  /** How the address was proven; unset before it is. */
  readonly factor: SignUpFactor
}

/** Joins SignUp, ConfirmSignUp and USER_AUTH, for clients that allow that flow (API reference: ConfirmSignUp). */
export function beginSignUp({ context, clientInPool: { client }, user, factor }: Beginning): string | undefined {
  if (!client.allows('USER_AUTH')) return undefined
  return context.challenges.begin({ name: 'SIGN_UP', user, client, source: 'TokenGeneration_Authentication', factor })
}

/** Refuses a session of another user, of another client or of another kind. */
export function takeSignUp(
  context: AuthenticationContext,
  { client }: ClientInPool,
  user: User,
  session: string,
): SignUpFactor {
  const challenge = context.challenges.peek(session)
  if (challenge?.name !== 'SIGN_UP' || challenge.client !== client || challenge.user !== user) {
    throw notAuthorized('Invalid session for the user.')
  }
  context.challenges.end(session)
  return challenge.factor
}
