import { CognitoFault, invalidParameter, notAuthorized, notEmulated } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { AnyChallenge } from './challenge-session.ts'
import { answerChoice, answerPassword } from './choice.ts'
import type { AuthenticationContext } from './context.ts'
import { answerCustomChallenge, nextChallenge } from './custom-challenge.ts'
import { continueAfterFirstFactor } from './first-factor.ts'
import { answerNewPassword } from './new-password.ts'
import { answerMfaChoice, answerMfaSetup, answerOneTimeCode, answerSoftwareToken } from './second-factor.ts'
import { type Answer, type Answers, parameter } from './sign-in-attempt.ts'
import { checkSrpProof } from './srp.ts'

/** What RespondToAuthChallenge and AdminRespondToAuthChallenge are given. */
export interface ChallengeResponse {
  readonly name: string
  readonly session: string
  readonly answers: Answers
  readonly metadata: Readonly<Record<string, string>> | undefined
}

export async function respond(
  context: AuthenticationContext,
  clientInPool: ClientInPool,
  { name, session, answers, metadata }: ChallengeResponse,
): Promise<JsonRecord> {
  const challenge = challengeFor(context, clientInPool, session, answers)
  if (challenge.name !== name) throw invalidParameter(`The session waits for ${challenge.name}.`)
  const { user, source } = challenge
  const attempt = { context, clientInPool, user, source, metadata }
  return await dispatch(challenge, { answers, attempt, close: () => context.challenges.end(session) })
}

const NOT_EMULATED = ['DEVICE_SRP_AUTH', 'DEVICE_PASSWORD_VERIFIER', 'WEB_AUTHN']

export function refuseNotEmulated(challengeName: string): void {
  if (NOT_EMULATED.includes(challengeName)) throw notEmulated(`The challenge ${challengeName}`)
}

async function dispatch(challenge: AnyChallenge, given: Omit<Answer<never>, 'challenge'>): Promise<JsonRecord> {
  switch (challenge.name) {
    case 'NEW_PASSWORD_REQUIRED':
      return await answerNewPassword({ challenge, ...given })
    case 'PASSWORD_VERIFIER':
      return await answerSrpProof({ challenge, ...given })
    case 'CUSTOM_CHALLENGE':
      return await answerCustomChallenge({ challenge, ...given })
    case 'SELECT_CHALLENGE':
      return await answerChoice({ challenge, ...given })
    case 'PASSWORD':
    case 'PASSWORD_SRP':
      return await answerPassword({ challenge, ...given }, challenge.name)
    case 'SMS_MFA':
    case 'SMS_OTP':
    case 'EMAIL_OTP':
      return await answerOneTimeCode({ challenge, ...given })
    case 'SOFTWARE_TOKEN_MFA':
      return await answerSoftwareToken({ challenge, ...given })
    case 'SELECT_MFA_TYPE':
      return await answerMfaChoice({ challenge, ...given })
    case 'MFA_SETUP':
      return await answerMfaSetup({ challenge, ...given })
    case 'SIGN_UP':
      throw invalidParameter('The session belongs to a sign-up, which InitiateAuth goes on with.')
    default:
      return challenge satisfies never
  }
}

async function answerSrpProof(answer: Answer<'PASSWORD_VERIFIER'>): Promise<JsonRecord> {
  checkSrpProof(answer)
  const { attempt, challenge } = answer
  if (!challenge.past) return await continueAfterFirstFactor(attempt)
  return await nextChallenge(attempt, [
    ...challenge.past,
    { challengeName: 'PASSWORD_VERIFIER', challengeResult: true },
  ])
}

function challengeFor(
  context: AuthenticationContext,
  { pool, client }: ClientInPool,
  session: string,
  answers: Answers,
): AnyChallenge {
  const typed = parameter(answers, 'USERNAME')
  client.checkSecretHash(typed, answers.SECRET_HASH)
  const challenge = context.challenges.peek(session)
  if (!challenge || challenge.client !== client) throw notAuthorized('Invalid session for the user.')
  const typedUser = pool.users.resolve(typed)
  const isSameUser = typedUser ? typedUser === challenge.user : typed === challenge.user.username
  if (!isSameUser) throw new CognitoFault('CodeMismatchException', 'Invalid session for the user.')
  if (!challenge.user.enabled) throw notAuthorized('User is disabled.')
  return challenge
}
