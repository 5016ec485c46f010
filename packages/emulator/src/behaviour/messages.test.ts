import {
  AdminCreateUserCommand,
  AdminUpdateUserAttributesCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect } from 'vitest'
import { confirmedUser, type Given, type OpenPool, pairs, refusal } from '../testing/open-pool.ts'
import { arnOf, EMAIL, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()
const OWN_SENDER: Given = { pool: { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } } }
const newest = ({ UserPoolId }: OpenPool) => suite.emulator().inbox(UserPoolId, 'ada').at(-1)

const writing = (response: object, given: Given = OWN_SENDER) =>
  suite.triggered(['CustomMessage'], (event: object) => ({ ...event, response }), given)

async function refusedMessage(emailMessage: string, given?: Given) {
  const pool = await writing({ emailMessage }, given)
  const text = await refusal(pool.signUp('ada', EMAIL))
  return [text.split(':')[0], newest(pool)]
}
const REFUSED = ['InvalidLambdaResponseException', undefined]

describe('messages', () => {
  shows('message-01', async () => {
    const pool = await writing({ emailSubject: 'Hello', emailMessage: 'Type {####} now' })
    await pool.signUp('ada', EMAIL)
    expect(newest(pool)).toMatchObject({ subject: 'Hello', body: `Type ${newest(pool)?.code} now` })
    await pool.confirm('ada')
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
  })
  shows('message-02', async () => expect(await refusedMessage('Hello')).toEqual(REFUSED))
  shows('message-03', async () => expect(await refusedMessage('Type {####} now', {})).toEqual(REFUSED))
  shows('message-04', async () => {
    const pool = await writing({}, {})
    await pool.signUp('ada', EMAIL)
    expect(newest(pool)?.body).toBe(`Your verification code is ${newest(pool)?.code}.`)
  })
  shows('message-05', async () => {
    const pool = await writing({})
    const { ClientId, UserPoolId, sdk } = pool
    await pool.signUp('ada', EMAIL)
    await sdk.send(new ResendConfirmationCodeCommand({ ClientId, Username: 'ada' }))
    await pool.confirm('ada')
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    await sdk.send(new ForgotPasswordCommand({ ClientId, Username: 'ada' }))
    const UserAttributes = pairs({ email: 'ada@example.org' })
    await sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    await sdk.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' }))
    const DesiredDeliveryMediums = ['EMAIL' as const]
    await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'bob', UserAttributes, DesiredDeliveryMediums }))
    expect(suite.eventsOf(pool).map(({ source }) => source)).toEqual([
      'CustomMessage_SignUp',
      'CustomMessage_ResendCode',
      'CustomMessage_ForgotPassword',
      'CustomMessage_UpdateUserAttribute',
      'CustomMessage_VerifyUserAttribute',
      'CustomMessage_AdminCreateUser',
    ])
  })
  shows('message-06', async () => expect(await refusedMessage(`{####}${'x'.repeat(20_000)}`)).toEqual(REFUSED))

  async function senderPool(name: string) {
    const CustomEmailSender = { LambdaVersion: 'V1_0' as const, LambdaArn: arnOf(name) }
    const LambdaConfig = { CustomEmailSender, KMSKeyID: 'arn:aws:kms:us-east-1:000000000000:key/any' }
    return await suite.open({ pool: { LambdaConfig } })
  }
  shows('sender-01', async () => {
    suite.emulator().setTrigger('sender', (event) => event)
    const pool = await senderPool('sender')
    await pool.signUp('ada', EMAIL)
    expect(newest(pool)).toMatchObject({ sentBy: 'CustomEmailSender' })
    await expect.poll(() => suite.eventsOf(pool)).toHaveLength(1)
    expect(suite.eventsOf(pool)[0]).toMatchObject({
      source: 'CustomEmailSender_SignUp',
      event: { request: { type: 'customEmailSenderRequestV1', userAttributes: EMAIL } },
    })
  })
  shows('sender-03', async () => {
    suite.emulator().setTrigger('sms', (event) => event)
    const CustomSMSSender = { LambdaVersion: 'V1_0' as const, LambdaArn: arnOf('sms') }
    const LambdaConfig = { CustomSMSSender, KMSKeyID: 'arn:aws:kms:us-east-1:000000000000:key/any' }
    const pool = await suite.open({ pool: { LambdaConfig, AutoVerifiedAttributes: ['phone_number'] } })
    await pool.signUp('ada', { phone_number: '+4915112345678' })
    expect(newest(pool)).toMatchObject({ sentBy: 'CustomSMSSender' })
    await expect.poll(() => suite.eventsOf(pool)).toHaveLength(1)
    expect(suite.eventsOf(pool)[0]).toMatchObject({
      source: 'CustomSMSSender_SignUp',
      event: { request: { type: 'customSMSSenderRequestV1' } },
    })
  })
  shows('sender-02', async () => {
    suite.emulator().setTrigger('broken', () => Promise.reject(new Error('no mail today')))
    suite.emulator().setTrigger('endless', () => new Promise(() => {}))
    for (const name of ['broken', 'endless']) {
      const pool = await senderPool(name)
      await confirmedUser(pool, 'ada', EMAIL)
      expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
    }
  })
  async function signedIn(pool: OpenPool) {
    await confirmedUser(pool, 'ada', EMAIL)
    return (await pool.signIn('ada')).AuthenticationResult?.AccessToken
  }
  const sourcesOf = (pool: OpenPool) => suite.eventsOf(pool).map(({ source }) => source)
  const NEW = pairs({ email: 'new@example.com' })

  shows('message-07', async () => {
    const pool = await writing({})
    const AccessToken = await signedIn(pool)
    await pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: NEW }))
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    const other = pairs({ email: 'other@example.com' })
    await pool.sdk.send(new AdminUpdateUserAttributesCommand({ ...who, UserAttributes: other }))
    const verified = pairs({ email: 'third@example.com', email_verified: 'true' })
    await pool.sdk.send(new AdminUpdateUserAttributesCommand({ ...who, UserAttributes: verified }))
    const changed = 'CustomMessage_UpdateUserAttribute'
    expect(sourcesOf(pool)).toEqual(['CustomMessage_SignUp', changed, changed])
    const [, byUser, byAdministrator] = suite.eventsOf(pool)
    expect(byUser?.event).toMatchObject({ callerContext: { clientId: pool.ClientId } })
    expect(byAdministrator?.event).toMatchObject({ callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' } })
  })
  shows('message-08', async () => {
    const UserAttributeUpdateSettings = { AttributesRequireVerificationBeforeUpdate: ['email' as const] }
    const shown = async (keepOriginalMessage: 'original' | 'pending') => {
      const pool = await writing({}, { pool: { ...OWN_SENDER.pool, UserAttributeUpdateSettings } })
      suite.emulator().setQuirks({ keepOriginalMessage }, pool.UserPoolId)
      const AccessToken = await signedIn(pool)
      await pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: NEW }))
      expect(newest(pool)?.destination).toBe('new@example.com')
      const { email, email_verified } = Object(suite.eventsOf(pool).at(-1)?.event).request.userAttributes
      return [email, email_verified]
    }
    expect(await shown('original')).toEqual([EMAIL.email, 'true'])
    expect(await shown('pending')).toEqual(['new@example.com', 'true'])
  })
  shows('message-09', async () => {
    const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] } }
    const runs = async (customMessageForEmailCode: 'run' | 'notRun') => {
      const client = { ExplicitAuthFlows: ['ALLOW_USER_AUTH' as const] }
      const pool = await writing({}, { pool: { ...OWN_SENDER.pool, Policies }, client })
      suite.emulator().setQuirks({ customMessageForEmailCode }, pool.UserPoolId)
      await confirmedUser(pool, 'ada', EMAIL)
      const AuthParameters = { USERNAME: 'ada', PREFERRED_CHALLENGE: 'EMAIL_OTP' }
      const { ClientId } = pool
      await pool.sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters }))
      expect(newest(pool)).toMatchObject({ purpose: 'Authentication', destination: EMAIL.email })
      return sourcesOf(pool)
    }
    expect(await runs('run')).toEqual(['CustomMessage_SignUp', 'CustomMessage_Authentication'])
    expect(await runs('notRun')).toEqual(['CustomMessage_SignUp'])
  })
  shows('sender-04', async () => {
    const response = { emailMessage: 'Type {####} now' }
    suite.emulator().setTrigger('beside', (event: object) => ({ ...event, response }))
    const CustomEmailSender = { LambdaVersion: 'V1_0' as const, LambdaArn: arnOf('beside') }
    const KMSKeyID = 'arn:aws:kms:us-east-1:000000000000:key/any'
    const LambdaConfig = { CustomEmailSender, KMSKeyID, CustomMessage: arnOf('beside') }
    const runs = async (customMessageBesideSender: 'run' | 'notRun') => {
      const pool = await suite.open({ pool: { ...OWN_SENDER.pool, LambdaConfig } })
      suite.emulator().setQuirks({ customMessageBesideSender }, pool.UserPoolId)
      await pool.signUp('ada', EMAIL)
      const body = `Your verification code is ${newest(pool)?.code}.`
      expect(newest(pool)).toMatchObject({ sentBy: 'CustomEmailSender', body })
      await expect.poll(() => sourcesOf(pool)).toContain('CustomEmailSender_SignUp')
      return sourcesOf(pool).includes('CustomMessage_SignUp')
    }
    expect([await runs('notRun'), await runs('run')]).toEqual([false, true])
  })
})
