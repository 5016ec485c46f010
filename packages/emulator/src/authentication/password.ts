import { randomBytes, randomUUID } from 'node:crypto'
import type { Desk } from '../context.ts'
import { CognitoFault, notAuthorized, userNotFound } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import { isImportedPassword } from '../state/imported-hash.ts'
import { hashPassword, isPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import { User } from '../state/user.ts'
import type { TokenSource } from '../tokens/pre-token-generation.ts'
import { runPreAuthentication, runPreAuthenticationForNobody } from '../triggers/lifecycle.ts'
import { notePassword, refuseLocked } from './attempt-limits.ts'
import type { Entrance } from './complete-sign-in.ts'
import { migrated } from './migrate-user.ts'
import { askForSecondFactor } from './second-factor.ts'

type Metadata = Readonly<Record<string, string>> | undefined

export const wrongPassword = () => notAuthorized('Incorrect username or password.')

export interface Attempt {
  readonly typed: string
  readonly password: string
  readonly metadata: Metadata
}

/** Answers tokens, or the challenge that stands before them. */
export async function signInWithPassword(
  desk: Desk,
  place: ClientInPool,
  attempt: Attempt,
  source: TokenSource = 'TokenGeneration_Authentication',
): Promise<JsonRecord> {
  if (!place.pool.users.resolve(attempt.typed)) await migrated(desk, place, attempt)
  const user = await recognise(desk, place, attempt.typed, attempt.metadata)
  checkPasswordOf(desk, place, user, attempt.password)
  return await admit({ desk, place, user, source })
}

/** Whoever this is may try to sign in; where the client hides who exists, a stranger looks like a user. */
export async function recognise(desk: Desk, place: ClientInPool, typed: string, metadata: Metadata): Promise<User> {
  const { pool, client } = place
  const user = pool.users.resolve(typed)
  if (!user) return await stranger(desk, place, typed, metadata)
  if (!user.enabled) throw notAuthorized('User is disabled.')
  await runPreAuthentication(desk, { pool, user, clientId: client.id }, metadata)
  return user
}

async function stranger(desk: Desk, place: ClientInPool, typed: string, metadata: Metadata): Promise<User> {
  const { pool, client } = place
  if (!client.settings.hidesUserExistence) throw userNotFound()
  await runPreAuthenticationForNobody(desk, { pool, clientId: client.id, userName: typed }, metadata)
  const user = new User({ username: typed, sub: randomUUID(), attributes: new Map(), status: 'CONFIRMED', now: 0 })
  user.password = hashPassword(pool.ownerOf(user), randomBytes(32).toString('hex'))
  return user
}

/** Federated users cannot use the sign-in API (Developer Guide: …-working-with-lambda-triggers). */
export const mayUsePassword = (user: User) => user.canUsePassword && user.status !== 'EXTERNAL_PROVIDER'

export function checkPasswordOf(desk: Desk, place: ClientInPool, user: User, password: string): void {
  const { pool } = place
  refuseLocked(desk, pool, user)
  refuseWithoutPassword(place, user)
  adoptImported(pool, user, password)
  const isRight = mayUsePassword(user) && isPassword(user.password, pool.ownerOf(user), password)
  notePassword(desk, pool, user, isRight)
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
export async function admit(entrance: Entrance): Promise<JsonRecord> {
  refuseByStatus(entrance.desk, entrance.user)
  if (entrance.user.status === 'FORCE_CHANGE_PASSWORD') return newPasswordRequired(entrance)
  return await askForSecondFactor(entrance)
}

export function refuseUnconfirmed(user: User): void {
  if (user.status === 'UNCONFIRMED') throw new CognitoFault('UserNotConfirmedException', 'User is not confirmed.')
}

export function refuseByStatus(desk: Desk, user: User): void {
  refuseUnconfirmed(user)
  if (user.status === 'RESET_REQUIRED') throw resetRequired()
  const expiresAt = user.temporaryPasswordExpiresAt
  if (user.status === 'FORCE_CHANGE_PASSWORD' && expiresAt !== undefined && expiresAt <= desk.clock()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.')
  }
}

function newPasswordRequired({ desk, place: { pool, client }, user, source: before }: Entrance): JsonRecord {
  const required = pool.schema.missing(user.attributes).map((name) => `userAttributes.${name}`)
  const source = before === 'TokenGeneration_HostedAuth' ? before : 'TokenGeneration_NewPasswordChallenge'
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: desk.challenges.begin({ name: 'NEW_PASSWORD_REQUIRED', user, client, source }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(required),
      userAttributes: JSON.stringify(Object.fromEntries(pool.shown(user.attributes))),
    },
  }
}
