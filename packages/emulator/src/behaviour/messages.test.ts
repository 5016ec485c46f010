import {
  AdminCreateUserCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  ResendConfirmationCodeCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect } from 'vitest'
import { confirmedUser, type Given, type OpenPool, pairs, refusal } from '../testing/open-pool.ts'
import { arnOf, EMAIL, shows, useDesk } from './testing/shows.ts'

const desk = useDesk()
const OWN_SENDER: Given = { pool: { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } } }
const newest = ({ UserPoolId }: OpenPool) => desk.emulator().inbox(UserPoolId, 'ada').at(-1)

const writing = (response: object, given: Given = OWN_SENDER) =>
  desk.triggered(['CustomMessage'], (event: object) => ({ ...event, response }), given)

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
    expect(desk.eventsOf(pool).map(({ source }) => source)).toEqual([
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
    return await desk.open({ pool: { LambdaConfig } })
  }
  shows('sender-01', async () => {
    desk.emulator().setTrigger('sender', (event) => event)
    const pool = await senderPool('sender')
    await pool.signUp('ada', EMAIL)
    expect(newest(pool)).toMatchObject({ sentBy: 'CustomEmailSender' })
    await expect.poll(() => desk.eventsOf(pool)).toHaveLength(1)
    expect(desk.eventsOf(pool)[0]).toMatchObject({
      source: 'CustomEmailSender_SignUp',
      event: { request: { type: 'customEmailSenderRequestV1', userAttributes: EMAIL } },
    })
  })
  shows('sender-03', async () => {
    desk.emulator().setTrigger('sms', (event) => event)
    const CustomSMSSender = { LambdaVersion: 'V1_0' as const, LambdaArn: arnOf('sms') }
    const LambdaConfig = { CustomSMSSender, KMSKeyID: 'arn:aws:kms:us-east-1:000000000000:key/any' }
    const pool = await desk.open({ pool: { LambdaConfig, AutoVerifiedAttributes: ['phone_number'] } })
    await pool.signUp('ada', { phone_number: '+4915112345678' })
    expect(newest(pool)).toMatchObject({ sentBy: 'CustomSMSSender' })
    await expect.poll(() => desk.eventsOf(pool)).toHaveLength(1)
    expect(desk.eventsOf(pool)[0]).toMatchObject({
      source: 'CustomSMSSender_SignUp',
      event: { request: { type: 'customSMSSenderRequestV1' } },
    })
  })
  shows('sender-02', async () => {
    desk.emulator().setTrigger('broken', () => Promise.reject(new Error('no mail today')))
    desk.emulator().setTrigger('endless', () => new Promise(() => {}))
    for (const name of ['broken', 'endless']) {
      const pool = await senderPool(name)
      await confirmedUser(pool, 'ada', EMAIL)
      expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
    }
  })
})
