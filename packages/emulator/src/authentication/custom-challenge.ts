import { CognitoFault, invalidParameter } from '../shared/faults.ts'
import { isText, type JsonRecord } from '../shared/json.ts'
import type { PastChallenge } from '../triggers/custom-challenge.ts'
import { runCreateAuthChallenge, runDefineAuthChallenge, runVerifyAuthChallenge } from '../triggers/custom-challenge.ts'
import { completeSignIn } from './complete-sign-in.ts'
import { wrongPassword } from './password.ts'
import { type Answer, type Answers, parameter, type SignInAttempt } from './sign-in-attempt.ts'
import { askForSrpProof } from './srp.ts'
import { refuseByStatus } from './user-status.ts'

/** Developer Guide: user-pool-lambda-challenge; with CHALLENGE_NAME=SRP_A the password comes first, by SRP. */
export async function beginCustomSignIn(attempt: SignInAttempt, given: Answers): Promise<JsonRecord> {
  const { DefineAuthChallenge: trigger } = attempt.clientInPool.pool.settings.lambdaConfig
  if (!isText(trigger)) throw invalidParameter('Custom auth lambda trigger is not configured for the user pool.')
  if (given.CHALLENGE_NAME !== 'SRP_A') return await nextChallenge(attempt, [])
  const past = [{ challengeName: 'SRP_A', challengeResult: true }]
  return await nextChallenge(attempt, past, parameter(given, 'SRP_A'))
}

/** Asks DefineAuthChallenge for the next step and takes it. */
export async function nextChallenge(
  attempt: SignInAttempt,
  past: readonly PastChallenge[],
  srpA?: string,
): Promise<JsonRecord> {
  const { context, clientInPool, user, metadata } = attempt
  const next = await runDefineAuthChallenge(context, { clientInPool, user, metadata }, past)
  if (next.failAuthentication) throw wrongPassword()
  if (next.issueTokens) return await finish(attempt)
  if (next.challengeName === 'CUSTOM_CHALLENGE') return await ask(attempt, past)
  if (next.challengeName === 'PASSWORD_VERIFIER' && srpA !== undefined) return askForSrpProof(attempt, srpA, past)
  throw new CognitoFault('InvalidLambdaResponseException', 'DefineAuthChallenge named no challenge that can follow.')
}

async function finish(attempt: SignInAttempt): Promise<JsonRecord> {
  const { clientInPool, user, context } = attempt
  // The trigger may accept an unknown user; there is no user then to issue tokens to.
  if (clientInPool.pool.users.byUsername(user.username) !== user) throw wrongPassword()
  refuseByStatus(context, user)
  return await completeSignIn(attempt)
}

async function ask(attempt: SignInAttempt, past: readonly PastChallenge[]): Promise<JsonRecord> {
  const { context, clientInPool, user, metadata, source } = attempt
  const created = await runCreateAuthChallenge(context, { clientInPool, user, metadata }, past)
  const { publicParameters, privateParameters, metadata: challengeMetadata } = created
  const session = context.challenges.begin({
    name: 'CUSTOM_CHALLENGE',
    user,
    client: clientInPool.client,
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
  const { challenge, answers, attempt } = answer
  const { context, clientInPool, user, metadata } = attempt
  const given = parameter(answers, 'ANSWER')
  answer.close()
  const subject = { clientInPool, user, metadata }
  const isCorrect = await runVerifyAuthChallenge(context, subject, challenge.privateParameters, given)
  const step: PastChallenge = {
    challengeName: 'CUSTOM_CHALLENGE',
    challengeResult: isCorrect,
    ...(challenge.metadata !== undefined && { challengeMetadata: challenge.metadata }),
  }
  return await nextChallenge(attempt, [...challenge.past, step])
}
