import {
  type ChallengeNameType,
  GetUserAuthFactorsCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, type OpenPool, openPool, PASSWORD, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

const PASSWORDLESS = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] } },
}

async function choicePool(pool: object = PASSWORDLESS, client = {}) {
  const place = await openPool(emulator, { pool, client: { ExplicitAuthFlows: ['ALLOW_USER_AUTH'], ...client } })
  await confirmedUser(place, 'ada', { email: 'ada@example.com' })
  return place
}

const begin = (pool: OpenPool, more: Readonly<Record<string, string>> = {}) =>
  pool.sdk.send(
    new InitiateAuthCommand({
      ClientId: pool.ClientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: 'ada', ...more },
    }),
  )
const answer = (pool: OpenPool, name: ChallengeNameType, Session: string | undefined, responses: object) =>
  pool.sdk.send(
    new RespondToAuthChallengeCommand({
      ClientId: pool.ClientId,
      ChallengeName: name,
      Session,
      ChallengeResponses: { USERNAME: 'ada', ...responses },
    }),
  )

describe('USER_AUTH (Developer Guide: authentication-flows-selection-sdk)', () => {
  it('offers what the pool allows and the user has', async () => {
    const pool = await choicePool()
    const offered = await begin(pool)
    expect(offered.ChallengeName).toBe('SELECT_CHALLENGE')
    expect(offered.AvailableChallenges).toEqual(['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP'])
    const plain = await choicePool({})
    expect((await begin(plain)).AvailableChallenges).toEqual(['PASSWORD', 'PASSWORD_SRP'])
    const wrong = answer(plain, 'SELECT_CHALLENGE', (await begin(plain)).Session, { ANSWER: 'EMAIL_OTP' })
    expect(await refusal(wrong)).toContain('InvalidParameterException')
  })

  it('signs in without a password, by a code from the inbox', async () => {
    const pool = await choicePool()
    const { Session } = await begin(pool)
    const asked = await answer(pool, 'SELECT_CHALLENGE', Session, { ANSWER: 'EMAIL_OTP' })
    expect(asked.ChallengeName).toBe('EMAIL_OTP')
    const done = await answer(pool, 'EMAIL_OTP', asked.Session, { EMAIL_OTP_CODE: pool.code('ada') })
    const AccessToken = done.AuthenticationResult?.AccessToken
    expect(await pool.sdk.send(new GetUserAuthFactorsCommand({ AccessToken }))).toMatchObject({
      Username: 'ada',
      ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP'],
    })
  })

  it('goes straight to the preferred challenge', async () => {
    const pool = await choicePool()
    const direct = await begin(pool, { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })
    expect(direct.AuthenticationResult?.IdToken).toBeTruthy()
    expect(await refusal(begin(pool, { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'wrong' }))).toContain(
      'Incorrect username or password',
    )
    expect((await begin(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })).ChallengeName).toBe('EMAIL_OTP')
    const srp = await begin(pool, { PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: 'abcdef' })
    expect(srp.ChallengeName).toBe('PASSWORD_VERIFIER')
    expect((await begin(pool, { PREFERRED_CHALLENGE: 'SMS_OTP' })).ChallengeName).toBe('SELECT_CHALLENGE')
  })

  it('asks for the password in a step of its own', async () => {
    const pool = await choicePool()
    const { Session } = await begin(pool)
    const asked = await answer(pool, 'SELECT_CHALLENGE', Session, { ANSWER: 'PASSWORD' })
    expect(asked.ChallengeName).toBe('PASSWORD')
    const done = await answer(pool, 'PASSWORD', asked.Session, { PASSWORD })
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy()
  })

  it('offers a stranger a challenge where existence is hidden', async () => {
    const pool = await choicePool(PASSWORDLESS, { PreventUserExistenceErrors: 'ENABLED' })
    const offered = await begin(pool, { USERNAME: 'nobody' })
    expect(offered.AvailableChallenges).toContain('PASSWORD')
    const wrong = answer(pool, 'SELECT_CHALLENGE', offered.Session, {
      USERNAME: 'nobody',
      ANSWER: 'PASSWORD',
      PASSWORD,
    })
    expect(await refusal(wrong)).toContain('Incorrect username or password')
  })

  it('belongs to the Essentials plan', async () => {
    const lite = await choicePool({ UserPoolTier: 'LITE' })
    expect(await refusal(begin(lite))).toContain('FeatureUnavailableInTierException')
    expect(await refusal(choicePool({ ...PASSWORDLESS, UserPoolTier: 'LITE' }))).toContain(
      'FeatureUnavailableInTierException',
    )
  })
})
