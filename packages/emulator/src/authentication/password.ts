import { randomBytes, randomUUID } from 'node:crypto'
import type { EmulatorContext } from '../context.ts'
import { CognitoFault, notAuthorized, userNotFound } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import { isImportedPassword } from '../state/imported-hash.ts'
import { hashPassword, isPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import { User } from '../state/user.ts'
import { runPreAuthentication, runPreAuthenticationForNobody } from '../triggers/lifecycle.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
import { notePassword, refuseLocked } from './attempt-limits.ts'
import type { SignInAttempt } from './complete-sign-in.ts'
import { migrated } from './migrate-user.ts'
import { askForSecondFactor } from './second-factor.ts'

type Metadata = Readonly<Record<string, string>> | undefined

export const wrongPassword = () => notAuthorized('Incorrect username or password.')

export interface Credentials {
  readonly typed: string
  readonly password: string
  readonly metadata: Metadata
}

/** Answers tokens, or the challenge that stands before them. */
export async function signInWithPassword(
  context: EmulatorContext,
  clientInPool: ClientInPool,
  credentials: Credentials,
  source: TokenSource = 'TokenGeneration_Authentication',
): Promise<JsonRecord> {
  if (!clientInPool.pool.users.resolve(credentials.typed)) await migrated(context, clientInPool, credentials)
  const user = await recognise(context, clientInPool, credentials.typed, credentials.metadata)
  checkPasswordOf(context, clientInPool, user, credentials.password)
  return await admit({ context, clientInPool, user, source })
}

/** Whoever this is may try to sign in; where the client hides who exists, a stranger looks like a user. */
export async function recognise(
  context: EmulatorContext,
  clientInPool: ClientInPool,
  typed: string,
  metadata: Metadata,
): Promise<User> {
  const { pool, client } = clientInPool
  const user = pool.users.resolve(typed)
  if (!user) return await stranger(context, clientInPool, typed, metadata)
  if (!user.enabled) throw notAuthorized('User is disabled.')
  await runPreAuthentication(context, { pool, user, clientId: client.id }, metadata)
  return user
}

async function stranger(
  context: EmulatorContext,
  clientInPool: ClientInPool,
  typed: string,
  metadata: Metadata,
): Promise<User> {
  const { pool, client } = clientInPool
  if (!client.settings.hidesUserExistence) throw userNotFound()
  await runPreAuthenticationForNobody(context, { pool, clientId: client.id, userName: typed }, metadata)
  const user = new User({ username: typed, sub: randomUUID(), attributes: new Map(), status: 'CONFIRMED', now: 0 })
  user.password = hashPassword(pool.ownerOf(user), randomBytes(32).toString('hex'))
  return user
}

/** Federated users cannot use the sign-in API (Developer Guide: …-working-with-lambda-triggers). */
export const mayUsePassword = (user: User) => user.canUsePassword && user.status !== 'EXTERNAL_PROVIDER'

export function checkPasswordOf(
  context: EmulatorContext,
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

/** An imported user has no password to be right or wrong: a hiding client does not tell (…-using-import-tool). */
export function refuseWithoutPassword({ client }: ClientInPool, user: User): void {
  const hasNone = user.password === undefined && user.importedPassword === undefined
  if (user.status === 'RESET_REQUIRED' && hasNone && !client.settings.hidesUserExistence) throw resetRequired()
}

const resetRequired = () => new CognitoFault('PasswordResetRequiredException', 'Password reset required for the user')

/** From its first use on, an imported password is one like any other: SRP needs our own hash of it. */
function adoptImported(pool: Pool, user: User, password: string): void {
  if (!isImportedPassword(user.importedPassword, password)) return
  user.password = hashPassword(pool.ownerOf(user), password)
  user.importedPassword = undefined
}

/** The first factor is proven; the state of the account and further challenges stand before the tokens. */
export async function admit(attempt: SignInAttempt): Promise<JsonRecord> {
  refuseByStatus(attempt.context, attempt.user)
  if (attempt.user.status === 'FORCE_CHANGE_PASSWORD') return newPasswordRequired(attempt)
  return await askForSecondFactor(attempt)
}

export function refuseUnconfirmed(user: User): void {
  if (user.status === 'UNCONFIRMED') throw new CognitoFault('UserNotConfirmedException', 'User is not confirmed.')
}

export function refuseByStatus(context: EmulatorContext, user: User): void {
  refuseUnconfirmed(user)
  if (user.status === 'RESET_REQUIRED') throw resetRequired()
  const expiresAt = user.temporaryPasswordExpiresAt
  if (user.status === 'FORCE_CHANGE_PASSWORD' && expiresAt !== undefined && expiresAt <= context.clock()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.')
  }
}

function newPasswordRequired({
  context,
  clientInPool: { pool, client },
  user,
  source: before,
}: SignInAttempt): JsonRecord {
  const required = pool.schema.missing(user.attributes).map((name) => `userAttributes.${name}`)
  const source = before === 'TokenGeneration_HostedAuth' ? before : 'TokenGeneration_NewPasswordChallenge'
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: context.challenges.begin({ name: 'NEW_PASSWORD_REQUIRED', user, client, source }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(required),
      userAttributes: JSON.stringify(Object.fromEntries(pool.shown(user.attributes))),
    },
  }
}
