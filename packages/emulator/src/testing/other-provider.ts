import {
  CreateIdentityProviderCommand,
  type IdentityProviderTypeType,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Emulator } from '../index.ts'
import { CALLBACK, type OpenPool, openPool } from './open-pool.ts'

type Texts = Readonly<Record<string, string>>

export interface Provider {
  readonly name: string
  readonly type: IdentityProviderTypeType
  readonly details: Texts
  readonly mapping: Texts
}

/** A pool whose client knows, beside the password, one identity provider of any type. */
export async function poolWith(emulator: Emulator, { name, type, details, mapping }: Provider): Promise<OpenPool> {
  const pool = await openPool(emulator)
  const { UserPoolId, ClientId, sdk } = pool
  const provider = { UserPoolId, ProviderName: name, ProviderType: type, ProviderDetails: details }
  await sdk.send(new CreateIdentityProviderCommand({ ...provider, AttributeMapping: mapping }))
  await sdk.send(
    new UpdateUserPoolClientCommand({
      UserPoolId,
      ClientId,
      SupportedIdentityProviders: ['COGNITO', name],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code', 'implicit'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      CallbackURLs: [CALLBACK],
      LogoutURLs: ['http://localhost:3000/bye'],
    }),
  )
  return pool
}
