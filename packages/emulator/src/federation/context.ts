import type { ClockContext } from '../shared/clock.ts'
import type { TriggersContext } from '../triggers/context.ts'
import type { PersonaStore } from './personas.ts'
import type { ProviderVisits } from './provider-visits.ts'

export interface FederationContext extends ClockContext, TriggersContext {
  readonly endpoint: string
  readonly personas: PersonaStore
  readonly visits: ProviderVisits
}
