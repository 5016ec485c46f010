import { invalidParameter } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { AppClient } from '../state/app-client.ts'
import { beginChoiceSignIn, signInFromSignUp } from './choice.ts'
import type { AuthenticationContext } from './context.ts'
import { beginCustomSignIn } from './custom-challenge.ts'
import { findUserForSignIn } from './find-user.ts'
import { signInWithPassword } from './password-sign-in.ts'
import { refreshTokens } from './refresh.ts'
import { type Answers, parameter, type SignInAttempt } from './sign-in-attempt.ts'
import { askForSrpProof } from './srp.ts'

export const FLOWS = [
  'USER_SRP_AUTH',
  'REFRESH_TOKEN_AUTH',
  'REFRESH_TOKEN',
  'CUSTOM_AUTH',
  'ADMIN_NO_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'ADMIN_USER_PASSWORD_AUTH',
  'USER_AUTH',
] as const
export type Flow = (typeof FLOWS)[number]

/** What InitiateAuth and AdminInitiateAuth are given. */
export interface AuthRequest {
  readonly flow: Flow
  readonly parameters: Answers
  readonly metadata: Readonly<Record<string, string>> | undefined
  readonly session: string | undefined
}

export async function initiate(
  context: AuthenticationContext,
  clientInPool: ClientInPool,
  request: AuthRequest,
): Promise<JsonRecord> {
  const { flow, parameters, metadata } = request
  assertAllowed(clientInPool, flow)
  switch (flow) {
    case 'USER_PASSWORD_AUTH':
    case 'ADMIN_USER_PASSWORD_AUTH':
    case 'ADMIN_NO_SRP_AUTH': {
      const [typed, password] = [parameter(parameters, 'USERNAME'), parameter(parameters, 'PASSWORD')]
      clientInPool.client.checkSecretHash(typed, parameters.SECRET_HASH)
      return await signInWithPassword(context, clientInPool, { typed, password, metadata })
    }
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      return await refreshTokens(context, clientInPool, parameters)
    case 'USER_SRP_AUTH': {
      const attempt = await beginAttempt(context, clientInPool, request, ['USERNAME', 'SRP_A'])
      return askForSrpProof(attempt, parameter(parameters, 'SRP_A'))
    }
    case 'CUSTOM_AUTH': {
      const attempt = await beginAttempt(context, clientInPool, request)
      return await beginCustomSignIn({ ...attempt, metadata }, parameters)
    }
    case 'USER_AUTH': {
      const attempt = await beginAttempt(context, clientInPool, request)
      return request.session === undefined
        ? await beginChoiceSignIn(attempt, parameters)
        : await signInFromSignUp(attempt, request.session, parameters)
    }
    default:
      return flow satisfies never
  }
}

function assertAllowed({ client }: ClientInPool, flow: Flow): void {
  const setting = settingFor(client, flow)
  if (!client.allows(setting)) throw invalidParameter(`${setting} flow not enabled for this client`)
}

/** Two flows may be allowed by a setting of another name (API reference: CreateUserPoolClient, ExplicitAuthFlows). */
function settingFor(client: AppClient, flow: Flow): string {
  if (flow === 'REFRESH_TOKEN') return 'REFRESH_TOKEN_AUTH'
  return flow === 'CUSTOM_AUTH' && client.allows('CUSTOM_AUTH_FLOW_ONLY') ? 'CUSTOM_AUTH_FLOW_ONLY' : flow
}

async function beginAttempt(
  context: AuthenticationContext,
  clientInPool: ClientInPool,
  { parameters, metadata }: AuthRequest,
  needed: readonly string[] = ['USERNAME'],
): Promise<SignInAttempt> {
  for (const name of needed) parameter(parameters, name)
  const typed = parameter(parameters, 'USERNAME')
  clientInPool.client.checkSecretHash(typed, parameters.SECRET_HASH)
  const user = await findUserForSignIn(context, clientInPool, typed, metadata)
  return { context, clientInPool, user, source: 'TokenGeneration_Authentication' }
}
