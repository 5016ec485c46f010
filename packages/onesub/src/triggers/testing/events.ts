import { createTriggerEvents } from '../../testing/trigger-events.ts'
import { isTriggerSource } from '../trigger-sources.ts'

// The people of the tests of triggers. The shapes of their events are those of `onesub/testing`.

export const POOL_ID = 'eu-west-1_Test1'
export const CLIENT_ID = '7webclient'

export interface EventOptions {
  readonly source?: string
  readonly userName?: string
  readonly attributes?: Record<string, string>
  readonly response?: Record<string, unknown>
  readonly client?: string
  readonly pool?: string
}

export function triggerEvent({
  source = 'PreSignUp_SignUp',
  userName = 'ada',
  attributes = {},
  response = {},
  client = CLIENT_ID,
  pool = POOL_ID,
}: EventOptions) {
  // A source that Cognito does not have comes with the request of a sign-up.
  const shape = isTriggerSource(source) ? source : 'PreSignUp_SignUp'
  const event = createTriggerEvents({ userPoolId: pool, clientId: client })(shape, { userName })
  // Loosely typed, since these tests write into the response what other handlers may have left there.
  const loose: Record<string, unknown> = { ...event.response, ...response }
  return {
    ...event,
    triggerSource: source,
    request: { ...event.request, userAttributes: attributes },
    response: loose,
  }
}

export const signUp = (userName: string, email?: string) =>
  triggerEvent({ source: 'PreSignUp_SignUp', userName, attributes: email === undefined ? {} : { email } })

export const adminCreates = (userName: string, email: string, verified = false) =>
  triggerEvent({
    source: 'PreSignUp_AdminCreateUser',
    userName,
    attributes: { email, email_verified: String(verified) },
  })

export const confirms = (userName: string, email: string | undefined, verified = true) =>
  triggerEvent({
    source: 'PostConfirmation_ConfirmSignUp',
    userName,
    attributes: {
      sub: subOf(userName),
      'cognito:user_status': 'CONFIRMED',
      ...(email !== undefined && { email, email_verified: String(verified) }),
    },
  })

export const resets = (userName: string, email: string) => ({
  ...confirms(userName, email),
  triggerSource: 'PostConfirmation_ConfirmForgotPassword',
})

export const subOf = (userName: string) => `sub-of-${userName}`

export interface GoogleSays {
  readonly email?: string
  readonly verified?: string
  readonly hd?: string
  readonly subject?: string
}

export const googleArrives = ({
  email = 'ada@example.com',
  verified = 'true',
  hd = 'example.com',
  subject = '1180',
}: GoogleSays = {}) =>
  triggerEvent({
    source: 'PreSignUp_ExternalProvider',
    userName: `Google_${subject}`,
    attributes: { 'cognito:email_alias': '', email, email_verified: verified, ...(hd && { 'custom:hd': hd }) },
  })

export const googleConfirmed = (says: GoogleSays = {}) => {
  const { userName, request } = googleArrives(says)
  return triggerEvent({
    source: 'PostConfirmation_ConfirmSignUp',
    userName,
    attributes: {
      ...request.userAttributes,
      sub: subOf(userName),
      'cognito:user_status': 'EXTERNAL_PROVIDER',
      identities: '[]',
    },
  })
}
