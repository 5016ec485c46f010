/** Events in the shapes that Cognito sends (developer guide, trigger pages; real event quoted in localstack/localstack#2964). */
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
  return {
    version: '1',
    region: pool.split('_')[0],
    userPoolId: pool,
    userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: client },
    triggerSource: source,
    request: { userAttributes: attributes, validationData: null },
    response,
  }
}

const NO_FLAGS = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }

export const signUp = (userName: string, email?: string) =>
  triggerEvent({ userName, attributes: email === undefined ? {} : { email }, response: NO_FLAGS })

export const adminCreates = (userName: string, email: string, verified = false) =>
  triggerEvent({
    source: 'PreSignUp_AdminCreateUser',
    userName,
    attributes: { email, email_verified: String(verified) },
    response: NO_FLAGS,
    client: 'CLIENT_ID_NOT_APPLICABLE',
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
    response: NO_FLAGS,
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
