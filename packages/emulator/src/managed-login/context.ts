import type { FederationContext } from '../federation/context.ts'
import type { OauthContext } from '../oauth/context.ts'
import type { OperationsContext } from '../operations/context.ts'

export interface ManagedLoginContext extends FederationContext, OauthContext, OperationsContext {}
