import { invalidParameter, notAuthorized, notEmulated } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { needsEssentials, tierOf } from '../state/feature-plan.ts'
import { completeSignIn } from './complete-sign-in.ts'
import { continueAfterFirstFactor } from './first-factor.ts'
import { checkPasswordOf, mayUsePassword } from './password.ts'
import { sendOneTimeCode } from './second-factor.ts'
import { type Answer, type Answers, parameter, type SignInAttempt } from './sign-in-attempt.ts'
import { takeSignUp } from './sign-up-session.ts'
import { askForSrpProof } from './srp.ts'
import { refuseUnconfirmed } from './user-status.ts'

const FACTORS = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP'] as const
type Factor = (typeof FACTORS)[number]

/** Developer Guide: authentication-flows-selection-sdk, "choice-based authentication". */
export async function beginChoiceSignIn(attempt: SignInAttempt, given: Answers): Promise<JsonRecord> {
  needsEssentials(tierOf(attempt.clientInPool.pool), 'Choice-based sign-in')
  const preferred = given.PREFERRED_CHALLENGE
  if (preferred === 'WEB_AUTHN') throw notEmulated('The challenge WEB_AUTHN')
  const offered = factorsOf(attempt)
  const factor = offered.find((candidate) => candidate === preferred)
  return factor ? await take(attempt, factor, given) : askToChoose(attempt, offered)
}

/** The code that confirmed the sign-up is not asked for again (API reference: InitiateAuth, Session). */
export async function signInFromSignUp(attempt: SignInAttempt, session: string, given: Answers): Promise<JsonRecord> {
  needsEssentials(tierOf(attempt.clientInPool.pool), 'Choice-based sign-in')
  const factor = takeSignUp(attempt.context, attempt.clientInPool, attempt.user, session)
  const preferred = given.PREFERRED_CHALLENGE
  const isOffered = factor !== undefined && factorsOf(attempt).includes(factor)
  if (!isOffered || (preferred !== undefined && preferred !== factor)) {
    throw notAuthorized('Invalid session for the user.')
  }
  return await completeSignIn(attempt)
}

/** One-time codes replace the password, except where the pool requires a second factor (…-mfa). */
function factorsOf({ clientInPool: { pool }, user }: SignInAttempt): readonly Factor[] {
  const isVerified = (name: string) => user.attributes.get(`${name}_verified`) === 'true'
  const isAllowed = (factor: string) => pool.settings.firstFactors.includes(factor) && pool.mfa.configuration !== 'ON'
  return [
    ...(user.password && mayUsePassword(user) ? (['PASSWORD', 'PASSWORD_SRP'] as const) : []),
    ...(isAllowed('EMAIL_OTP') && isVerified('email') ? (['EMAIL_OTP'] as const) : []),
    ...(isAllowed('SMS_OTP') && isVerified('phone_number') ? (['SMS_OTP'] as const) : []),
  ]
}

function askToChoose({ context, clientInPool, user, source }: SignInAttempt, offered: readonly Factor[]): JsonRecord {
  const challenge = { name: 'SELECT_CHALLENGE', user, client: clientInPool.client, source, offered } as const
  return {
    ChallengeName: 'SELECT_CHALLENGE',
    Session: context.challenges.begin(challenge),
    ChallengeParameters: { USERNAME: user.username },
    AvailableChallenges: offered,
  }
}

async function take(attempt: SignInAttempt, factor: Factor, given: Answers): Promise<JsonRecord> {
  switch (factor) {
    case 'PASSWORD':
      return given.PASSWORD ? await withPassword(attempt, given.PASSWORD) : askFor(attempt, factor)
    case 'PASSWORD_SRP':
      return given.SRP_A ? askForSrpProof(attempt, given.SRP_A) : askFor(attempt, factor)
    case 'EMAIL_OTP':
      refuseUnconfirmed(attempt.user)
      return await sendOneTimeCode(attempt, factor, 'email')
    case 'SMS_OTP':
      refuseUnconfirmed(attempt.user)
      return await sendOneTimeCode(attempt, factor, 'phone_number')
    default:
      return factor satisfies never
  }
}

async function withPassword(attempt: SignInAttempt, password: string): Promise<JsonRecord> {
  checkPasswordOf(attempt.context, attempt.clientInPool, attempt.user, password)
  return await continueAfterFirstFactor(attempt)
}

function askFor({ context, clientInPool, user, source }: SignInAttempt, name: 'PASSWORD' | 'PASSWORD_SRP'): JsonRecord {
  return {
    ChallengeName: name,
    Session: context.challenges.begin({ name, user, client: clientInPool.client, source }),
    ChallengeParameters: { USERNAME: user.username },
  }
}

export async function answerChoice(answer: Answer<'SELECT_CHALLENGE'>): Promise<JsonRecord> {
  const { challenge, answers, attempt } = answer
  const wanted = parameter(answers, 'ANSWER')
  const factor = FACTORS.find((candidate) => candidate === wanted)
  if (!factor || !challenge.offered.includes(factor)) throw invalidParameter('The answer is no available challenge.')
  answer.close()
  return await take(attempt, factor, answers)
}

export async function answerPassword({ answers, attempt, close }: Answer<'PASSWORD' | 'PASSWORD_SRP'>, name: string) {
  const given = parameter(answers, name === 'PASSWORD' ? 'PASSWORD' : 'SRP_A')
  close()
  return name === 'PASSWORD' ? await withPassword(attempt, given) : askForSrpProof(attempt, given)
}
