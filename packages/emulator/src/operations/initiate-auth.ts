import { invalidParameter, notAuthorized, notEmulated } from '../faults.ts'
import type { JsonRecord } from '../json.ts'
import type { ClientInPool } from '../state/account.ts'
import { issueTokens } from '../tokens/issue.ts'
import { signInWithPassword } from './authentication.ts'
import { type Call, clientOf, type Operation } from './operation.ts'

const FLOWS = [
  'USER_SRP_AUTH',
  'REFRESH_TOKEN_AUTH',
  'REFRESH_TOKEN',
  'CUSTOM_AUTH',
  'ADMIN_NO_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'ADMIN_USER_PASSWORD_AUTH',
  'USER_AUTH',
] as const
type Flow = (typeof FLOWS)[number]

export const initiateAuth: Operation = (call) => {
  const flow = flowIn(call)
  if (flow.startsWith('ADMIN_')) throw invalidParameter('Initiate Auth method not supported.')
  return authenticate(call, clientOf(call), flow)
}

export const adminInitiateAuth: Operation = (call) => {
  const { desk, input } = call
  const flow = flowIn(call)
  if (flow === 'USER_PASSWORD_AUTH') throw invalidParameter('Initiate Auth method not supported.')
  return authenticate(call, desk.account.clientOf(input.need('UserPoolId'), input.need('ClientId')), flow)
}

function flowIn({ input }: Call): Flow {
  input.need('AuthFlow')
  return input.oneOf('AuthFlow', FLOWS) ?? 'USER_AUTH'
}

async function authenticate(call: Call, place: ClientInPool, flow: Flow): Promise<JsonRecord> {
  switch (flow) {
    case 'USER_PASSWORD_AUTH':
    case 'ADMIN_USER_PASSWORD_AUTH':
    case 'ADMIN_NO_SRP_AUTH':
      assertAllowed(place, flow)
      return await withPassword(call, place)
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      assertAllowed(place, 'REFRESH_TOKEN_AUTH')
      return await withRefreshToken(call, place)
    case 'USER_SRP_AUTH':
    case 'CUSTOM_AUTH':
    case 'USER_AUTH':
      throw notEmulated(`The authentication flow ${flow}`)
    default:
      return flow satisfies never
  }
}

function assertAllowed({ client }: ClientInPool, flow: string): void {
  if (!client.allows(flow)) throw invalidParameter(`${flow} flow not enabled for this client`)
}

async function withPassword({ desk, input }: Call, place: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const typed = parameter(given, 'USERNAME')
  const password = parameter(given, 'PASSWORD')
  place.client.checkSecretHash(typed, given.SECRET_HASH)
  return await signInWithPassword(desk, place, { typed, password, metadata: input.texts('ClientMetadata') })
}

/** No PreAuthentication, no PostAuthentication, no new refresh token (…-working-with-lambda-triggers). */
async function withRefreshToken({ desk, input }: Call, { pool, client }: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const session = desk.sessions.byRefreshToken(parameter(given, 'REFRESH_TOKEN'))
  if (!session || session.client !== client) throw notAuthorized('Invalid Refresh Token')
  client.checkSecretHash(session.user.username, given.SECRET_HASH)
  if (!session.user.enabled) throw notAuthorized('User is disabled.')
  if (!desk.sessions.isAlive(session.originJti)) throw notAuthorized('Refresh Token has been revoked')
  const tokens = await issueTokens(desk, { pool, session, source: 'TokenGeneration_RefreshTokens' })
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: tokens.accessToken,
      IdToken: tokens.idToken,
      ExpiresIn: tokens.expiresIn,
      TokenType: 'Bearer',
    },
  }
}

export function parameter(given: Readonly<Record<string, string>>, name: string): string {
  const value = given[name]
  if (!value) throw invalidParameter(`Missing required parameter ${name}`)
  return value
}
