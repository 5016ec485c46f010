import { parameter } from '../authentication/challenge-answer.ts'
import { beginChoiceSignIn, signInFromSignUp } from '../authentication/choice.ts'
import { beginCustomSignIn } from '../authentication/custom-challenge.ts'
import { recognise, signInWithPassword } from '../authentication/password.ts'
import { withRefreshToken } from '../authentication/refresh.ts'
import { askForSrpProof } from '../authentication/srp.ts'
import { invalidParameter } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
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
  const { context, input } = call
  const flow = flowIn(call)
  if (flow === 'USER_PASSWORD_AUTH') throw invalidParameter('Initiate Auth method not supported.')
  return authenticate(call, context.account.clientOf(input.need('UserPoolId'), input.need('ClientId')), flow)
}

function flowIn({ input }: Call): Flow {
  input.need('AuthFlow')
  return input.oneOf('AuthFlow', FLOWS) ?? 'USER_AUTH'
}

async function authenticate(call: Call, clientInPool: ClientInPool, flow: Flow): Promise<JsonRecord> {
  switch (flow) {
    case 'USER_PASSWORD_AUTH':
    case 'ADMIN_USER_PASSWORD_AUTH':
    case 'ADMIN_NO_SRP_AUTH':
      assertAllowed(clientInPool, flow)
      return await withPassword(call, clientInPool)
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      assertAllowed(clientInPool, 'REFRESH_TOKEN_AUTH')
      return await withRefreshToken(call, clientInPool)
    case 'USER_SRP_AUTH':
      assertAllowed(clientInPool, flow)
      return await withSrp(call, clientInPool)
    case 'CUSTOM_AUTH':
      assertAllowed(clientInPool, clientInPool.client.allows('CUSTOM_AUTH_FLOW_ONLY') ? 'CUSTOM_AUTH_FLOW_ONLY' : flow)
      return await withCustomChallenges(call, clientInPool)
    case 'USER_AUTH':
      assertAllowed(clientInPool, flow)
      return await withChoice(call, clientInPool)
    default:
      return flow satisfies never
  }
}

function assertAllowed({ client }: ClientInPool, flow: string): void {
  if (!client.allows(flow)) throw invalidParameter(`${flow} flow not enabled for this client`)
}

async function withPassword({ context, input }: Call, clientInPool: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const typed = parameter(given, 'USERNAME')
  const password = parameter(given, 'PASSWORD')
  clientInPool.client.checkSecretHash(typed, given.SECRET_HASH)
  return await signInWithPassword(context, clientInPool, { typed, password, metadata: input.texts('ClientMetadata') })
}

async function withSrp({ context, input }: Call, clientInPool: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const [typed, srpA] = [parameter(given, 'USERNAME'), parameter(given, 'SRP_A')]
  clientInPool.client.checkSecretHash(typed, given.SECRET_HASH)
  const user = await recognise(context, clientInPool, typed, input.texts('ClientMetadata'))
  return askForSrpProof({ context, clientInPool, user, source: 'TokenGeneration_Authentication' }, srpA)
}

async function withChoice({ context, input }: Call, clientInPool: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const typed = parameter(given, 'USERNAME')
  clientInPool.client.checkSecretHash(typed, given.SECRET_HASH)
  const user = await recognise(context, clientInPool, typed, input.texts('ClientMetadata'))
  const attempt = { context, clientInPool, user, source: 'TokenGeneration_Authentication' } as const
  const session = input.text('Session')
  return session === undefined
    ? await beginChoiceSignIn(attempt, given)
    : await signInFromSignUp(attempt, session, given)
}

async function withCustomChallenges({ context, input }: Call, clientInPool: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const typed = parameter(given, 'USERNAME')
  clientInPool.client.checkSecretHash(typed, given.SECRET_HASH)
  const metadata = input.texts('ClientMetadata')
  const user = await recognise(context, clientInPool, typed, metadata)
  return await beginCustomSignIn(
    { context, clientInPool, user, source: 'TokenGeneration_Authentication', metadata },
    given,
  )
}
