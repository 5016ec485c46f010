import { CognitoFault, invalidParameter } from '../shared/faults.ts'
import { isText, type JsonRecord } from '../shared/json.ts'
import { runCreateAuthChallenge, runDefineAuthChallenge, runVerifyAuthChallenge } from '../triggers/custom-challenge.ts'
import { type Answer, type Answers, parameter } from './challenge-answer.ts'
import type { PastChallenge } from './challenge-session.ts'
import { completeSignIn, type Entrance } from './complete-sign-in.ts'
import { refuseByStatus, wrongPassword } from './password.ts'
import { askForSrpProof } from './srp.ts'

/** Developer Guide: user-pool-lambda-challenge; with CHALLENGE_NAME=SRP_A the password comes first, by SRP. */
export async function beginCustomSignIn(entrance: Entrance, given: Answers): Promise<JsonRecord> {
  const { DefineAuthChallenge: trigger } = entrance.place.pool.settings.lambdaConfig
  if (!isText(trigger)) throw invalidParameter('Custom auth lambda trigger is not configured for the user pool.')
  if (given.CHALLENGE_NAME !== 'SRP_A') return await goOn(entrance, [])
  const past = [{ challengeName: 'SRP_A', challengeResult: true }]
  return await goOn(entrance, past, parameter(given, 'SRP_A'))
}

/** Asks DefineAuthChallenge what comes after these challenges, and does it. */
export async function goOn(entrance: Entrance, past: readonly PastChallenge[], srpA?: string): Promise<JsonRecord> {
  const { desk, place, user, metadata } = entrance
  const next = await runDefineAuthChallenge(desk, { place, user, metadata }, past)
  if (next.failAuthentication) throw wrongPassword()
  if (next.issueTokens) return await finish(entrance)
  if (next.challengeName === 'CUSTOM_CHALLENGE') return await ask(entrance, past)
  if (next.challengeName === 'PASSWORD_VERIFIER' && srpA !== undefined) return askForSrpProof(entrance, srpA, past)
  throw new CognitoFault('InvalidLambdaResponseException', 'DefineAuthChallenge named no challenge that can follow.')
}

async function finish(entrance: Entrance): Promise<JsonRecord> {
  const { place, user, desk } = entrance
  // A trigger that lets a hidden stranger in finds nobody to issue tokens to.
  if (place.pool.users.byUsername(user.username) !== user) throw wrongPassword()
  refuseByStatus(desk, user)
  return await completeSignIn(entrance)
}

async function ask(entrance: Entrance, past: readonly PastChallenge[]): Promise<JsonRecord> {
  const { desk, place, user, metadata, source } = entrance
  const created = await runCreateAuthChallenge(desk, { place, user, metadata }, past)
  const { publicParameters, privateParameters, metadata: challengeMetadata } = created
  const session = desk.challenges.begin({
    name: 'CUSTOM_CHALLENGE',
    user,
    client: place.client,
    source,
    past,
    privateParameters,
    metadata: challengeMetadata,
  })
  return {
    ChallengeName: 'CUSTOM_CHALLENGE',
    Session: session,
    ChallengeParameters: { ...publicParameters, USERNAME: user.username },
  }
}

export async function answerCustomChallenge(answer: Answer<'CUSTOM_CHALLENGE'>): Promise<JsonRecord> {
  const { challenge, answers, entrance } = answer
  const { desk, place, user, metadata } = entrance
  const given = parameter(answers, 'ANSWER')
  answer.close()
  const subject = { place, user, metadata }
  const isCorrect = await runVerifyAuthChallenge(desk, subject, challenge.privateParameters, given)
  const step: PastChallenge = {
    challengeName: 'CUSTOM_CHALLENGE',
    challengeResult: isCorrect,
    ...(challenge.metadata !== undefined && { challengeMetadata: challenge.metadata }),
  }
  return await goOn(entrance, [...challenge.past, step])
}
