import { deliver, mediumOf } from '../messages/code-delivery.ts'
import type { MessagesContext } from '../messages/context.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { CognitoFault } from '../shared/faults.ts'
import type { ClientInPool } from '../state/account.ts'
import { nameNewUser } from '../state/new-user.ts'
import { hashPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import { written } from '../state/spelling.ts'
import { User } from '../state/user.ts'
import { runUserMigration, type UnknownUser } from '../triggers/user-migration.ts'

/**
 * Asks the migration trigger about an unknown user. The password that was typed becomes the user's password without a check of
 * the policy (Developer Guide: user-pool-lambda-migrate-user).
 */
export async function migrateUser(
  context: MessagesContext,
  clientInPool: ClientInPool,
  hiddenUser: UnknownUser,
): Promise<User | undefined> {
  const migration = await runUserMigration(context, clientInPool, hiddenUser)
  if (!migration) return undefined
  const { pool } = clientInPool
  const { username: alias, ...given } = Object.fromEntries(migration.attributes)
  const typed = alias ?? hiddenUser.typed
  if (typed !== hiddenUser.typed) assertAliasTyped(pool, hiddenUser.typed, migration.attributes)
  const { attributes, ...name } = nameNewUser(pool, typed, new Map(Object.entries(given)))
  pool.schema.checkNew(attributes)
  const status = migration.isConfirmed ? 'CONFIRMED' : 'RESET_REQUIRED'
  const user = new User({ ...name, attributes: written(context, pool, attributes), status, now: context.clock() })
  if (hiddenUser.password !== undefined) user.password = hashPassword(pool.ownerOf(user), hiddenUser.password)
  user.mfa.sms = migration.hasSmsMfa
  pool.users.listed.isRemembering ||= quirksOf(context, pool).listUsersLagMs > 0
  pool.users.add(user, migration.takesAliases ? 'steal' : 'refuse')
  await welcome(context, clientInPool, user, migration.welcomeBy)
  return user
}

/** The message holds no code: the user keeps the password. */
async function welcome(context: MessagesContext, { pool, client }: ClientInPool, user: User, media: readonly string[]) {
  for (const attribute of ['phone_number', 'email']) {
    const destination = user.attributes.get(attribute)
    if (destination === undefined || !media.includes(mediumOf(attribute))) continue
    const occasion = { source: 'MigrationWelcome', clientId: client.id, metadata: undefined } as const
    await deliver(context, pool, user, { purpose: 'AdminCreateUser', attribute, destination, code: '', occasion })
  }
}

/** The trigger may answer another username only where the user typed an alias (same guide page). */
function assertAliasTyped(pool: Pool, typed: string, attributes: ReadonlyMap<string, string>): void {
  const isAlias = pool.configuration.aliasAttributes.some((name) => attributes.get(name) === typed)
  if (!isAlias) throw new CognitoFault('InvalidLambdaResponseException', 'The username differs from the name typed.')
}
