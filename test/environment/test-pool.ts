import {
  type AuthenticationResultType,
  CognitoIdentityProvider,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, type QuirkSettings, startEmulator } from '@onesub/emulator'
import type { Registry } from 'onesub'
import { type Account, type AccountOptions, createAccountService, createUserSession } from 'onesub/account'
import { createMemoryRegistry } from 'onesub/registry/memory'
import { createTriggerHandler, type Report, type TriggerOptions } from 'onesub/triggers'
import { type CognitoApi, createUserPoolAdapter } from 'onesub/user-pool'
import { createIdentityVerifier, createPersonVerifier, type PersonVerifier } from 'onesub/verify'
import { given } from '../../packages/cli/src/demo/pool.ts'
import { follow } from '../../packages/emulator/src/testing/walk.ts'
import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import { PROVIDERS, type ProviderSetUp, TRUST } from './providers.ts'

export type PoolSettings = Pick<
  CreateUserPoolCommandInput,
  | 'UsernameConfiguration'
  | 'AliasAttributes'
  | 'UsernameAttributes'
  | 'UserAttributeUpdateSettings'
  | 'AutoVerifiedAttributes'
  | 'AccountRecoverySetting'
  | 'Policies'
>

export interface TestEnvironment {
  readonly emulator: Emulator
  readonly cognito: CognitoIdentityProvider
  /** Epoch milliseconds, for Cognito and for onesub. */
  now(): number
  /** Lets time go by without a test that waits. Sign-ins are timed in whole seconds, so a test goes on by more than one. */
  goOn(ms?: number): void
  close(): Promise<void>
}

/** One emulator, and a client of the real SDK; pools are opened on it. */
export async function openTestEnvironment(): Promise<TestEnvironment> {
  let ahead = 0
  const now = () => Date.now() + ahead
  const emulator = await startEmulator({ clock: now })
  const cognito = new CognitoIdentityProvider({
    endpoint: emulator.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  return {
    emulator,
    cognito,
    now,
    goOn: (ms = 1_100) => {
      ahead += ms
    },
    close: async () => {
      cognito.destroy()
      await emulator.close()
    },
  }
}

export interface TestPoolOptions {
  readonly settings?: PoolSettings
  readonly quirks?: QuirkSettings
  readonly policy?: TriggerOptions['policy']
  /** Whether the pool has the InboundFederation trigger. */
  readonly inbound?: boolean
  /** Providers beside the usual ones, or in their place. */
  readonly providers?: Readonly<Record<string, ProviderSetUp>>
  /** The triggers pass everything on until `attach`: what happens before is from before onesub. */
  readonly isLate?: boolean
  /** The application's own handler, in the same function before onesub's. */
  readonly ownHandler?: (event: Readonly<Record<string, unknown>>) => unknown
  /** Around the triggers: what stands in their way. */
  readonly options?: Partial<TriggerOptions>
  /** What stands between onesub and its ports. */
  readonly through?: {
    registry(registry: Registry): Registry
    cognito(api: CognitoApi): CognitoApi
  }
}

export interface Tokens {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string
}

export type SignInResult =
  | { readonly tokens: Tokens; readonly attempts: number }
  | { readonly refused: string; readonly attempts: number }

const CALLBACK = 'http://localhost:3000/callback'
const VERIFIER = 'a-verifier-that-is-long-enough-for-rfc-7636-to-accept'
// Its SHA-256 in base64url (RFC 7636 §4.2).
const CHALLENGE = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(VERIFIER))).toString(
  'base64url',
)
export const PASSWORD = 'Correct-Horse-9'
/** What clients start over for, once: a link made in this very sign-in (aws-amplify/amplify-flutter#1716). */
const FIRST_LINK = /already found an entry for username/i

let pools = 0

/** A pool with every kind of provider, onesub on all of its triggers, and a user who can sign in by each method. */
export async function openTestPool(environment: TestEnvironment, options: TestPoolOptions = {}) {
  const { emulator, cognito } = environment
  const { settings = {}, quirks = {}, inbound = false, ownHandler = (event) => event } = options
  pools += 1
  const arn = `arn:aws:lambda:us-east-1:000000000000:function:pool-${pools}`
  const slots = ['PreSignUp', 'PostConfirmation', 'PostAuthentication'] as const
  const pool = await cognito.createUserPool({
    PoolName: `pool-${pools}`,
    AutoVerifiedAttributes: ['email'],
    ...settings,
    Schema: ['hd', 'subject', 'tenant'].map((Name) => ({
      Name,
      AttributeDataType: 'String' as const,
      Mutable: Name !== 'tenant',
    })),
    LambdaConfig: {
      ...Object.fromEntries(slots.map((slot) => [slot, arn])),
      PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: arn },
      ...(inbound && { InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: arn } }),
    },
  })
  const userPoolId = given(pool.UserPool?.Id)
  emulator.setQuirks(quirks, userPoolId)
  const providers = { ...PROVIDERS(emulator.endpoint), ...options.providers }
  for (const [ProviderName, { type, details, mapping }] of Object.entries(providers)) {
    await cognito.createIdentityProvider({
      UserPoolId: userPoolId,
      ProviderName,
      ProviderType: type,
      ProviderDetails: details,
      AttributeMapping: mapping,
    })
  }
  const client = await cognito.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: [
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      ...(settings.Policies?.SignInPolicy ? (['ALLOW_USER_AUTH'] as const) : []),
    ],
    SupportedIdentityProviders: ['COGNITO', ...Object.keys(providers)],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
    CallbackURLs: [CALLBACK],
    WriteAttributes: ['email', 'phone_number', 'custom:hd', 'custom:subject', 'custom:tenant'],
  })
  const clientId = given(client.UserPoolClient?.ClientId)

  const registry = createMemoryRegistry()
  const { through } = options
  const ports = {
    registry: through?.registry(registry) ?? registry,
    userPool: createUserPoolAdapter(through?.cognito(callsOf(cognito)) ?? cognito),
  }
  const reports: Report[] = []
  const triggers = createTriggerHandler({
    userPoolId,
    clientIds: [clientId],
    ...ports,
    time: { ...systemTime, now: environment.now },
    report: (report) => reports.push(report),
    ...options.options,
    policy: { providers: TRUST, ...options.policy },
  })
  let isAttached = options.isLate !== true
  emulator.setTrigger(arn, (event, context) => (isAttached ? triggers(ownHandler(Object(event)), context) : event))

  const trusted = {
    pools: [{ userPoolId, clientIds: [clientId] }] as const,
    dangerouslyTrustEmulator: emulator.endpoint,
  }
  const clock = environment.now
  const verify: PersonVerifier = createPersonVerifier({ ...trusted, clock, registry: null })
  const accountOptions: AccountOptions = {
    verifyAccess: createIdentityVerifier({ ...trusted, clock, tokenUse: 'access' }),
    verifyId: createIdentityVerifier({ ...trusted, clock, tokenUse: 'id' }),
    ...ports,
    clock,
    userSession: createUserSession(cognito),
    secret: 'a secret of thirty-two characters or more',
  }
  const account: Account = createAccountService(accountOptions)
  const isByAddress = settings.UsernameAttributes !== undefined

  const signUp = async (name: string, email: string, more: Readonly<Record<string, string>> = {}) => {
    const Username = isByAddress ? email : name
    await cognito.signUp({
      ClientId: clientId,
      Username,
      Password: PASSWORD,
      UserAttributes: Object.entries({ email, ...more }).map(([Name, Value]) => ({ Name, Value })),
    })
    return Username
  }

  const confirm = async (Username: string) => {
    const ConfirmationCode = given(emulator.newestCode(userPoolId, Username))
    await cognito.confirmSignUp({ ClientId: clientId, Username, ConfirmationCode })
  }

  const signIn = async (USERNAME: string, password = PASSWORD): Promise<Tokens> => {
    const { AuthenticationResult } = await cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME, PASSWORD: password },
    })
    return tokensIn(AuthenticationResult)
  }

  const refresh = async (REFRESH_TOKEN: string): Promise<Tokens> => {
    const { AuthenticationResult } = await cognito.initiateAuth({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: clientId,
      AuthParameters: { REFRESH_TOKEN },
    })
    return tokensIn({ RefreshToken: REFRESH_TOKEN, ...AuthenticationResult })
  }

  /** A password reset, as its user does it: with the code from the mailbox. */
  const recover = async (Username: string, Password: string) => {
    await cognito.forgotPassword({ ClientId: clientId, Username })
    const ConfirmationCode = given(emulator.newestCode(userPoolId, Username))
    await cognito.confirmForgotPassword({ ClientId: clientId, Username, Password, ConfirmationCode })
  }

  const authorizeOnce = async (provider: string, persona: string): Promise<Tokens | { readonly refused: string }> => {
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid email aws.cognito.signin.user.admin',
      state: 'state',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      identity_provider: provider,
      persona,
    })
    const callback = await follow(`${emulator.endpoint}/oauth2/authorize?${query}`, emulator.endpoint)
    const code = callback.searchParams.get('code')
    if (code === null) return { refused: callback.searchParams.get('error_description') ?? 'no code' }
    const answer = await fetch(`${emulator.endpoint}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: CALLBACK,
        code,
        code_verifier: VERIFIER,
      }),
    })
    const body: { access_token?: unknown; id_token?: unknown; refresh_token?: unknown } = Object(await answer.json())
    const { access_token, id_token, refresh_token } = body
    if (typeof access_token !== 'string' || typeof id_token !== 'string' || typeof refresh_token !== 'string')
      return { refused: 'no tokens' }
    return { accessToken: access_token, idToken: id_token, refreshToken: refresh_token }
  }

  /** "Continue with …", and once more where that is what a client does. */
  const continueWith = async (provider: string, persona: string): Promise<SignInResult> => {
    const first = await authorizeOnce(provider, persona)
    if ('refused' in first && !FIRST_LINK.test(first.refused)) return { ...first, attempts: 1 }
    if (!('refused' in first) && (await isSomebody(first))) return { tokens: first, attempts: 1 }
    const second = await authorizeOnce(provider, persona)
    return 'refused' in second ? { ...second, attempts: 2 } : { tokens: second, attempts: 2 }
  }

  /** In one position of the emulator the linking sign-in ends with a `sub` that no user has. */
  const isSomebody = async ({ accessToken }: Tokens): Promise<boolean> => {
    try {
      await cognito.getUser({ AccessToken: accessToken })
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'UserNotFoundException') return false
      throw error
    }
  }

  return {
    userPoolId,
    clientId,
    registry,
    userPool: ports.userPool,
    account,
    accountOptions,
    isByAddress,
    verify,
    reports,
    attach: () => {
      isAttached = true
    },
    signUp,
    confirm,
    signIn,
    recover,
    refresh,
    continueWith,
    /** A customer who signs up with a password and enters the code. */
    register: async (name: string, email: string) => {
      const userName = await signUp(name, email)
      await confirm(userName)
      return signIn(userName)
    },
    /** By the claim in the access token alone. */
    personOf: async ({ accessToken }: Pick<Tokens, 'accessToken'>) => (await verify(accessToken)).person,
    subOf: async ({ accessToken }: Pick<Tokens, 'accessToken'>) => (await verify(accessToken)).identity.subject,
    users: () => emulator.users(userPoolId),
    events: async () => (await registry.told()).map(({ event }) => event),
  }
}

export type TestPool = Awaited<ReturnType<typeof openTestPool>>

function tokensIn(result: AuthenticationResultType | undefined): Tokens {
  return {
    accessToken: given(result?.AccessToken),
    idToken: given(result?.IdToken),
    refreshToken: given(result?.RefreshToken),
  }
}

/** The tokens of an arrival that must have succeeded. */
export function tokensOf(result: SignInResult): Tokens {
  if ('refused' in result) throw new Error(result.refused)
  return result.tokens
}

/** What a call to Cognito comes to beyond its quota: it may pass when it is tried again. */
export function throttled(): Promise<never> {
  return Promise.reject(Object.assign(new Error('slow'), { name: 'TooManyRequestsException' }))
}

/** The SDK's client has its calls by its class, and a copy of it would have none of them. */
function callsOf(api: CognitoApi): CognitoApi {
  return {
    adminLinkProviderForUser: (input) => api.adminLinkProviderForUser(input),
    adminDisableProviderForUser: (input) => api.adminDisableProviderForUser(input),
    adminGetUser: (input) => api.adminGetUser(input),
    adminCreateUser: (input) => api.adminCreateUser(input),
    adminSetUserPassword: (input) => api.adminSetUserPassword(input),
    adminUpdateUserAttributes: (input) => api.adminUpdateUserAttributes(input),
    adminDeleteUser: (input) => api.adminDeleteUser(input),
    adminUserGlobalSignOut: (input) => api.adminUserGlobalSignOut(input),
    describeUserPool: (input) => api.describeUserPool(input),
  }
}
