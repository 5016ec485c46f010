import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { describe, expect } from 'vitest'
import type { TriggerFunction } from '../index.ts'
import { confirmedUser, type OpenPool, PASSWORD, pairs, refusal } from '../testing/open-pool.ts'
import { signInWithGoogle } from '../testing/walk.ts'
import { arnOf, EMAIL, GOOGLE, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()
const SLOTS = ['PreSignUp', 'PostConfirmation', 'PreAuthentication', 'PostAuthentication', 'PreTokenGeneration']

const same: TriggerFunction = (event) => event
const answering = (response: object) => (event: object) => ({ ...event, response })
const throwing = (text: string) => () => {
  throw new Error(text)
}
const eventOf = (pool: OpenPool, source: string) =>
  suite.eventsOf(pool).findLast((call) => call.source === source)?.event
const sourcesOf = (pool: OpenPool) => suite.eventsOf(pool).map((call) => call.source)

async function withAda(slots: readonly string[], handler: TriggerFunction, given = {}) {
  const pool = await suite.triggered(slots, handler, given)
  await confirmedUser(pool, 'ada', EMAIL)
  return pool
}

describe('triggers', () => {
  shows('trigger-01', async () => {
    const pool = await suite.triggered(['PreSignUp'], same)
    await pool.signUp('ada', EMAIL)
    expect(eventOf(pool, 'PreSignUp_SignUp')).toEqual({
      version: '1',
      region: 'us-east-1',
      userPoolId: pool.UserPoolId,
      userName: 'ada',
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.ClientId },
      triggerSource: 'PreSignUp_SignUp',
      request: expect.any(Object),
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    })
  })
  shows('trigger-02', async () => {
    const pool = await suite.triggered(['PreSignUp'], same)
    await pool.signUp('ada', EMAIL)
    expect(eventOf(pool, 'PreSignUp_SignUp')).toMatchObject({ request: { validationData: null } })
    expect(Object(eventOf(pool, 'PreSignUp_SignUp')).request.userAttributes).toEqual(EMAIL)
  })
  shows('trigger-03', async () => {
    const pool = await suite.triggered(['PreSignUp'], same)
    const ValidationData = [{ Name: 'captcha', Value: '1' }]
    await pool.signUp('ada', {}, { ValidationData, ClientMetadata: { from: 'test' } })
    expect(eventOf(pool, 'PreSignUp_SignUp')).toMatchObject({
      request: { validationData: { captcha: '1' }, clientMetadata: { from: 'test' } },
    })
  })
  shows('trigger-04', async () => {
    const pool = await suite.triggered(['PreSignUp'], throwing('Not invited'))
    const text = 'UserLambdaValidationException: PreSignUp failed with error Not invited.'
    expect(await refusal(pool.signUp('ada'))).toBe(text)
  })
  shows('trigger-05', async () => {
    for (const answer of [undefined, 'ok', {}]) {
      const pool = await suite.triggered(['PreSignUp'], () => answer)
      const text = 'InvalidLambdaResponseException: Unrecognizable lambda output'
      expect(await refusal(pool.signUp('ada'))).toBe(text)
    }
  })
  shows('trigger-06', async () => {
    const pool = await suite.open({ pool: { LambdaConfig: { PreSignUp: arnOf('nowhere') } } })
    const text = 'UnexpectedLambdaException: PreSignUp invocation failed due to error AccessDeniedException.'
    expect(await refusal(pool.signUp('ada'))).toBe(text)
  })
  shows('trigger-07', async () => {
    for (const [triggerTimeout, runs] of [
      ['oneRetry', 2],
      ['threeAttempts', 3],
      ['noRetry', 1],
    ] as const) {
      const pool = await suite.triggered(['PreSignUp'], () => new Promise(() => {}))
      suite.emulator().setQuirks({ triggerTimeout, triggerTimeLimitMs: 20 }, pool.UserPoolId)
      expect(await refusal(pool.signUp('ada'))).toContain('Socket timeout while invoking Lambda function')
      expect(suite.eventsOf(pool)).toHaveLength(runs)
    }
  })
  shows('trigger-08', async () => {
    let left = 0
    const handler: TriggerFunction = (event, context) => {
      left = Object(context).getRemainingTimeInMillis()
      return event
    }
    const pool = await suite.triggered(['PreSignUp'], handler)
    await pool.signUp('ada')
    expect(left).toBeGreaterThan(4_000)
    expect(left).toBeLessThanOrEqual(5_000)
    suite.emulator().setQuirks({ triggerTimeLimitMs: 3_000 }, pool.UserPoolId)
    await pool.signUp('bob')
    expect(left).toBeLessThanOrEqual(3_000)
  })
  shows('trigger-09', async () => {
    const pool = await suite.triggered(['PreSignUp'], (event: { request: object }) => ({
      ...event,
      userName: 'bob',
      request: { ...event.request, userAttributes: { email: 'changed@example.com' } },
    }))
    await pool.signUp('ada', EMAIL)
    expect(await pool.user('ada')).toMatchObject({ username: 'ada', ...EMAIL })
  })
  shows('trigger-10', async () => {
    const pool = await suite.triggered(['PreSignUp', 'PostConfirmation'], answering({ autoConfirmUser: true }))
    expect((await pool.signUp('ada')).UserConfirmed).toBe(true)
    expect(sourcesOf(pool)).toEqual(['PreSignUp_SignUp', 'PostConfirmation_ConfirmSignUp'])
  })
  shows('trigger-11', async () => {
    const pool = await suite.triggered(['PreSignUp'], answering({ autoVerifyEmail: true }))
    expect(await refusal(pool.signUp('ada'))).toContain('InvalidParameterException')
  })
  const create = ({ sdk, UserPoolId }: OpenPool, Username = 'ada') =>
    sdk.send(new AdminCreateUserCommand({ UserPoolId, Username, TemporaryPassword: 'Temp0rary-horse' }))
  shows('trigger-12', async () => {
    const pool = await suite.triggered(['PreSignUp'], answering({ autoConfirmUser: true, autoVerifyEmail: true }))
    await create(pool)
    expect(await pool.user('ada')).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' })
  })
  shows('trigger-13', async () => {
    const pool = await suite.triggered(['PreSignUp'], same)
    await create(pool)
    expect(eventOf(pool, 'PreSignUp_AdminCreateUser')).toMatchObject({
      callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
    })
  })
  shows('trigger-14', async () => {
    const pool = await suite.triggered(['PreSignUp'], same)
    await pool.signUp('ada')
    await pool.signUp('ada').catch(() => {})
    expect(suite.eventsOf(pool)).toHaveLength(2)
    suite.emulator().setQuirks({ preSignUpOrder: 'checkFirst' }, pool.UserPoolId)
    await pool.signUp('ada').catch(() => {})
    expect(suite.eventsOf(pool)).toHaveLength(2)
  })
  shows('trigger-15', async () => {
    const pool = await withAda(['PostConfirmation'], same)
    const { sub } = { sub: '', ...(await pool.user('ada')) }
    expect(eventOf(pool, 'PostConfirmation_ConfirmSignUp')).toMatchObject({
      request: { userAttributes: { sub, 'cognito:user_status': 'CONFIRMED', email_verified: 'true' } },
      response: {},
    })
  })
  shows('trigger-16', async () => {
    const pool = await suite.triggered(['PostConfirmation'], throwing('mail is down'))
    await pool.signUp('ada', EMAIL)
    expect(await refusal(pool.confirm('ada'))).toContain('PostConfirmation failed with error mail is down.')
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
  })
  shows('trigger-17', async () => {
    const pool = await withAda(['PostConfirmation'], same)
    const who = { ClientId: pool.ClientId, Username: 'ada' }
    await pool.sdk.send(new ForgotPasswordCommand(who))
    const proof = { ConfirmationCode: pool.code('ada'), Password: PASSWORD }
    await pool.sdk.send(new ConfirmForgotPasswordCommand({ ...who, ...proof }))
    expect(sourcesOf(pool).at(-1)).toBe('PostConfirmation_ConfirmForgotPassword')
  })
  shows('trigger-18', async () => {
    const pool = await suite.triggered(['PostConfirmation'], same)
    await create(pool)
    expect(suite.eventsOf(pool)).toEqual([])
  })
  shows('trigger-19', async () => {
    const pool = await suite.triggered(['PostConfirmation'], same)
    await pool.signUp('ada')
    await pool.sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(sourcesOf(pool)).toEqual(['PostConfirmation_ConfirmSignUp'])
  })
  shows('trigger-20', async () => {
    const pool = await withAda(['PreAuthentication'], same)
    const attempt = { AuthFlow: 'USER_PASSWORD_AUTH', ClientMetadata: { from: 'test' } } as const
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    await pool.sdk.send(new InitiateAuthCommand({ ClientId: pool.ClientId, AuthParameters, ...attempt }))
    expect(eventOf(pool, 'PreAuthentication_Authentication')).toMatchObject({
      request: { validationData: { from: 'test' } },
    })
  })
  shows('trigger-21', async () => {
    const pool = await withAda(['PreAuthentication'], throwing('not today'))
    expect(await refusal(pool.signIn('ada'))).toContain('PreAuthentication failed with error not today.')
  })
  shows('trigger-22', async () => {
    const open = await suite.triggered(['PreAuthentication'], same)
    await open.signIn('nobody').catch(() => {})
    expect(suite.eventsOf(open)).toEqual([])
    const client = { PreventUserExistenceErrors: 'ENABLED' as const }
    const hiding = await suite.triggered(['PreAuthentication'], same, { client })
    await hiding.signIn('nobody').catch(() => {})
    expect(eventOf(hiding, 'PreAuthentication_Authentication')).toMatchObject({ request: { userNotFound: true } })
  })
  shows('trigger-23', async () => {
    const pool = await withAda(['PostAuthentication'], throwing('no'))
    expect(await refusal(pool.signIn('ada'))).toContain('PostAuthentication failed with error no.')
  })
  shows('trigger-24', async () => {
    const pool = await withAda(['PostAuthentication'], same)
    await pool.signIn('ada')
    expect(eventOf(pool, 'PostAuthentication_Authentication')).toMatchObject({ request: { newDeviceUsed: false } })
  })
  shows('trigger-25', async () => {
    const pool = await withAda(SLOTS, same)
    const REFRESH_TOKEN = (await pool.signIn('ada')).AuthenticationResult?.RefreshToken ?? ''
    const before = sourcesOf(pool).length
    const given = { AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } } as const
    await pool.sdk.send(new InitiateAuthCommand({ ClientId: pool.ClientId, ...given }))
    expect(sourcesOf(pool).slice(before)).toEqual(['TokenGeneration_RefreshTokens'])
  })
  shows('trigger-26', async () => {
    const pool = await withAda(SLOTS, same)
    const before = sourcesOf(pool).length
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    await pool.sdk.send(new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }))
    await pool.sdk.send(new AdminDeleteUserCommand(who))
    expect(sourcesOf(pool)).toHaveLength(before)
  })
  shows('trigger-27', async () => {
    const pool = await suite.triggered(['PreTokenGeneration'], same)
    await create(pool)
    const { Session } = await pool.signIn('ada', 'Temp0rary-horse')
    const ChallengeResponses = { USERNAME: 'ada', NEW_PASSWORD: PASSWORD }
    const answer = { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session, ChallengeResponses } as const
    await pool.sdk.send(new RespondToAuthChallengeCommand({ ClientId: pool.ClientId, ...answer }))
    expect(sourcesOf(pool)).toEqual(['TokenGeneration_NewPasswordChallenge'])
  })
  const invite = ({ sdk, UserPoolId }: OpenPool, more: Partial<AdminCreateUserCommandInput> = {}) =>
    sdk.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: 'ada',
        UserAttributes: pairs(EMAIL),
        DesiredDeliveryMediums: ['EMAIL'],
        ...more,
      }),
    )
  shows('trigger-28', async () => {
    const pool = await withAda([...SLOTS, 'CustomMessage'], (event: object) => ({ ...event, response: {} }))
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    const UserAttributes = pairs({ email: 'new@example.com' })
    await pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    const before = sourcesOf(pool).length
    const proof = { AccessToken, AttributeName: 'email', Code: pool.code('ada') }
    await pool.sdk.send(new VerifyUserAttributeCommand(proof))
    expect(sourcesOf(pool)).toHaveLength(before)
    expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'true' })
  })
  shows('trigger-29', async () => {
    const pool = await suite.triggered(['PostConfirmation'], same)
    await pool.signUp('ada', EMAIL)
    await pool.sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(eventOf(pool, 'PostConfirmation_ConfirmSignUp')).toMatchObject({
      callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
      request: { userAttributes: { email_verified: 'false', 'cognito:user_status': 'CONFIRMED' } },
    })
  })
  shows('trigger-30', async () => {
    const pool = await suite.triggered([...SLOTS, 'CustomMessage'], (event: object) => ({ ...event, response: {} }))
    await invite(pool)
    const before = sourcesOf(pool).length
    await invite(pool, { MessageAction: 'RESEND', UserAttributes: undefined })
    expect(sourcesOf(pool).slice(before)).toEqual(['CustomMessage_AdminCreateUser'])
  })
  shows('trigger-31', async () => {
    const pool = await suite.triggered([...SLOTS, 'CustomMessage'], (event: object) => ({ ...event, response: {} }))
    await invite(pool)
    const { Session } = await pool.signIn('ada', pool.code('ada'))
    const ChallengeResponses = { USERNAME: 'ada', NEW_PASSWORD: PASSWORD }
    const answer = { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session, ChallengeResponses } as const
    await pool.sdk.send(new RespondToAuthChallengeCommand({ ClientId: pool.ClientId, ...answer }))
    expect(sourcesOf(pool)).toEqual([
      'PreSignUp_AdminCreateUser',
      'CustomMessage_AdminCreateUser',
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_NewPasswordChallenge',
    ])
    // Completing the challenge does not set the flag.
    expect(await pool.user('ada')).not.toMatchObject({ email_verified: 'true' })
  })
  shows('trigger-32', async () => {
    const pool = await withAda(['PostConfirmation', 'CustomMessage'], (event: object) => ({ ...event, response: {} }))
    const before = sourcesOf(pool).length
    const { ClientId, UserPoolId, sdk } = pool
    await sdk.send(new AdminResetUserPasswordCommand({ UserPoolId, Username: 'ada' }))
    expect(await refusal(pool.signIn('ada'))).toContain('PasswordResetRequiredException')
    const proof = { ClientId, Username: 'ada', ConfirmationCode: pool.code('ada'), Password: 'An0ther-horse' }
    await sdk.send(new ConfirmForgotPasswordCommand(proof))
    const sources = ['CustomMessage_ForgotPassword', 'PostConfirmation_ConfirmForgotPassword']
    expect(sourcesOf(pool).slice(before)).toEqual(sources)
  })
  shows('trigger-34', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `long${at}`)
    const Schema = names.map((Name) => ({ Name, AttributeDataType: 'String' as const, Mutable: true }))
    const attributes = Object.fromEntries(names.map((name) => [`custom:${name}`, 'ä'.repeat(2_048)]))
    const client = { WriteAttributes: ['email', ...Object.keys(attributes)] }
    const pool = await suite.triggered(SLOTS, same, { pool: { Schema }, client })
    await confirmedUser(pool, 'ada', { ...EMAIL, ...attributes })
    await pool.signIn('ada')
    expect(sourcesOf(pool)).toHaveLength(5)
    for (const { event } of suite.eventsOf(pool)) {
      expect(event).toMatchObject({ request: { userAttributes: attributes } })
      expect(Buffer.byteLength(JSON.stringify(event))).toBeGreaterThan(200_000)
    }
  })
  shows('trigger-35', async () => {
    const pool = await withAda(SLOTS, same, { pool: { AliasAttributes: ['email'] } })
    const before = sourcesOf(pool).length
    await pool.signUp('eve', EMAIL)
    await pool.confirm('eve', true)
    const added = suite.eventsOf(pool).slice(before)
    expect(added.map(({ source }) => source)).toEqual(['PreSignUp_SignUp', 'PostConfirmation_ConfirmSignUp'])
    expect(added[1]?.event).toMatchObject({ userName: 'eve', request: { userAttributes: { email_verified: 'true' } } })
    expect(await pool.user('ada')).toMatchObject({ ...EMAIL, email_verified: 'false' })
  })
})

describe('PreTokenGeneration', () => {
  let count = 0
  async function tokens(LambdaVersion: 'V1_0' | 'V2_0', details: object) {
    count += 1
    const name = `tokens-${count}`
    const field = LambdaVersion === 'V1_0' ? 'claimsOverrideDetails' : 'claimsAndScopeOverrideDetails'
    suite.emulator().setTrigger(name, answering({ [field]: details }))
    const LambdaConfig = { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: arnOf(name) } }
    const pool = await suite.open({ pool: { LambdaConfig }, google: GOOGLE })
    await confirmedUser(pool, 'ada', { ...EMAIL, name: 'Ada' })
    const { IdToken = '', AccessToken = '' } = (await pool.signIn('ada')).AuthenticationResult ?? {}
    return { pool, id: decodeJwt(IdToken), access: decodeJwt(AccessToken) }
  }
  const add = (claimsToAddOrOverride: object) => ({ claimsToAddOrOverride })

  shows('pretoken-01', async () => {
    const { id, access } = await tokens('V1_0', add({ tenant: 't1' }))
    expect(id).toMatchObject({ tenant: 't1' })
    expect(access).not.toHaveProperty('tenant')
  })
  shows('pretoken-02', async () => {
    const [idTokenGeneration, accessTokenGeneration] = [add({ a: '1' }), add({ b: '2' })]
    const { id, access } = await tokens('V2_0', { idTokenGeneration, accessTokenGeneration })
    expect([id.a, access.b, id.b, access.a]).toEqual(['1', '2', undefined, undefined])
  })
  shows('pretoken-03', async () => {
    const scopes = { scopesToAdd: ['orders'], scopesToSuppress: ['aws.cognito.signin.user.admin'] }
    const { access } = await tokens('V2_0', { accessTokenGeneration: scopes })
    expect(access.scope).toBe('orders')
  })
  shows('pretoken-04', async () => {
    const forged = { sub: 'x', iss: 'x', 'cognito:username': 'x', exp: '1', identities: 'x', token_use: 'access' }
    const claimsToSuppress = Object.keys(forged)
    const { pool, id } = await tokens('V1_0', { ...add(forged), claimsToSuppress })
    const { sub } = { sub: '', ...(await pool.user('ada')) }
    expect(id).toMatchObject({ sub, 'cognito:username': 'ada', token_use: 'id', exp: expect.any(Number) })
    expect(id.iss).toContain(pool.UserPoolId)
  })
  shows('pretoken-05', async () => {
    const { id } = await tokens('V1_0', { ...add({ tenant: 't1' }), claimsToSuppress: ['tenant', 'email'] })
    expect(id).not.toHaveProperty('tenant')
    expect(id).not.toHaveProperty('email')
  })
  shows('pretoken-06', async () => {
    const { id, access } = await tokens('V1_0', { groupOverrideDetails: { groupsToOverride: ['admins'] } })
    expect([id['cognito:groups'], access['cognito:groups']]).toEqual([['admins'], ['admins']])
  })
  shows('pretoken-07', async () => {
    const { pool } = await tokens('V1_0', { groupOverrideDetails: {} })
    const { id_token } = await signInWithGoogle(pool, 'ada')
    expect(decodeJwt(String(id_token))).not.toHaveProperty('cognito:groups')
  })
  shows('pretoken-08', async () => {
    const pool = await suite.triggered(['PreTokenGeneration'], same, { google: GOOGLE })
    await signInWithGoogle(pool, 'ada')
    expect(eventOf(pool, 'TokenGeneration_HostedAuth')).toMatchObject({
      request: {
        groupConfiguration: {
          groupsToOverride: [`${pool.UserPoolId}_Google`],
          iamRolesToOverride: [],
          preferredRole: null,
        },
      },
    })
  })
  shows('pretoken-09', async () => {
    const requestOf = async (version: 'V1_0' | 'V2_0') =>
      Object(eventOf((await tokens(version, {})).pool, 'TokenGeneration_Authentication')).request
    expect(await requestOf('V2_0')).toMatchObject({ scopes: ['aws.cognito.signin.user.admin'] })
    expect(await requestOf('V1_0')).not.toHaveProperty('scopes')
  })
  shows('pretoken-10', async () => {
    const rich = { n: 1, yes: true, list: ['a'], object: { a: 1 } }
    const { id } = await tokens('V2_0', { idTokenGeneration: add(rich) })
    expect(id).toMatchObject(rich)
  })
})
