import type { CognitoIdentityProvider, LambdaConfigType } from '@aws-sdk/client-cognito-identity-provider'
import { given } from '../../../packages/cli/src/demo/pool.ts'

export const PROVIDERS = ['Google', 'Facebook'] as const

export interface StagePool {
  readonly userPoolId: string
  readonly clientId: string
}

/** The same pool on both sides, with the address as user name; what differs is which functions hang on it. */
export async function openPool(
  cognito: CognitoIdentityProvider,
  name: string,
  origin: string,
  LambdaConfig: LambdaConfigType,
): Promise<StagePool> {
  const { UserPool } = await cognito.createUserPool({
    PoolName: name,
    UsernameAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
    // A new address shows when its mailbox has answered, not before.
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    Schema: [{ Name: 'hd', AttributeDataType: 'String', Mutable: true }],
    LambdaConfig,
  })
  const UserPoolId = given(UserPool?.Id)
  const details = { client_id: 'records', client_secret: 'only-on-this-machine' }
  await cognito.createIdentityProvider({
    UserPoolId,
    ProviderName: 'Google',
    ProviderType: 'Google',
    ProviderDetails: { ...details, authorize_scopes: 'openid email' },
    AttributeMapping: { email: 'email', email_verified: 'email_verified', 'custom:hd': 'hd' },
  })
  await cognito.createIdentityProvider({
    UserPoolId,
    ProviderName: 'Facebook',
    ProviderType: 'Facebook',
    ProviderDetails: { ...details, authorize_scopes: 'public_profile,email' },
    AttributeMapping: { email: 'email' },
  })
  const { UserPoolClient } = await cognito.createUserPoolClient({
    UserPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
    SupportedIdentityProviders: ['COGNITO', ...PROVIDERS],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
    CallbackURLs: [`${origin}/callback`],
    LogoutURLs: [`${origin}/`],
    WriteAttributes: ['email', 'custom:hd'],
  })
  return { userPoolId: UserPoolId, clientId: given(UserPoolClient?.ClientId) }
}
