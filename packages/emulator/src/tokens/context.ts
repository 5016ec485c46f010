import type { ClockContext } from '../shared/clock.ts'
import type { Account } from '../state/account.ts'
import type { EndpointContext } from '../state/issuer.ts'
import type { Sessions } from '../state/sessions.ts'
import type { TriggersContext } from '../triggers/context.ts'
import type { SigningKeys } from './signing-keys.ts'

export interface TokensContext extends ClockContext, EndpointContext, TriggersContext {
  readonly account: Account
  readonly sessions: Sessions
  readonly keys: SigningKeys
}
