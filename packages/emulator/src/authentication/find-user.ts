import { randomBytes, randomUUID } from 'node:crypto'
import { notAuthorized, userNotFound } from '../shared/faults.ts'
import type { ClientInPool } from '../state/account.ts'
import { hashPassword } from '../state/password.ts'
import { User } from '../state/user.ts'
import type { TriggersContext } from '../triggers/context.ts'
import { runPreAuthentication, runPreAuthenticationForUnknownUser } from '../triggers/lifecycle.ts'

type Metadata = Readonly<Record<string, string>> | undefined

/** Finds the user and runs PreAuthentication. Where the client hides who exists, an unknown user gets a user that no password fits. */
export async function findUserForSignIn(
  context: TriggersContext,
  clientInPool: ClientInPool,
  typed: string,
  metadata: Metadata,
): Promise<User> {
  const { pool, client } = clientInPool
  const user = pool.users.resolve(typed)
  if (!user) return await hiddenUser(context, clientInPool, typed, metadata)
  if (!user.enabled) throw notAuthorized('User is disabled.')
  await runPreAuthentication(context, { pool, user, clientId: client.id }, metadata)
  return user
}

async function hiddenUser(
  context: TriggersContext,
  clientInPool: ClientInPool,
  typed: string,
  metadata: Metadata,
): Promise<User> {
  const { pool, client } = clientInPool
  if (!client.settings.hidesUserExistence) throw userNotFound()
  await runPreAuthenticationForUnknownUser(context, { pool, clientId: client.id, userName: typed }, metadata)
  const user = new User({ username: typed, sub: randomUUID(), attributes: new Map(), status: 'CONFIRMED', now: 0 })
  user.password = hashPassword(pool.ownerOf(user), randomBytes(32).toString('hex'))
  return user
}
