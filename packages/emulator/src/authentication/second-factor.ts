import { deliver, inventCode } from '../messages/code-delivery.ts'
import { CognitoFault, invalidParameter } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import { matchingStep } from '../state/totp.ts'
import type { MfaFactor, User } from '../state/user.ts'
import { notePassword, refuseLocked } from './attempt-limits.ts'
import { type Answer, parameter } from './challenge-answer.ts'
import { completeSignIn, type Entrance } from './complete-sign-in.ts'

/** Developer Guide: user-pool-settings-mfa. The first factor holds; a second one stands before the tokens, or does not. */
export async function askForSecondFactor(entrance: Entrance): Promise<JsonRecord> {
  const { place, user } = entrance
  const { configuration } = place.pool.mfa
  if (configuration === 'OFF') return await completeSignIn(entrance)
  const usable = usableFactors(place.pool, user)
  const [first, another] = usable
  if (first === undefined) return configuration === 'ON' ? askToSetUp(entrance) : await completeSignIn(entrance)
  const chosen = usable.find((factor) => factor === user.mfa.preferred) ?? (another === undefined ? first : undefined)
  return chosen === undefined ? askToSelect(entrance, usable) : await ask(entrance, chosen)
}

/** Where the pool demands a second factor, whatever the user could use is in use; elsewhere the user decides. */
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

function waiting({ place, user, source }: Entrance) {
  return { user, client: place.client, source }
}

function askToSetUp(entrance: Entrance): JsonRecord {
  if (!entrance.place.pool.mfa.softwareToken)
    throw invalidParameter('The user has no second factor that the pool allows.')
  return {
    ChallengeName: 'MFA_SETUP',
    Session: entrance.desk.challenges.begin({ ...waiting(entrance), name: 'MFA_SETUP', isSetUp: false }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: entrance.user.username,
      MFAS_CAN_SETUP: JSON.stringify(['SOFTWARE_TOKEN_MFA']),
    },
  }
}

function askToSelect(entrance: Entrance, offered: readonly MfaFactor[]): JsonRecord {
  return {
    ChallengeName: 'SELECT_MFA_TYPE',
    Session: entrance.desk.challenges.begin({ ...waiting(entrance), name: 'SELECT_MFA_TYPE', offered }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: entrance.user.username,
      MFAS_CAN_CHOOSE: JSON.stringify(offered),
    },
  }
}

async function ask(entrance: Entrance, factor: MfaFactor): Promise<JsonRecord> {
  if (factor === 'SMS_MFA') return await sendOneTimeCode(entrance, factor, 'phone_number')
  if (factor === 'EMAIL_OTP') return await sendOneTimeCode(entrance, factor, 'email')
  return {
    ChallengeName: factor,
    Session: entrance.desk.challenges.begin({ ...waiting(entrance), name: factor }),
    ChallengeParameters: { USER_ID_FOR_SRP: entrance.user.username },
  }
}

/** The same code whether it is the first factor or the second. */
export async function sendOneTimeCode(
  entrance: Entrance,
  name: 'SMS_MFA' | 'SMS_OTP' | 'EMAIL_OTP',
  attribute: 'email' | 'phone_number',
): Promise<JsonRecord> {
  const { desk, place, user, metadata } = entrance
  const code = inventCode()
  const occasion = { source: 'Authentication', clientId: place.client.id, metadata } as const
  const destination = user.attributes.get(attribute) ?? ''
  const sent = await deliver(desk, place.pool, user, {
    purpose: 'Authentication',
    attribute,
    destination,
    code,
    occasion,
  })
  return {
    ChallengeName: name,
    Session: desk.challenges.begin({ ...waiting(entrance), name, code }),
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
  const { desk, user } = answer.entrance
  const code = parameter(answer.answers, 'SOFTWARE_TOKEN_MFA_CODE')
  const step = user.mfa.secret && matchingStep(user.mfa.secret.base32, code, desk.clock())
  if (step !== undefined && step <= user.mfa.lastStep) {
    throw new CognitoFault('ExpiredCodeException', 'Your software token has already been used once.')
  }
  if (step !== undefined) user.mfa.lastStep = step
  return await finish(answer, step !== undefined)
}

/** A wrong code counts like a wrong password; the session stays open for another try. */
async function finish(
  { entrance, close }: Pick<Answer<never>, 'entrance' | 'close'>,
  isRight: boolean,
): Promise<JsonRecord> {
  const { desk, place, user } = entrance
  refuseLocked(desk, place.pool, user)
  notePassword(desk, place.pool, user, isRight)
  if (!isRight) throw wrongCode()
  close()
  return await completeSignIn(entrance)
}

export async function answerMfaChoice(answer: Answer<'SELECT_MFA_TYPE'>): Promise<JsonRecord> {
  const { challenge, answers, entrance } = answer
  const wanted = parameter(answers, 'ANSWER')
  const factor = usableFactors(entrance.place.pool, entrance.user).find((usable) => usable === wanted)
  if (!factor || !challenge.offered.includes(factor)) throw invalidParameter('The answer is none of MFAS_CAN_CHOOSE.')
  answer.close()
  return await ask(entrance, factor)
}

/** The session must be the one that VerifySoftwareToken gave (API reference: RespondToAuthChallenge, MFA_SETUP). */
export async function answerMfaSetup(answer: Answer<'MFA_SETUP'>): Promise<JsonRecord> {
  if (!answer.challenge.isSetUp) throw invalidParameter('The software token has not been verified in this session.')
  answer.close()
  answer.entrance.user.mfa.softwareToken = true
  return await completeSignIn(answer.entrance)
}
