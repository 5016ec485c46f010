import { type Answer, type Answers, parameter } from '../authentication/challenge-answer.ts'
import type { AnyChallenge } from '../authentication/challenge-session.ts'
import { answerChoice, answerPassword } from '../authentication/choice.ts'
import { answerCustomChallenge } from '../authentication/custom-challenge.ts'
import { answerNewPassword } from '../authentication/new-password.ts'
import {
  answerMfaChoice,
  answerMfaSetup,
  answerOneTimeCode,
  answerSoftwareToken,
} from '../authentication/second-factor.ts'
import { answerSrpProof } from '../authentication/srp.ts'
import { CognitoFault, invalidParameter, notAuthorized, notEmulated } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import { type Call, clientOf, type Operation } from './operation.ts'

export const respondToAuthChallenge: Operation = (call) => respond(call, clientOf(call))

export const adminRespondToAuthChallenge: Operation = (call) => {
  const { context, input } = call
  return respond(call, context.account.clientOf(input.need('UserPoolId'), input.need('ClientId')))
}

const UNPLAYED = ['DEVICE_SRP_AUTH', 'DEVICE_PASSWORD_VERIFIER', 'WEB_AUTHN']

async function respond(call: Call, clientInPool: ClientInPool): Promise<JsonRecord> {
  const { context, input } = call
  const name = input.need('ChallengeName')
  if (UNPLAYED.includes(name)) throw notEmulated(`The challenge ${name}`)
  const answers = input.texts('ChallengeResponses') ?? {}
  const session = input.need('Session')
  const challenge = challengeFor(call, clientInPool, session, answers)
  if (challenge.name !== name) throw invalidParameter(`The session waits for ${challenge.name}.`)
  const { user, source } = challenge
  const attempt = { context, clientInPool, user, source, metadata: input.texts('ClientMetadata') }
  return await dispatch(challenge, { answers, attempt, close: () => context.challenges.end(session) })
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

function challengeFor(call: Call, { pool, client }: ClientInPool, session: string, answers: Answers): AnyChallenge {
  const typed = parameter(answers, 'USERNAME')
  client.checkSecretHash(typed, answers.SECRET_HASH)
  const challenge = call.context.challenges.peek(session)
  if (!challenge || challenge.client !== client) throw notAuthorized('Invalid session for the user.')
  const typedUser = pool.users.resolve(typed)
  const isSameUser = typedUser ? typedUser === challenge.user : typed === challenge.user.username
  if (!isSameUser) throw new CognitoFault('CodeMismatchException', 'Invalid session for the user.')
  if (!challenge.user.enabled) throw notAuthorized('User is disabled.')
  return challenge
}
