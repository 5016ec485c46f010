import { randomBytes, randomInt } from 'node:crypto'
import { DAY, epochSeconds, HOUR, MINUTE, SECOND } from '../shared/clock.ts'
import { CognitoFault, invalidParameter } from '../shared/faults.ts'
import { constraint, type Input } from '../shared/input.ts'
import { type JsonRecord, present } from '../shared/json.ts'
import type { AppClient, ClientSettings } from '../state/app-client.ts'
import type { Pool } from '../state/pool.ts'
import { type Call, NOTHING, type Operation, poolOf } from './operation.ts'
import { pageOf } from './paging.ts'

const DESCRIBED = [
  'ClientName',
  'RefreshTokenValidity',
  'AccessTokenValidity',
  'IdTokenValidity',
  'TokenValidityUnits',
  'ReadAttributes',
  'WriteAttributes',
  'ExplicitAuthFlows',
  'SupportedIdentityProviders',
  'CallbackURLs',
  'LogoutURLs',
  'DefaultRedirectURI',
  'AllowedOAuthFlows',
  'AllowedOAuthScopes',
  'AllowedOAuthFlowsUserPoolClient',
  'AnalyticsConfiguration',
  'PreventUserExistenceErrors',
  'EnableTokenRevocation',
  'EnablePropagateAdditionalUserContextData',
  'AuthSessionValidity',
  'RefreshTokenRotation',
]

const FLOWS = [
  'ALLOW_USER_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ADMIN_NO_SRP_AUTH',
  'CUSTOM_AUTH_FLOW_ONLY',
  'USER_PASSWORD_AUTH',
] as const
const DEFAULT_FLOWS = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH']
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

export const createUserPoolClient: Operation = (call) => {
  const pool = poolOf(call)
  const settings = settingsIn(call.input, pool, call.input.need('ClientName'))
  const id = Array.from({ length: 26 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  const secret = call.input.flag('GenerateSecret') ? randomBytes(38).toString('base64url') : undefined
  return { UserPoolClient: describe(call.context.account.addClient(pool, id, secret, settings, call.context.clock())) }
}

export const describeUserPoolClient: Operation = (call) => ({ UserPoolClient: describe(clientIn(call).client) })

export const listUserPoolClients: Operation = (call) => {
  const pool = poolOf(call)
  const ids = [...pool.clientIds]
  const { items, next } = pageOf(ids, call.input.number('MaxResults'), call.input.text('NextToken'))
  const clients = items.map((id) => call.context.account.client(id).client)
  const summaries = clients.map(({ id, settings }) => ({
    ClientId: id,
    UserPoolId: pool.id,
    ClientName: settings.name,
  }))
  return { UserPoolClients: summaries, ...(next && { NextToken: next }) }
}

export const updateUserPoolClient: Operation = (call) => {
  const { client, pool } = clientIn(call)
  client.settings = settingsIn(call.input, pool, call.input.text('ClientName') ?? client.settings.name)
  client.modifiedAt = call.context.clock()
  return { UserPoolClient: describe(client) }
}

export const deleteUserPoolClient: Operation = (call) => {
  call.context.account.removeClient(clientIn(call))
  return NOTHING
}

function clientIn({ context, input }: Call) {
  return context.account.clientOf(input.need('UserPoolId'), input.need('ClientId'))
}

function settingsIn(input: Input, pool: Pool, name: string): ClientSettings {
  const authFlows = input.someOf('ExplicitAuthFlows', FLOWS) ?? DEFAULT_FLOWS
  checkFlows(authFlows)
  const callbackUrls = input.list('CallbackURLs') ?? []
  const logoutUrls = input.list('LogoutURLs') ?? []
  for (const url of [...callbackUrls, ...logoutUrls]) checkUrl(url)
  const given = Object.fromEntries(DESCRIBED.map((key) => [key, input.fields[key]]))
  return {
    name,
    authFlows,
    readAttributes: knownAttributes(input, 'ReadAttributes', pool),
    writeAttributes: knownAttributes(input, 'WriteAttributes', pool),
    hidesUserExistence: input.oneOf('PreventUserExistenceErrors', ['LEGACY', 'ENABLED']) === 'ENABLED',
    accessTokenLifetime: lifetime(input, 'AccessToken', HOUR, 'hours'),
    idTokenLifetime: lifetime(input, 'IdToken', HOUR, 'hours'),
    refreshTokenLifetime: lifetime(input, 'RefreshToken', 30 * DAY, 'days'),
    authSessionLifetime: authSession(input),
    canRevokeTokens: input.flag('EnableTokenRevocation') ?? true,
    rotation: rotationIn(input),
    callbackUrls,
    logoutUrls,
    oauthFlows: input.someOf('AllowedOAuthFlows', ['code', 'implicit', 'client_credentials']) ?? [],
    oauthScopes: input.list('AllowedOAuthScopes') ?? [],
    isOauthClient: input.flag('AllowedOAuthFlowsUserPoolClient') ?? false,
    identityProviders: knownProviders(input, pool),
    described: present({ ...given, ClientName: name, ExplicitAuthFlows: authFlows }),
  }
}

function checkFlows(flows: readonly string[]): void {
  const modern = flows.filter((flow) => flow.startsWith('ALLOW_'))
  if (modern.length > 0 && modern.length < flows.length) {
    throw invalidParameter('Auth flows with and without the ALLOW_ prefix cannot be mixed.')
  }
}

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]']

/** Absolute, without fragment, https but for loopback; app schemes are allowed (API reference: CreateUserPoolClient). */
function checkUrl(text: string): void {
  const url = URL.parse(text)
  const isPlainHttpElsewhere = url?.protocol === 'http:' && !LOOPBACK_HOSTS.includes(url.hostname)
  if (!url || text.includes('#') || isPlainHttpElsewhere) throw invalidParameter(`${text} is not a valid redirect URL.`)
}

function knownAttributes(input: Input, field: string, pool: Pool): readonly string[] | undefined {
  const names = input.list(field)
  const unknown = names?.find((name) => !pool.schema.has(name))
  if (unknown) throw invalidParameter(`Invalid ${field} specified while creating a client: ${unknown}`)
  return names
}

function knownProviders(input: Input, pool: Pool): readonly string[] {
  const names = input.list('SupportedIdentityProviders') ?? []
  const unknown = names.find((name) => name !== 'COGNITO' && !pool.providers.has(name))
  if (!unknown) return names
  throw new CognitoFault('InvalidParameterException', `The provider ${unknown} does not exist for User Pool ${pool.id}`)
}

const UNITS = { seconds: SECOND, minutes: MINUTE, hours: HOUR, days: DAY } as const

function lifetime(input: Input, token: string, standard: number, standardUnit: keyof typeof UNITS): number {
  const amount = input.number(`${token}Validity`)
  const unit = input.part('TokenValidityUnits')?.oneOf(token, ['seconds', 'minutes', 'hours', 'days']) ?? standardUnit
  // 0 stands for the default (API reference: CreateUserPoolClient, RefreshTokenValidity).
  if (!amount) return standard
  const [least, most] = token === 'RefreshToken' ? [HOUR, 3_650 * DAY] : [5 * MINUTE, DAY]
  const asked = amount * UNITS[unit]
  if (asked < least || asked > most) throw invalidParameter(`Invalid range for token validity: ${token}.`)
  return asked
}

/** API reference: CreateUserPoolClient, AuthSessionValidity (3 to 15 minutes, 3 unless set). */
function authSession(input: Input): number {
  const minutes = input.number('AuthSessionValidity') ?? 3
  if (minutes < 3 || minutes > 15) throw constraint('AuthSessionValidity', 'Member must be between 3 and 15')
  return minutes * MINUTE
}

/** Developer Guide: …-using-the-refresh-token; a rotating client has no REFRESH_TOKEN_AUTH. */
function rotationIn(input: Input): ClientSettings['rotation'] {
  const given = input.part('RefreshTokenRotation')
  if (given?.oneOf('Feature', ['ENABLED', 'DISABLED']) !== 'ENABLED') return undefined
  if (input.list('ExplicitAuthFlows')?.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    throw invalidParameter('Refresh token rotation cannot be enabled together with ALLOW_REFRESH_TOKEN_AUTH.')
  }
  const seconds = given.number('RetryGracePeriodSeconds') ?? 0
  if (seconds < 0 || seconds > 60) throw constraint('RetryGracePeriodSeconds', 'Member must be between 0 and 60')
  return { graceMs: seconds * SECOND }
}

function describe(client: AppClient): JsonRecord {
  return {
    UserPoolId: client.poolId,
    ClientId: client.id,
    ...(client.secret !== undefined && { ClientSecret: client.secret }),
    RefreshTokenValidity: 30,
    TokenValidityUnits: {},
    AllowedOAuthFlowsUserPoolClient: false,
    EnableTokenRevocation: true,
    AuthSessionValidity: 3,
    ...client.settings.described,
    CreationDate: epochSeconds(client.createdAt),
    LastModifiedDate: epochSeconds(client.modifiedAt),
  }
}
