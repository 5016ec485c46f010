import type { QuirksContext } from '../quirks/quirks.ts'
import type { TriggerRunner } from './run.ts'

export interface TriggersContext extends QuirksContext {
  readonly triggers: TriggerRunner
}
