import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
import type { AuthenticationContext } from './context.ts'
import { findUserForSignIn } from './find-user.ts'
import { continueAfterFirstFactor } from './first-factor.ts'
import { migrateUser } from './migrate-user.ts'
import { checkPasswordOf } from './password.ts'

export interface Credentials {
  readonly typed: string
  readonly password: string
  readonly metadata: Readonly<Record<string, string>> | undefined
}

/** Answers tokens or the next challenge. */
export async function signInWithPassword(
  context: AuthenticationContext,
  clientInPool: ClientInPool,
  credentials: Credentials,
  source: TokenSource = 'TokenGeneration_Authentication',
): Promise<JsonRecord> {
  if (!clientInPool.pool.users.resolve(credentials.typed)) await migrateUser(context, clientInPool, credentials)
  const user = await findUserForSignIn(context, clientInPool, credentials.typed, credentials.metadata)
  checkPasswordOf(context, clientInPool, user, credentials.password)
  return await continueAfterFirstFactor({ context, clientInPool, user, source })
}
