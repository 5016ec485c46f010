import { CognitoFault, invalidParameter, notAuthorized } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { inventSecret, matchingStep } from '../state/totp.ts'
import type { User } from '../state/user.ts'
import { selfOf } from '../tokens/access-token.ts'
import type { Challenge } from './challenge-session.ts'
import type { AuthenticationContext } from './context.ts'

/** The user is named by an access token, or by the session of MFA_SETUP. */
export interface SetupAuthorization {
  readonly accessToken: string | undefined
  readonly session: string | undefined
}

interface Owner {
  readonly user: User
  /** Set during a sign-in (MFA_SETUP). */
  readonly setup?: Challenge<'MFA_SETUP'>
}

/** Makes a secret for an authenticator app; a former one is forgotten (API reference: AssociateSoftwareToken). */
export async function associate(context: AuthenticationContext, given: SetupAuthorization): Promise<JsonRecord> {
  const { user, setup } = await ownerOf(context, given)
  const base32 = inventSecret()
  user.mfa.secret = { base32, isProven: false }
  user.mfa.softwareToken = false
  if (user.mfa.preferred === 'SOFTWARE_TOKEN_MFA') user.mfa.preferred = undefined
  return { SecretCode: base32, ...(setup && nextSession(context, given, setup, false)) }
}

export async function verify(
  context: AuthenticationContext,
  given: SetupAuthorization,
  code: string,
): Promise<JsonRecord> {
  const { user, setup } = await ownerOf(context, given)
  const { secret } = user.mfa
  if (!secret) throw new CognitoFault('SoftwareTokenMFANotFoundException', 'Software token MFA has not been set up.')
  const step = matchingStep(secret.base32, code, context.clock())
  if (step === undefined) throw new CognitoFault('EnableSoftwareTokenMFAException', 'Code mismatch')
  user.mfa.secret = { ...secret, isProven: true }
  user.mfa.lastStep = step
  return { Status: 'SUCCESS', ...(setup && nextSession(context, given, setup, true)) }
}

async function ownerOf(context: AuthenticationContext, { accessToken, session }: SetupAuthorization): Promise<Owner> {
  if (accessToken !== undefined) return await selfOf(context, accessToken)
  if (session === undefined) throw invalidParameter('An access token or a session is required.')
  const challenge = context.challenges.peek(session)
  if (challenge?.name !== 'MFA_SETUP') throw notAuthorized('Invalid session for the user.')
  return { user: challenge.user, setup: challenge }
}

function nextSession(
  { challenges }: AuthenticationContext,
  { session }: SetupAuthorization,
  setup: Challenge<'MFA_SETUP'>,
  isSetUp: boolean,
): JsonRecord {
  challenges.end(session ?? '')
  return { Session: challenges.begin({ ...setup, isSetUp }) }
}
