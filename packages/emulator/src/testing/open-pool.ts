import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateIdentityProviderCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  SignUpCommand,
  type SignUpCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Emulator } from '../index.ts'

export const PASSWORD = 'Corr3ct-horse'
export const CALLBACK = 'http://localhost:3000/callback'

type Attributes = Readonly<Record<string, string>>

export const pairs = (attributes: Attributes) => Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))

export const unpaired = (attributes: readonly { Name: string | undefined; Value?: string | undefined }[] = []) =>
  Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]))

/** The unchanged AWS SDK client, pointed at the emulator by `endpoint` alone. */
export function sdkFor(emulator: Emulator): CognitoIdentityProviderClient {
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' }
  return new CognitoIdentityProviderClient({ endpoint: emulator.endpoint, region: 'us-east-1', credentials })
}

/** `Name: message` of the error a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
  return 'no refusal'
}

export interface Given {
  readonly pool?: Partial<CreateUserPoolCommandInput>
  readonly client?: Partial<CreateUserPoolClientCommandInput>
  /** Google's attribute mapping; unset: the pool has no Google. */
  readonly google?: Attributes
}

export type OpenPool = Awaited<ReturnType<typeof openPool>>

const FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const
const OAUTH = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code'],
  AllowedOAuthScopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
  CallbackURLs: [CALLBACK],
  LogoutURLs: ['http://localhost:3000/bye'],
} satisfies Partial<CreateUserPoolClientCommandInput>

export async function openPool(emulator: Emulator, given: Given = {}) {
  const sdk = sdkFor(emulator)
  const pool = { PoolName: 'test', AutoVerifiedAttributes: ['email' as const], ...given.pool }
  const UserPoolId = (await sdk.send(new CreateUserPoolCommand(pool))).UserPool?.Id ?? ''
  if (given.google) {
    await sdk.send(
      new CreateIdentityProviderCommand({
        UserPoolId,
        ProviderName: 'Google',
        ProviderType: 'Google',
        ProviderDetails: { client_id: 'id', client_secret: 'hidden', authorize_scopes: 'openid email' },
        AttributeMapping: given.google,
      }),
    )
  }
  const providers = given.google ? ['COGNITO', 'Google'] : ['COGNITO']
  const app = await sdk.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: [...FLOWS],
      SupportedIdentityProviders: providers,
      ...OAUTH,
      ...given.client,
    }),
  )
  const ClientId = app.UserPoolClient?.ClientId ?? ''
  const code = (Username: string) => emulator.newestCode(UserPoolId, Username) ?? ''
  return {
    emulator,
    sdk,
    UserPoolId,
    ClientId,
    secret: app.UserPoolClient?.ClientSecret ?? '',
    code,
    signUp: (Username: string, attributes: Attributes = {}, more: Partial<SignUpCommandInput> = {}) =>
      sdk.send(
        new SignUpCommand({ ClientId, Username, Password: PASSWORD, UserAttributes: pairs(attributes), ...more }),
      ),
    confirm: (Username: string, ForceAliasCreation?: boolean) =>
      sdk.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: code(Username), ForceAliasCreation })),
    signIn: async (USERNAME: string, Password: string = PASSWORD) => {
      const AuthParameters = { USERNAME, PASSWORD: Password }
      return await sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }))
    },
    user: async (Username: string) => {
      const user = await sdk.send(new AdminGetUserCommand({ UserPoolId, Username }))
      return {
        ...unpaired(user.UserAttributes),
        username: user.Username,
        status: user.UserStatus,
        enabled: user.Enabled,
      }
    },
  }
}

export async function confirmedUser(pool: OpenPool, username: string, attributes: Attributes): Promise<string> {
  const { UserSub } = await pool.signUp(username, attributes)
  await pool.confirm(username)
  return UserSub ?? ''
}
