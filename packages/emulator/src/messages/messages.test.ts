import {
  AdminCreateUserCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  ResendConfirmationCodeCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, openPool, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

interface MessageEvent {
  readonly triggerSource: string
  readonly request: { readonly codeParameter: string; readonly usernameParameter: string | null }
}

const email = { email: 'ada@example.com' }
const OWN_SENDER = { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' as const } }
const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`

async function poolWith(answer: (event: MessageEvent) => object, settings: object = OWN_SENDER) {
  const events: MessageEvent[] = []
  const name = `message-${Math.random()}`
  emulator.setTrigger(name, (event: MessageEvent) => {
    events.push(event)
    return { ...event, response: answer(event) }
  })
  const pool = await openPool(emulator, { pool: { LambdaConfig: { CustomMessage: arn(name) }, ...settings } })
  const newest = () => emulator.inbox(pool.UserPoolId, 'ada').at(-1)
  return { ...pool, events, newest }
}

const welcoming = (event: MessageEvent) => ({
  emailSubject: 'Hello',
  emailMessage: `Hello ${event.request.usernameParameter ?? ''}, your code: ${event.request.codeParameter}`,
})

describe('CustomMessage (Developer Guide: user-pool-lambda-custom-message)', () => {
  it('writes the message that the inbox shows, with the code in its place', async () => {
    const pool = await poolWith(welcoming)
    await pool.signUp('ada', email, { ClientMetadata: { language: 'en' } })
    const code = pool.newest()?.code
    expect(pool.newest()).toMatchObject({ subject: 'Hello', body: `Hello , your code: ${code}`, sentBy: 'Cognito' })
    expect(pool.events[0]).toMatchObject({
      triggerSource: 'CustomMessage_SignUp',
      request: {
        userAttributes: { email: 'ada@example.com' },
        codeParameter: '{####}',
        usernameParameter: null,
        clientMetadata: { language: 'en' },
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    })
  })

  it('names its occasion: resent, forgotten, changed, asked for, invited', async () => {
    const pool = await poolWith(welcoming)
    const { ClientId, UserPoolId, sdk } = pool
    await pool.signUp('ada', email)
    await sdk.send(new ResendConfirmationCodeCommand({ ClientId, Username: 'ada' }))
    await pool.confirm('ada')
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    await sdk.send(new ForgotPasswordCommand({ ClientId, Username: 'ada' }))
    const UserAttributes = [{ Name: 'email', Value: 'ada@example.org' }]
    await sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    await sdk.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' }))
    const invited = { UserPoolId, Username: 'bob', UserAttributes, DesiredDeliveryMediums: ['EMAIL' as const] }
    await sdk.send(new AdminCreateUserCommand(invited))
    expect(pool.events.map((event) => event.triggerSource.replace('CustomMessage_', ''))).toEqual([
      'SignUp',
      'ResendCode',
      'ForgotPassword',
      'UpdateUserAttribute',
      'VerifyUserAttribute',
      'AdminCreateUser',
    ])
    expect(emulator.inbox(UserPoolId, 'bob').at(-1)?.body).toContain('Hello bob, your code: ')
  })

  it.each([
    ['without the code', { emailMessage: 'Hello' }, OWN_SENDER],
    ['by e-mail without an own sending account', { emailMessage: 'Your code: {####}' }, {}],
    ['longer than an e-mail may be', { emailMessage: `{####}${'x'.repeat(20_000)}` }, OWN_SENDER],
  ])('is refused %s', async (_, answer, settings) => {
    const pool = await poolWith(() => answer, settings)
    expect(await refusal(pool.signUp('ada', email))).toContain('InvalidLambdaResponseException')
    expect(pool.newest()).toBeUndefined()
  })

  it('leaves the standard text where it says nothing, and the pool’s own template counts', async () => {
    const plain = await poolWith(() => ({}), {})
    await plain.signUp('ada', email)
    expect(plain.newest()?.body).toBe(`Your verification code is ${plain.newest()?.code}.`)
    const own = await poolWith(() => ({}), {
      EmailVerificationMessage: 'Type {####} now',
      EmailVerificationSubject: 'S',
    })
    await own.signUp('ada', email)
    expect(own.newest()).toMatchObject({ subject: 'S', body: `Type ${own.newest()?.code} now` })
  })
})

describe('CustomEmailSender (Developer Guide: user-pool-lambda-custom-email-sender)', () => {
  it('gets a code that is marked as not encrypted; nobody waits for it, and its error changes nothing', async () => {
    const events: { request: { code: string } }[] = []
    emulator.setTrigger('sender', (event: { request: { code: string } }) => {
      events.push(event)
      throw new Error('no mail today')
    })
    const CustomEmailSender = { LambdaVersion: 'V1_0' as const, LambdaArn: arn('sender') }
    const LambdaConfig = { CustomEmailSender, KMSKeyID: 'arn:aws:kms:us-east-1:000000000000:key/any' }
    const pool = await openPool(emulator, { pool: { LambdaConfig } })
    await confirmedUser(pool, 'ada', email)
    const message = emulator.inbox(pool.UserPoolId, 'ada')[0]
    expect(message).toMatchObject({ sentBy: 'CustomEmailSender' })
    await expect.poll(() => events.length).toBe(1)
    expect(events[0]).toMatchObject({
      triggerSource: 'CustomEmailSender_SignUp',
      request: { type: 'customEmailSenderRequestV1', userAttributes: { email: 'ada@example.com' } },
    })
    const code = Buffer.from(events[0]?.request.code ?? '', 'base64').toString()
    expect(code).toBe(`onesub-emulator-not-encrypted:${message?.code}`)
  })
})
