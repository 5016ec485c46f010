import { notAuthorized } from '../shared/faults.ts'
import type { ClientInPool } from '../state/account.ts'
import { isImportedPassword } from '../state/imported-hash.ts'
import { hashPassword, isPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import type { LimitsContext } from './attempt-limits.ts'
import { notePassword, refuseLocked } from './attempt-limits.ts'
import { resetRequired } from './user-status.ts'

export const wrongPassword = () => notAuthorized('Incorrect username or password.')

/** Federated users cannot use the sign-in API (Developer Guide: …-working-with-lambda-triggers). */
export const mayUsePassword = (user: User) => user.canUsePassword && user.status !== 'EXTERNAL_PROVIDER'

export function checkPasswordOf(
  context: LimitsContext,
  clientInPool: ClientInPool,
  user: User,
  password: string,
): void {
  const { pool } = clientInPool
  refuseLocked(context, pool, user)
  refuseWithoutPassword(clientInPool, user)
  adoptImported(pool, user, password)
  const isRight = mayUsePassword(user) && isPassword(user.password, pool.ownerOf(user), password)
  notePassword(context, pool, user, isRight)
  if (!isRight) throw wrongPassword()
}

/** An imported user has no password. A client that hides who exists does not tell so (…-using-import-tool). */
export function refuseWithoutPassword({ client }: ClientInPool, user: User): void {
  const hasNone = user.password === undefined && user.importedPassword === undefined
  if (user.status === 'RESET_REQUIRED' && hasNone && !client.settings.hidesUserExistence) throw resetRequired()
}

/** At its first use an imported password is hashed again by us, since SRP needs our own hash. */
function adoptImported(pool: Pool, user: User, password: string): void {
  if (!isImportedPassword(user.importedPassword, password)) return
  user.password = hashPassword(pool.ownerOf(user), password)
  user.importedPassword = undefined
}
