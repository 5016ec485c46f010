import { invalidParameter, notAuthorized, notEmulated } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { needsEssentials, tierOf } from '../state/feature-plan.ts'
import { type Answer, type Answers, parameter } from './challenge-answer.ts'
import { completeSignIn, type Entrance } from './complete-sign-in.ts'
import { admit, checkPasswordOf, mayUsePassword, refuseUnconfirmed } from './password.ts'
import { sendOneTimeCode } from './second-factor.ts'
import { takeSignUp } from './sign-up-session.ts'
import { askForSrpProof } from './srp.ts'

const FACTORS = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP'] as const
type Factor = (typeof FACTORS)[number]

/** Developer Guide: authentication-flows-selection-sdk, "choice-based authentication". */
export async function beginChoiceSignIn(entrance: Entrance, given: Answers): Promise<JsonRecord> {
  needsEssentials(tierOf(entrance.place.pool), 'Choice-based sign-in')
  const preferred = given.PREFERRED_CHALLENGE
  if (preferred === 'WEB_AUTHN') throw notEmulated('The challenge WEB_AUTHN')
  const offered = factorsOf(entrance)
  const factor = offered.find((candidate) => candidate === preferred)
  return factor ? await take(entrance, factor, given) : askToChoose(entrance, offered)
}

/** The code that confirmed the sign-up is not asked for again (API reference: InitiateAuth, Session). */
export async function signInFromSignUp(entrance: Entrance, session: string, given: Answers): Promise<JsonRecord> {
  needsEssentials(tierOf(entrance.place.pool), 'Choice-based sign-in')
  const factor = takeSignUp(entrance.desk, entrance.place, entrance.user, session)
  const preferred = given.PREFERRED_CHALLENGE
  const isOffered = factor !== undefined && factorsOf(entrance).includes(factor)
  if (!isOffered || (preferred !== undefined && preferred !== factor)) {
    throw notAuthorized('Invalid session for the user.')
  }
  return await completeSignIn(entrance)
}

/** One-time codes replace the password; where the pool demands a second factor they cannot (…-mfa). */
function factorsOf({ place: { pool }, user }: Entrance): readonly Factor[] {
  const isVerified = (name: string) => user.attributes.get(`${name}_verified`) === 'true'
  const isAllowed = (factor: string) => pool.settings.firstFactors.includes(factor) && pool.mfa.configuration !== 'ON'
  return [
    ...(user.password && mayUsePassword(user) ? (['PASSWORD', 'PASSWORD_SRP'] as const) : []),
    ...(isAllowed('EMAIL_OTP') && isVerified('email') ? (['EMAIL_OTP'] as const) : []),
    ...(isAllowed('SMS_OTP') && isVerified('phone_number') ? (['SMS_OTP'] as const) : []),
  ]
}

function askToChoose({ desk, place, user, source }: Entrance, offered: readonly Factor[]): JsonRecord {
  const challenge = { name: 'SELECT_CHALLENGE', user, client: place.client, source, offered } as const
  return {
    ChallengeName: 'SELECT_CHALLENGE',
    Session: desk.challenges.begin(challenge),
    ChallengeParameters: { USERNAME: user.username },
    AvailableChallenges: offered,
  }
}

async function take(entrance: Entrance, factor: Factor, given: Answers): Promise<JsonRecord> {
  switch (factor) {
    case 'PASSWORD':
      return given.PASSWORD ? await withPassword(entrance, given.PASSWORD) : askFor(entrance, factor)
    case 'PASSWORD_SRP':
      return given.SRP_A ? askForSrpProof(entrance, given.SRP_A) : askFor(entrance, factor)
    case 'EMAIL_OTP':
      refuseUnconfirmed(entrance.user)
      return await sendOneTimeCode(entrance, factor, 'email')
    case 'SMS_OTP':
      refuseUnconfirmed(entrance.user)
      return await sendOneTimeCode(entrance, factor, 'phone_number')
    default:
      return factor satisfies never
  }
}

async function withPassword(entrance: Entrance, password: string): Promise<JsonRecord> {
  checkPasswordOf(entrance.desk, entrance.place, entrance.user, password)
  return await admit(entrance)
}

function askFor({ desk, place, user, source }: Entrance, name: 'PASSWORD' | 'PASSWORD_SRP'): JsonRecord {
  return {
    ChallengeName: name,
    Session: desk.challenges.begin({ name, user, client: place.client, source }),
    ChallengeParameters: { USERNAME: user.username },
  }
}

export async function answerChoice(answer: Answer<'SELECT_CHALLENGE'>): Promise<JsonRecord> {
  const { challenge, answers, entrance } = answer
  const wanted = parameter(answers, 'ANSWER')
  const factor = FACTORS.find((candidate) => candidate === wanted)
  if (!factor || !challenge.offered.includes(factor)) throw invalidParameter('The answer is no available challenge.')
  answer.close()
  return await take(entrance, factor, answers)
}

export async function answerPassword({ answers, entrance, close }: Answer<'PASSWORD' | 'PASSWORD_SRP'>, name: string) {
  const given = parameter(answers, name === 'PASSWORD' ? 'PASSWORD' : 'SRP_A')
  close()
  return name === 'PASSWORD' ? await withPassword(entrance, given) : askForSrpProof(entrance, given)
}
