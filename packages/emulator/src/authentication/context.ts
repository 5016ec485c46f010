import type { MessagesContext } from '../messages/context.ts'
import type { TokensContext } from '../tokens/context.ts'
import type { ChallengeSessions } from './challenge-session.ts'

export interface AuthenticationContext extends MessagesContext, TokensContext {
  readonly challenges: ChallengeSessions
}
