import type { TokensContext } from '../tokens/context.ts'
import type { AuthorizationCodes } from './authorization-codes.ts'

export interface OauthContext extends TokensContext {
  readonly codes: AuthorizationCodes
}
