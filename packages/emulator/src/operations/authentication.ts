import type { Desk } from '../desk.ts'
import { CognitoFault, notAuthorized, userNotFound } from '../faults.ts'
import type { JsonRecord } from '../json.ts'
import type { ClientInPool } from '../state/account.ts'
import { isPassword } from '../state/password.ts'
import type { User } from '../state/user.ts'
import { ADMIN_SCOPE } from '../tokens/access-token.ts'
import { issueTokens } from '../tokens/issue.ts'
import type { TokenSource } from '../tokens/pre-token-generation.ts'
import { runPostAuthentication, runPreAuthentication, runPreAuthenticationForNobody } from '../triggers/lifecycle.ts'

type Metadata = Readonly<Record<string, string>> | undefined

const wrongPassword = () => notAuthorized('Incorrect username or password.')

interface Attempt {
  readonly typed: string
  readonly password: string
  readonly metadata: Metadata
}

/** Answers tokens, or the challenge that stands before them. */
export async function signInWithPassword(desk: Desk, place: ClientInPool, attempt: Attempt): Promise<JsonRecord> {
  const user = await knownUser(desk, place, attempt)
  if (!user.enabled) throw notAuthorized('User is disabled.')
  await runPreAuthentication(desk, { ...place, user, clientId: place.client.id }, attempt.metadata)
  checkPasswordOf(user, attempt.password)
  refuseByStatus(desk, user)
  if (user.status === 'FORCE_CHANGE_PASSWORD') return newPasswordRequired(desk, place, user)
  return await completeSignIn(desk, place, user, 'TokenGeneration_Authentication')
}

async function knownUser(desk: Desk, { pool, client }: ClientInPool, { typed, metadata }: Attempt): Promise<User> {
  const user = pool.users.resolve(typed)
  if (user) return user
  if (!client.settings.hidesUserExistence) throw userNotFound()
  await runPreAuthenticationForNobody(desk, { pool, clientId: client.id, userName: typed }, metadata)
  throw wrongPassword()
}

/** Federated users cannot use the sign-in API (Developer Guide: …-working-with-lambda-triggers). */
function checkPasswordOf(user: User, password: string): void {
  const canTry = user.canUsePassword && user.status !== 'EXTERNAL_PROVIDER'
  if (!canTry || !isPassword(user.password, password)) throw wrongPassword()
}

function refuseByStatus(desk: Desk, user: User): void {
  if (user.status === 'UNCONFIRMED') throw new CognitoFault('UserNotConfirmedException', 'User is not confirmed.')
  if (user.status === 'RESET_REQUIRED') {
    throw new CognitoFault('PasswordResetRequiredException', 'Password reset required for the user')
  }
  const expiresAt = user.temporaryPasswordExpiresAt
  if (user.status === 'FORCE_CHANGE_PASSWORD' && expiresAt !== undefined && expiresAt <= desk.clock()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.')
  }
}

function newPasswordRequired(desk: Desk, { pool, client }: ClientInPool, user: User): JsonRecord {
  const required = pool.schema.missing(user.attributes).map((name) => `userAttributes.${name}`)
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: desk.challenges.begin({ name: 'NEW_PASSWORD_REQUIRED', user, client }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(required),
      userAttributes: JSON.stringify(Object.fromEntries(pool.shown(user.attributes))),
    },
  }
}

export async function completeSignIn(
  desk: Desk,
  { pool, client }: ClientInPool,
  user: User,
  source: TokenSource,
  metadata?: Metadata,
): Promise<JsonRecord> {
  await runPostAuthentication(desk, { pool, user, clientId: client.id }, metadata)
  const session = desk.sessions.begin({ client, user, scopes: [ADMIN_SCOPE], kind: 'api' })
  const tokens = await issueTokens(desk, { pool, session, source })
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: tokens.accessToken,
      IdToken: tokens.idToken,
      RefreshToken: desk.sessions.refreshTokenFor(session),
      ExpiresIn: tokens.expiresIn,
      TokenType: 'Bearer',
    },
  }
}
