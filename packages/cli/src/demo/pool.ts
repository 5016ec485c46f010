import type { CognitoIdentityProvider, CreateUserPoolCommandInput } from '@aws-sdk/client-cognito-identity-provider'

/** One user pool of the demonstration, and what is needed to sign in to it. */
export interface DemoPool {
  readonly cognito: CognitoIdentityProvider
  readonly endpoint: string
  readonly userPoolId: string
  readonly clientId: string
  readonly redirectUri: string
}

const REDIRECT_URI = 'http://localhost:3000/callback'

type PoolSettings = Pick<CreateUserPoolCommandInput, 'UsernameConfiguration' | 'AliasAttributes' | 'UsernameAttributes'>

/**
 * A pool with a password client and Google, and one function on each trigger. Without settings it is as most code makes one:
 * user names of any form, case-sensitive, since that is the API's default.
 */
export async function createPool(
  cognito: CognitoIdentityProvider,
  endpoint: string,
  name: string,
  triggerArn: string,
  settings: PoolSettings = {},
  redirectUri = REDIRECT_URI,
): Promise<DemoPool> {
  const pool = await cognito.createUserPool({
    PoolName: name,
    ...settings,
    AutoVerifiedAttributes: ['email'],
    Schema: [{ Name: 'hd', AttributeDataType: 'String', Mutable: true }],
    LambdaConfig: { PreSignUp: triggerArn, PostConfirmation: triggerArn, PreTokenGeneration: triggerArn },
  })
  const userPoolId = given(pool.UserPool?.Id)
  await cognito.createIdentityProvider({
    UserPoolId: userPoolId,
    ProviderName: 'Google',
    ProviderType: 'Google',
    ProviderDetails: { client_id: 'demo', client_secret: 'demo', authorize_scopes: 'openid email profile' },
    AttributeMapping: { email: 'email', email_verified: 'email_verified', 'custom:hd': 'hd' },
  })
  const client = await cognito.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    SupportedIdentityProviders: ['COGNITO', 'Google'],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
    CallbackURLs: [redirectUri],
  })
  return { cognito, endpoint, userPoolId, clientId: given(client.UserPoolClient?.ClientId), redirectUri }
}

export function given(value: string | undefined): string {
  if (value === undefined) throw new Error('Cognito left out a value that it always sends.')
  return value
}

/** The pool itself is asked whose token it is: nothing here reads an unverified token. */
export async function subOf({ cognito }: DemoPool, AccessToken: string): Promise<string> {
  const { UserAttributes } = await cognito.getUser({ AccessToken })
  return given(UserAttributes?.find(({ Name }) => Name === 'sub')?.Value)
}
