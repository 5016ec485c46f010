import type { Challenge } from '../authentication/challenge-session.ts'
import { CognitoFault, invalidParameter, notAuthorized } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { inventSecret, matchingStep } from '../state/totp.ts'
import type { User } from '../state/user.ts'
import { selfOf } from '../tokens/access-token.ts'
import type { Call, Operation } from './operation.ts'

interface Owner {
  readonly user: User
  /** Set while the user is still on the way in (MFA_SETUP). */
  readonly setup?: Challenge<'MFA_SETUP'>
}

/** Makes a secret for an authenticator app; a former one is forgotten (API reference: AssociateSoftwareToken). */
export const associateSoftwareToken: Operation = async (call) => {
  const { user, setup } = await ownerOf(call)
  const base32 = inventSecret()
  user.mfa.secret = { base32, isProven: false }
  user.mfa.softwareToken = false
  if (user.mfa.preferred === 'SOFTWARE_TOKEN_MFA') user.mfa.preferred = undefined
  return { SecretCode: base32, ...(setup && nextSession(call, setup, false)) }
}

export const verifySoftwareToken: Operation = async (call) => {
  const code = call.input.need('UserCode')
  const { user, setup } = await ownerOf(call)
  const { secret } = user.mfa
  if (!secret) throw new CognitoFault('SoftwareTokenMFANotFoundException', 'Software token MFA has not been set up.')
  const step = matchingStep(secret.base32, code, call.context.clock())
  if (step === undefined) throw new CognitoFault('EnableSoftwareTokenMFAException', 'Code mismatch')
  user.mfa.secret = { ...secret, isProven: true }
  user.mfa.lastStep = step
  return { Status: 'SUCCESS', ...(setup && nextSession(call, setup, true)) }
}

async function ownerOf({ context, input }: Call): Promise<Owner> {
  const token = input.text('AccessToken')
  if (token !== undefined) return await selfOf(context, token)
  const session = input.text('Session')
  if (session === undefined) throw invalidParameter('An access token or a session is required.')
  const challenge = context.challenges.peek(session)
  if (challenge?.name !== 'MFA_SETUP') throw notAuthorized('Invalid session for the user.')
  return { user: challenge.user, setup: challenge }
}

function nextSession({ context, input }: Call, setup: Challenge<'MFA_SETUP'>, isSetUp: boolean): JsonRecord {
  context.challenges.end(input.text('Session') ?? '')
  return { Session: context.challenges.begin({ ...setup, isSetUp }) }
}
