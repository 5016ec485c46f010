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
      assertAllowed(place, flow)
      return await withSrp(call, place)
    case 'CUSTOM_AUTH':
      assertAllowed(place, place.client.allows('CUSTOM_AUTH_FLOW_ONLY') ? 'CUSTOM_AUTH_FLOW_ONLY' : flow)
      return await withCustomChallenges(call, place)
    case 'USER_AUTH':
      assertAllowed(place, flow)
      return await withChoice(call, place)
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

async function withSrp({ desk, input }: Call, place: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const [typed, srpA] = [parameter(given, 'USERNAME'), parameter(given, 'SRP_A')]
  place.client.checkSecretHash(typed, given.SECRET_HASH)
  const user = await recognise(desk, place, typed, input.texts('ClientMetadata'))
  return askForSrpProof({ desk, place, user, source: 'TokenGeneration_Authentication' }, srpA)
}

async function withChoice({ desk, input }: Call, place: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const typed = parameter(given, 'USERNAME')
  place.client.checkSecretHash(typed, given.SECRET_HASH)
  const user = await recognise(desk, place, typed, input.texts('ClientMetadata'))
  const entrance = { desk, place, user, source: 'TokenGeneration_Authentication' } as const
  const session = input.text('Session')
  return session === undefined
    ? await beginChoiceSignIn(entrance, given)
    : await signInFromSignUp(entrance, session, given)
}

async function withCustomChallenges({ desk, input }: Call, place: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  const typed = parameter(given, 'USERNAME')
  place.client.checkSecretHash(typed, given.SECRET_HASH)
  const metadata = input.texts('ClientMetadata')
  const user = await recognise(desk, place, typed, metadata)
  return await beginCustomSignIn({ desk, place, user, source: 'TokenGeneration_Authentication', metadata }, given)
}
