import type { ChallengeSessions } from './authentication/challenge-session.ts'
import type { PersonaStore } from './federation/personas.ts'
import type { ProviderVisits } from './federation/provider-visits.ts'
import type { Inbox } from './messages/inbox.ts'
import type { AuthorizationCodes } from './oauth/authorization-codes.ts'
import type { QuirkStore, Quirks } from './quirks/quirks.ts'
import type { Clock } from './shared/clock.ts'
import type { MovableClock } from './shared/movable-clock.ts'
import type { Account } from './state/account.ts'
import type { BrowserSessions } from './state/browser-sessions.ts'
import type { Pool } from './state/pool.ts'
import type { Sessions } from './state/sessions.ts'
import type { SigningKeys } from './tokens/signing-keys.ts'
import type { TriggerRunner } from './triggers/run.ts'

/** Everything one running emulator consists of; operations get it handed in and hold no state of their own. */
export interface EmulatorContext {
  readonly clock: Clock
  /** The same clock, for those who move it. */
  readonly time: MovableClock
  readonly region: string
  /** Known once the server listens. */
  readonly endpoint: string
  readonly quirks: QuirkStore
  readonly account: Account
  readonly sessions: Sessions
  readonly challenges: ChallengeSessions
  readonly inbox: Inbox
  readonly triggers: TriggerRunner
  readonly keys: SigningKeys
  readonly personas: PersonaStore
  readonly browsers: BrowserSessions
  readonly codes: AuthorizationCodes
  readonly visits: ProviderVisits
  /** Origins whose pages may put the hosted pages into a frame. */
  readonly frameAncestors: readonly string[]
}

export const quirksOf = (context: EmulatorContext, pool: Pool): Quirks => context.quirks.get(pool.id)
export const issuerOf = (context: EmulatorContext, pool: Pool): string => `${context.endpoint}/${pool.id}`
