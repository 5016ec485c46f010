import { deliver, inventCode } from '../messages/code-delivery.ts'
import { CognitoFault, invalidParameter } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import { matchingStep } from '../state/totp.ts'
import type { MfaFactor, User } from '../state/user.ts'
import { notePassword, refuseLocked } from './attempt-limits.ts'
import { completeSignIn } from './complete-sign-in.ts'
import { type Answer, parameter, type SignInAttempt } from './sign-in-attempt.ts'

/** Developer Guide: user-pool-settings-mfa. The first factor is proven: asks for a second one where the pool or the user requires it. */
export async function askForSecondFactor(attempt: SignInAttempt): Promise<JsonRecord> {
  const { clientInPool, user } = attempt
  const { configuration } = clientInPool.pool.mfa
  if (configuration === 'OFF') return await completeSignIn(attempt)
  const usable = usableFactors(clientInPool.pool, user)
  const [first, another] = usable
  if (first === undefined) return configuration === 'ON' ? askToSetUp(attempt) : await completeSignIn(attempt)
  const chosen = usable.find((factor) => factor === user.mfa.preferred) ?? (another === undefined ? first : undefined)
  return chosen === undefined ? askToSelect(attempt, usable) : await ask(attempt, chosen)
}

/** Where the pool requires a second factor, every factor that the user has set up counts; elsewhere the user turns factors on. */
function usableFactors({ mfa }: Pool, { mfa: own, attributes }: User): readonly MfaFactor[] {
  const isDemanded = mfa.configuration === 'ON'
  const isVerified = (name: string) => attributes.get(`${name}_verified`) === 'true'
  const sms = mfa.sms && attributes.has('phone_number') && (own.sms || (isDemanded && isVerified('phone_number')))
  const token = mfa.softwareToken && own.secret?.isProven === true && (own.softwareToken || isDemanded)
  const email = mfa.email && isVerified('email') && (own.email || isDemanded)
  return [
    ...(sms ? (['SMS_MFA'] as const) : []),
    ...(token ? (['SOFTWARE_TOKEN_MFA'] as const) : []),
    ...(email ? (['EMAIL_OTP'] as const) : []),
  ]
}

function waiting({ clientInPool, user, source }: SignInAttempt) {
  return { user, client: clientInPool.client, source }
}

function askToSetUp(attempt: SignInAttempt): JsonRecord {
  if (!attempt.clientInPool.pool.mfa.softwareToken)
    throw invalidParameter('The user has no second factor that the pool allows.')
  return {
    ChallengeName: 'MFA_SETUP',
    Session: attempt.context.challenges.begin({ ...waiting(attempt), name: 'MFA_SETUP', isSetUp: false }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: attempt.user.username,
      MFAS_CAN_SETUP: JSON.stringify(['SOFTWARE_TOKEN_MFA']),
    },
  }
}

function askToSelect(attempt: SignInAttempt, offered: readonly MfaFactor[]): JsonRecord {
  return {
    ChallengeName: 'SELECT_MFA_TYPE',
    Session: attempt.context.challenges.begin({ ...waiting(attempt), name: 'SELECT_MFA_TYPE', offered }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: attempt.user.username,
      MFAS_CAN_CHOOSE: JSON.stringify(offered),
    },
  }
}

async function ask(attempt: SignInAttempt, factor: MfaFactor): Promise<JsonRecord> {
  if (factor === 'SMS_MFA') return await sendOneTimeCode(attempt, factor, 'phone_number')
  if (factor === 'EMAIL_OTP') return await sendOneTimeCode(attempt, factor, 'email')
  return {
    ChallengeName: factor,
    Session: attempt.context.challenges.begin({ ...waiting(attempt), name: factor }),
    ChallengeParameters: { USER_ID_FOR_SRP: attempt.user.username },
  }
}

/** Sends a code, as the first or as the second factor. */
export async function sendOneTimeCode(
  attempt: SignInAttempt,
  name: 'SMS_MFA' | 'SMS_OTP' | 'EMAIL_OTP',
  attribute: 'email' | 'phone_number',
): Promise<JsonRecord> {
  const { context, clientInPool, user, metadata } = attempt
  const code = inventCode()
  const occasion = { source: 'Authentication', clientId: clientInPool.client.id, metadata } as const
  const destination = user.attributes.get(attribute) ?? ''
  const sent = await deliver(context, clientInPool.pool, user, {
    purpose: 'Authentication',
    attribute,
    destination,
    code,
    occasion,
  })
  return {
    ChallengeName: name,
    Session: context.challenges.begin({ ...waiting(attempt), name, code }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      CODE_DELIVERY_DELIVERY_MEDIUM: sent.DeliveryMedium,
      CODE_DELIVERY_DESTINATION: sent.Destination,
    },
  }
}

const wrongCode = () => new CognitoFault('CodeMismatchException', 'Invalid code or auth state for the user.')

export async function answerOneTimeCode(answer: Answer<'SMS_MFA' | 'SMS_OTP' | 'EMAIL_OTP'>): Promise<JsonRecord> {
  const { challenge, answers } = answer
  return await finish(answer, parameter(answers, `${challenge.name}_CODE`) === challenge.code)
}

export async function answerSoftwareToken(answer: Answer<'SOFTWARE_TOKEN_MFA'>): Promise<JsonRecord> {
  const { context, user } = answer.attempt
  const code = parameter(answer.answers, 'SOFTWARE_TOKEN_MFA_CODE')
  const step = user.mfa.secret && matchingStep(user.mfa.secret.base32, code, context.clock())
  if (step !== undefined && step <= user.mfa.lastStep) {
    throw new CognitoFault('ExpiredCodeException', 'Your software token has already been used once.')
  }
  if (step !== undefined) user.mfa.lastStep = step
  return await finish(answer, step !== undefined)
}

/** A wrong code counts like a wrong password; the session stays open for another try. */
async function finish(
  { attempt, close }: Pick<Answer<never>, 'attempt' | 'close'>,
  isRight: boolean,
): Promise<JsonRecord> {
  const { context, clientInPool, user } = attempt
  refuseLocked(context, clientInPool.pool, user)
  notePassword(context, clientInPool.pool, user, isRight)
  if (!isRight) throw wrongCode()
  close()
  return await completeSignIn(attempt)
}

export async function answerMfaChoice(answer: Answer<'SELECT_MFA_TYPE'>): Promise<JsonRecord> {
  const { challenge, answers, attempt } = answer
  const wanted = parameter(answers, 'ANSWER')
  const factor = usableFactors(attempt.clientInPool.pool, attempt.user).find((usable) => usable === wanted)
  if (!factor || !challenge.offered.includes(factor)) throw invalidParameter('The answer is none of MFAS_CAN_CHOOSE.')
  answer.close()
  return await ask(attempt, factor)
}

/** The session must be the one that VerifySoftwareToken gave (API reference: RespondToAuthChallenge, MFA_SETUP). */
export async function answerMfaSetup(answer: Answer<'MFA_SETUP'>): Promise<JsonRecord> {
  if (!answer.challenge.isSetUp) throw invalidParameter('The software token has not been verified in this session.')
  answer.close()
  answer.attempt.user.mfa.softwareToken = true
  return await completeSignIn(answer.attempt)
}
