import { jsonCalls } from './call.ts'
import type { HttpsOptions, Service } from './endpoint.ts'

const COGNITO: Service = {
  name: 'cognito-idp',
  target: 'AWSCognitoIdentityProviderService',
  contentType: 'application/x-amz-json-1.1',
  endpointVariable: 'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
  // Some of these calls run the pool's triggers before they answer, and those may start cold.
  timeoutMs: 2_500,
}

/** As the AWS SDK's client names its methods; each is the operation of that name. */
const METHODS = [
  'adminCreateUser',
  'adminDeleteUser',
  'adminDisableProviderForUser',
  'adminGetUser',
  'adminLinkProviderForUser',
  'adminSetUserPassword',
  'adminUpdateUserAttributes',
  'adminUserGlobalSignOut',
  'describeUserPool',
] as const

/** What is read of the answers; times stay numbers of seconds, as they were sent. */
interface CognitoAnswer {
  readonly Username?: string
  readonly UserStatus?: string
  readonly UserCreateDate?: number
  readonly UserPool?: { readonly UsernameAttributes?: readonly string[] }
  readonly UserAttributes?: readonly { readonly Name: string; readonly Value?: string }[]
}

export type CognitoHttpsClient = Readonly<Record<(typeof METHODS)[number], (input: object) => Promise<CognitoAnswer>>>

/**
 * Cognito without the AWS SDK, for `createUserPoolAdapter(…)`. It signs with the function's role from the environment; elsewhere use the
 * SDK's `CognitoIdentityProvider`. Throws `CONFIG_INVALID`.
 */
export function createCognitoHttpsClient(options: HttpsOptions = {}): CognitoHttpsClient {
  const call = jsonCalls(COGNITO, options)
  const methods = METHODS.map(
    (name) => [name, (input: object) => call(operationOf(name), input) as Promise<CognitoAnswer>] as const,
  )
  return Object.fromEntries(methods) as CognitoHttpsClient
}

function operationOf(method: string): string {
  return method.charAt(0).toUpperCase() + method.slice(1)
}
