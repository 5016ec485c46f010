import type { PersonaStore } from '../federation/personas.ts'
import type { QuirksContext } from '../quirks/quirks.ts'
import type { MovableClock } from '../shared/movable-clock.ts'
import type { Account } from '../state/account.ts'
import type { Sessions } from '../state/sessions.ts'

export interface SnapshotContext extends QuirksContext {
  readonly account: Account
  readonly sessions: Sessions
  readonly personas: PersonaStore
  /** The clock, for a restore to move. */
  readonly time: MovableClock
}
