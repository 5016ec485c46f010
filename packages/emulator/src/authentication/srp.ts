import { invalidParameter } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { beginSrp, isSrpProof, srpParameters } from '../state/srp.ts'
import type { PastChallenge } from '../triggers/custom-challenge.ts'
import { notePassword, refuseLocked } from './attempt-limits.ts'
import { mayUsePassword, refuseWithoutPassword, wrongPassword } from './password.ts'
import { type Answer, parameter, type SignInAttempt } from './sign-in-attempt.ts'

/** Amazon Cognito's SRP-6a: the password is never sent (Developer Guide: amazon-cognito-user-pools-authentication-flow). */
export function askForSrpProof(attempt: SignInAttempt, srpA: string, past?: readonly PastChallenge[]): JsonRecord {
  const { context, clientInPool, user, source } = attempt
  refuseWithoutPassword(clientInPool, user)
  if (!user.password || !mayUsePassword(user)) throw wrongPassword()
  const srp = beginSrp(user.password, srpA)
  const challenge = { name: 'PASSWORD_VERIFIER', user, client: clientInPool.client, source, srp } as const
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    Session: context.challenges.begin(past ? { ...challenge, past } : challenge),
    ChallengeParameters: {
      ...srpParameters(srp),
      USERNAME: user.username,
      USER_ID_FOR_SRP: user.username,
    },
  }
}

const TIMESTAMP =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2} \d{2}:\d{2}:\d{2} UTC \d{4}$/u

/** Throws where the proof is wrong. */
export function checkSrpProof({ challenge, answers, attempt, close }: Answer<'PASSWORD_VERIFIER'>): void {
  const timestamp = parameter(answers, 'TIMESTAMP')
  if (!TIMESTAMP.test(timestamp)) {
    throw invalidParameter('TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.')
  }
  const { context, clientInPool, user } = attempt
  const claim = {
    owner: clientInPool.pool.ownerOf(user),
    timestamp,
    secretBlock: parameter(answers, 'PASSWORD_CLAIM_SECRET_BLOCK'),
    signature: parameter(answers, 'PASSWORD_CLAIM_SIGNATURE'),
  }
  close()
  refuseLocked(context, clientInPool.pool, user)
  const isRight = isSrpProof(challenge.srp, claim)
  notePassword(context, clientInPool.pool, user, isRight)
  if (!isRight) throw wrongPassword()
}
