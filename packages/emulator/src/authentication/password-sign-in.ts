import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
import type { AuthenticationContext } from './context.ts'
import { recognise } from './find-user.ts'
import { admit } from './first-factor.ts'
import { migrated } from './migrate-user.ts'
import { checkPasswordOf } from './password.ts'

export interface Credentials {
  readonly typed: string
  readonly password: string
  readonly metadata: Readonly<Record<string, string>> | undefined
}

/** Answers tokens, or the challenge that stands before them. */
export async function signInWithPassword(
  context: AuthenticationContext,
  clientInPool: ClientInPool,
  credentials: Credentials,
  source: TokenSource = 'TokenGeneration_Authentication',
): Promise<JsonRecord> {
  if (!clientInPool.pool.users.resolve(credentials.typed)) await migrated(context, clientInPool, credentials)
  const user = await recognise(context, clientInPool, credentials.typed, credentials.metadata)
  checkPasswordOf(context, clientInPool, user, credentials.password)
  return await admit({ context, clientInPool, user, source })
}
