import { FLOWS, type Flow, initiate } from '../authentication/initiate.ts'
import { revokeRefreshToken, rotateRefreshToken } from '../authentication/refresh.ts'
import { refuseNotEmulated, respond } from '../authentication/respond.ts'
import { associate, verify } from '../authentication/software-token.ts'
import { invalidParameter } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import { type Call, clientOf, NOTHING, type Operation } from './operation.ts'

export const initiateAuth: Operation = (call) => {
  const flow = flowIn(call)
  if (flow.startsWith('ADMIN_')) throw invalidParameter('Initiate Auth method not supported.')
  return begin(call, clientOf(call), flow)
}

export const adminInitiateAuth: Operation = (call) => {
  const flow = flowIn(call)
  if (flow === 'USER_PASSWORD_AUTH') throw invalidParameter('Initiate Auth method not supported.')
  return begin(call, adminClientOf(call), flow)
}

function flowIn({ input }: Call): Flow {
  input.need('AuthFlow')
  return input.oneOf('AuthFlow', FLOWS) ?? 'USER_AUTH'
}

const adminClientOf = ({ context, input }: Call) =>
  context.account.clientOf(input.need('UserPoolId'), input.need('ClientId'))

function begin({ context, input }: Call, clientInPool: ClientInPool, flow: Flow): Promise<JsonRecord> {
  return initiate(context, clientInPool, {
    flow,
    parameters: input.texts('AuthParameters') ?? {},
    metadata: input.texts('ClientMetadata'),
    session: input.text('Session'),
  })
}

export const respondToAuthChallenge: Operation = (call) => answer(call, clientOf(call))

export const adminRespondToAuthChallenge: Operation = (call) => answer(call, adminClientOf(call))

function answer({ context, input }: Call, clientInPool: ClientInPool): Promise<JsonRecord> {
  const name = input.need('ChallengeName')
  refuseNotEmulated(name)
  return respond(context, clientInPool, {
    name,
    answers: input.texts('ChallengeResponses') ?? {},
    session: input.need('Session'),
    metadata: input.texts('ClientMetadata'),
  })
}

export const getTokensFromRefreshToken: Operation = (call) => {
  const { context, input } = call
  const token = input.need('RefreshToken')
  return rotateRefreshToken(context, clientOf(call), {
    token,
    secret: input.text('ClientSecret'),
    metadata: input.texts('ClientMetadata'),
  })
}

export const revokeToken: Operation = (call) => {
  const { context, input } = call
  const token = input.need('Token')
  revokeRefreshToken(context, clientOf(call), { token, secret: input.text('ClientSecret') })
  return NOTHING
}

export const associateSoftwareToken: Operation = ({ context, input }) =>
  associate(context, { accessToken: input.text('AccessToken'), session: input.text('Session') })

export const verifySoftwareToken: Operation = ({ context, input }) => {
  const code = input.need('UserCode')
  return verify(context, { accessToken: input.text('AccessToken'), session: input.text('Session') }, code)
}
