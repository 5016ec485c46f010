import { InitiateAuthCommand, RespondToAuthChallengeCommand } from '@aws-sdk/client-cognito-identity-provider'
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, type OpenPool, openPool, PASSWORD, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

interface Step {
  readonly challengeName: string
  readonly challengeResult: boolean
}
interface ChallengeEvent {
  readonly request: {
    readonly session: readonly Step[]
    readonly challengeAnswer: string
    readonly privateChallengeParameters: { readonly answer: string }
    readonly userNotFound?: boolean
  }
}

/** Three tries at a riddle; with SRP the password comes before it. */
function define({ request: { session } }: ChallengeEvent) {
  const last = session.at(-1)
  if (last?.challengeName === 'SRP_A') return { challengeName: 'PASSWORD_VERIFIER', issueTokens: false }
  if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) return { issueTokens: true }
  const failures = session.filter((step) => step.challengeName === 'CUSTOM_CHALLENGE')
  if (failures.length >= 3) return { failAuthentication: true, issueTokens: false }
  return { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: false }
}

async function riddlePool(client = {}) {
  const answers = {
    define,
    create: () => ({
      publicChallengeParameters: { riddle: 'What has four legs in the morning?' },
      privateChallengeParameters: { answer: 'man' },
      challengeMetadata: 'RIDDLE',
    }),
    verify: ({ request }: ChallengeEvent) => ({
      answerCorrect: request.challengeAnswer === request.privateChallengeParameters.answer,
    }),
  }
  for (const [name, answer] of Object.entries(answers)) {
    emulator.setTrigger(name, (event: ChallengeEvent) => ({ ...event, response: answer(event) }))
  }
  const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`
  const pool = await openPool(emulator, {
    client: { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'], ...client },
    pool: {
      LambdaConfig: {
        DefineAuthChallenge: arn('define'),
        CreateAuthChallenge: arn('create'),
        VerifyAuthChallengeResponse: arn('verify'),
      },
    },
  })
  return pool
}

const begin = (pool: OpenPool, USERNAME = 'ada') =>
  pool.sdk.send(
    new InitiateAuthCommand({ ClientId: pool.ClientId, AuthFlow: 'CUSTOM_AUTH', AuthParameters: { USERNAME } }),
  )
const answer = (pool: OpenPool, Session: string | undefined, ANSWER: string, USERNAME = 'ada') =>
  pool.sdk.send(
    new RespondToAuthChallengeCommand({
      ClientId: pool.ClientId,
      ChallengeName: 'CUSTOM_CHALLENGE',
      Session,
      ChallengeResponses: { USERNAME, ANSWER },
    }),
  )

describe('CUSTOM_AUTH (Developer Guide: user-pool-lambda-challenge)', () => {
  it('asks what the triggers ask, shows only the public part, and gives tokens for the right answer', async () => {
    const pool = await riddlePool()
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    const asked = await begin(pool)
    expect(asked.ChallengeParameters).toEqual({ riddle: 'What has four legs in the morning?', USERNAME: 'ada' })
    const done = await answer(pool, asked.Session, 'man')
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy()
    expect(emulator.triggerCalls().findLast((call) => call.source.startsWith('Define'))?.event).toMatchObject({
      triggerSource: 'DefineAuthChallenge_Authentication',
      request: {
        session: [{ challengeName: 'CUSTOM_CHALLENGE', challengeResult: true, challengeMetadata: 'RIDDLE' }],
      },
    })
  })

  it('lets the triggers decide how often to ask again, and never takes an old session', async () => {
    const pool = await riddlePool()
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    const first = await begin(pool)
    const second = await answer(pool, first.Session, 'horse')
    expect(second.ChallengeName).toBe('CUSTOM_CHALLENGE')
    expect(await refusal(answer(pool, first.Session, 'man'))).toContain('Invalid session')
    const third = await answer(pool, second.Session, 'table')
    expect(await refusal(answer(pool, third.Session, 'table'))).toBe(
      'NotAuthorizedException: Incorrect username or password.',
    )
  })

  it('plays a stranger’s part where existence is hidden, and gives no tokens even for the right answer', async () => {
    const pool = await riddlePool({ PreventUserExistenceErrors: 'ENABLED' })
    const asked = await begin(pool, 'nobody')
    expect(emulator.triggerCalls().at(-1)?.event).toMatchObject({ request: { userNotFound: true, userAttributes: {} } })
    expect(await refusal(answer(pool, asked.Session, 'man', 'nobody'))).toContain('NotAuthorizedException')
    expect(await refusal(begin(await riddlePool(), 'nobody'))).toContain('UserNotFoundException')
  })

  it('starts with the password by SRP when asked to, with amazon-cognito-identity-js', async () => {
    const pool = await riddlePool()
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    const Pool = new CognitoUserPool({
      UserPoolId: pool.UserPoolId,
      ClientId: pool.ClientId,
      endpoint: emulator.endpoint,
    })
    const signIn = (Password: string) =>
      new Promise((resolve, reject) => {
        const user = new CognitoUser({ Username: 'ada', Pool })
        const callbacks = {
          onSuccess: resolve,
          onFailure: reject,
          customChallenge: () => user.sendCustomChallengeAnswer('man', callbacks),
        }
        user.setAuthenticationFlowType('CUSTOM_AUTH')
        user.authenticateUser(new AuthenticationDetails({ Username: 'ada', Password }), callbacks)
      })
    expect(await refusal(signIn('wrong'))).toContain('Incorrect username or password')
    expect(await refusal(signIn(PASSWORD))).toBe('no refusal')
    expect(emulator.triggerCalls().findLast((call) => call.source.startsWith('Define'))?.event).toMatchObject({
      request: {
        session: [
          { challengeName: 'SRP_A', challengeResult: true },
          { challengeName: 'PASSWORD_VERIFIER', challengeResult: true },
          { challengeName: 'CUSTOM_CHALLENGE', challengeResult: true },
        ],
      },
    })
  })

  it('needs the trigger that defines the challenges', async () => {
    const pool = await openPool(emulator, { client: { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] } })
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    expect(await refusal(begin(pool))).toBe(
      'InvalidParameterException: Custom auth lambda trigger is not configured for the user pool.',
    )
  })
})
