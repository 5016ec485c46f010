import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { User } from '../state/user.ts'
import type { TriggersContext } from './context.ts'
import { unrecognizable } from './run.ts'
import { attributesForTriggers, type ChallengeSlot, triggerEvent } from './trigger-event.ts'

/** One step of a custom sign-in, as DefineAuthChallenge sees it (Developer Guide: user-pool-lambda-challenge). */
export interface PastChallenge extends JsonRecord {
  readonly challengeName: string
  readonly challengeResult: boolean
  readonly challengeMetadata?: string | undefined
}

export interface CustomSubject {
  readonly clientInPool: ClientInPool
  readonly user: User
  readonly metadata: Readonly<Record<string, string>> | undefined
}

export interface Definition {
  readonly challengeName: string | undefined
  readonly issueTokens: boolean
  readonly failAuthentication: boolean
}

/** Developer Guide: user-pool-lambda-define-auth-challenge. */
export async function runDefineAuthChallenge(
  context: TriggersContext,
  subject: CustomSubject,
  session: readonly PastChallenge[],
): Promise<Definition> {
  const response = await run(context, subject, 'DefineAuthChallenge', { session }, NO_DEFINITION)
  const { challengeName, issueTokens, failAuthentication } = response
  return {
    challengeName: isText(challengeName) ? challengeName : undefined,
    issueTokens: flag(issueTokens),
    failAuthentication: flag(failAuthentication),
  }
}
const NO_DEFINITION = { challengeName: null, issueTokens: null, failAuthentication: null }

/** Developer Guide: user-pool-lambda-create-auth-challenge. */
export async function runCreateAuthChallenge(
  context: TriggersContext,
  subject: CustomSubject,
  session: readonly PastChallenge[],
) {
  const request = { challengeName: 'CUSTOM_CHALLENGE', session }
  const response = await run(context, subject, 'CreateAuthChallenge', request, NO_CHALLENGE)
  const { publicChallengeParameters, privateChallengeParameters, challengeMetadata } = response
  return {
    publicParameters: isRecord(publicChallengeParameters) ? publicChallengeParameters : {},
    privateParameters: privateChallengeParameters ?? {},
    metadata: isText(challengeMetadata) ? challengeMetadata : undefined,
  }
}
const NO_CHALLENGE = { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null }

/** Developer Guide: user-pool-lambda-verify-auth-challenge-response. */
export async function runVerifyAuthChallenge(
  context: TriggersContext,
  subject: CustomSubject,
  privateChallengeParameters: unknown,
  challengeAnswer: string,
): Promise<boolean> {
  const request = { privateChallengeParameters, challengeAnswer }
  const response = await run(context, subject, 'VerifyAuthChallengeResponse', request, { answerCorrect: null })
  return flag(response.answerCorrect)
}

async function run(
  context: TriggersContext,
  { clientInPool, user, metadata }: CustomSubject,
  slot: ChallengeSlot,
  request: JsonRecord,
  response: JsonRecord,
): Promise<JsonRecord> {
  const { pool, client } = clientInPool
  const isKnown = pool.users.byUsername(user.username) === user
  const event = triggerEvent({
    pool,
    clientId: client.id,
    userName: user.username,
    triggerSource: `${slot}_Authentication`,
    request: {
      userAttributes: isKnown ? attributesForTriggers(pool, user) : {},
      ...request,
      ...(metadata && { clientMetadata: metadata }),
      ...(!isKnown && { userNotFound: true }),
    },
    response,
  })
  return (await context.triggers.run(pool, slot, event)) ?? response
}

function flag(value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw unrecognizable()
  return value
}
